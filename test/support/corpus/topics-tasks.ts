/** Tasks, background work, subagents, hooks. */

import {
  apiError,
  type ModelReply,
  type ModelRequest,
  reply,
  stepOf,
  toolUse,
} from "../../../src/testing/index.js";
import type { Recorder } from "./recorder.js";
import { allow, askAll, call, callBash, caller, requestOf, run, type Topic } from "./topic.js";

const ASIDE = { run_in_background: true };

async function workAside(cli: Recorder): Promise<void> {
  await askAll(cli, [
    call("TaskCreate", { subject: "s", description: "d" }),
    call("TaskGet", { taskId: "1" }),
    call("TaskUpdate", { taskId: "1", status: "in_progress" }),
    call("TaskList", {}),
    callBash("sleep 0.3; echo late", ASIDE),
  ]);
  await cli.frame(({ subtype }) => subtype === "task_notification");
  await cli.ask(callBash("exit 3", ASIDE));
  await cli.ask(callBash("tail -f /dev/null", ASIDE));
  const started = cli.lines.findLast(({ frame }) => frame.subtype === "task_started")?.frame;
  await cli.request("get_task_output", { task_id: started?.task_id });
  await cli.request("stop_task", { task_id: started?.task_id });
  await cli.pause(600);
  await askAll(cli, [call("Monitor", { command: "echo one; echo two", description: "watch" })]);
  await cli.pause(600);
}

const tasks: Topic = {
  name: "tasks",
  runs: [
    run({ flags: allow("Bash,Monitor,TaskCreate,TaskGet,TaskList,TaskUpdate"), script: caller }, workAside),
    run({ flags: allow("Bash"), script: caller }, async (cli) => {
      const working = cli.ask(callBash("while :; do sleep 0.2; done"));
      // Only a command that has run for a while can be sent to the background.
      await cli.frame(({ subtype }) => subtype === "task_started");
      await cli.request("background_tasks");
      await working;
    }),
  ],
};

const callAgent = (more: object = {}): string =>
  call("Agent", { description: "d", prompt: "sub task", subagent_type: "general-purpose", ...more });

/** Its subagents run a command before they answer. */
function delegating(request: ModelRequest): ModelReply {
  if (request.agentId === undefined) return caller(request);
  const command = toolUse("Bash", { command: "echo hi", description: "a command" });
  return stepOf(request) === 0 ? reply(["looking", command]) : "sub answer";
}

/** The first request of its subagents fails. */
function failingFirst(): (request: ModelRequest) => ModelReply {
  let failed = false;
  return (request) => {
    if (request.agentId === undefined) return caller(request);
    if (failed) return "sub answer";
    failed = true;
    return apiError(529);
  };
}

const FOREGROUND = { CLAUDE_CODE_DISABLE_BACKGROUND_TASKS: "1" };
const subagents: Topic = {
  name: "subagents",
  runs: [
    run(
      {
        flags: [...allow("Task,Agent,Bash"), "--forward-subagent-text", "--include-partial-messages"],
        env: FOREGROUND,
        script: delegating,
      },
      async (cli) => {
        await cli.request("initialize", { agentProgressSummaries: true, forwardSubagentText: true });
        await askAll(cli, [callAgent()]);
      },
    ),
    run({ flags: allow("Task,Agent,Bash"), script: delegating }, async (cli) => {
      await askAll(cli, [callAgent(ASIDE)]);
      await cli.pause(1_000);
    }),
    run({ flags: allow("Task,Agent"), env: FOREGROUND, script: failingFirst() }, (cli) =>
      cli.ask(callAgent()),
    ),
  ],
};

const command = (line: string) => ({ hooks: [{ type: "command", command: line }] });
const SETTINGS = {
  hooks: {
    SessionStart: [command("echo started")],
    PreToolUse: [{ matcher: "Bash", ...command("echo looked >&2; sleep 1.5; echo more") }],
    PostToolUse: [command("exit 1")],
    UserPromptSubmit: [command(`echo '{"systemMessage":"mind the step"}'`)],
    Stop: [command(`echo '{"continue":false,"stopReason":"enough"}'`)],
  },
};

const CALLBACK_EVENTS = [
  ...["PreToolUse", "PostToolUse", "PostToolUseFailure", "PostToolBatch", "PermissionDenied"],
  ...["UserPromptSubmit", "Stop", "SubagentStop", "PreCompact", "PostCompact", "Notification"],
  ...["SessionStart", "SessionEnd", "MessageDisplay"],
];

const NOT_THAT = {
  hookEventName: "PreToolUse",
  permissionDecision: "deny",
  permissionDecisionReason: "not that",
};

const hooks: Topic = {
  name: "hooks",
  runs: [
    run(
      {
        flags: [...allow("Bash"), "--include-hook-events", `--settings=${JSON.stringify(SETTINGS)}`],
        script: caller,
      },
      (cli) => cli.ask(callBash("echo hi")),
    ),
    run(
      {
        flags: allow("Bash"),
        script: caller,
        answer: (frame) => {
          const { callback_id, input } = requestOf(frame);
          const forbidden = callback_id === "on-PreToolUse" && JSON.stringify(input).includes("forbidden");
          return forbidden ? { hookSpecificOutput: NOT_THAT } : {};
        },
      },
      async (cli) => {
        const entries = CALLBACK_EVENTS.map((event) => [event, [{ hookCallbackIds: [`on-${event}`] }]]);
        await cli.request("initialize", { hooks: Object.fromEntries(entries) });
        await askAll(cli, [callBash("echo hi"), callBash("exit 3"), callBash("echo forbidden"), "/compact"]);
      },
    ),
  ],
};

/** Topics about work beside the main thread. */
export const TASK_TOPICS: readonly Topic[] = [tasks, subagents, hooks];
