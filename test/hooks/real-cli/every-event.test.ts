import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import * as permission from "../../../src/client/permission.js";
import {
  HOOK_EVENTS,
  type HookEvent,
  type HookInput,
  type Hooks,
  hookInputSchemas,
} from "../../../src/index.js";
import { check } from "../../../src/protocol/validation.js";
import { apiError, type ModelRule, type OfflineEnv, toolUse } from "../../../src/testing/index.js";
import { answerOf, bash, ECHO } from "../../client/real-cli/turns.js";
import { assertNothingLeft, startRealCli, until } from "../../support/real-cli.js";

const events = suite("every hook event on the real CLI");

/**
 * What does not come in a conversation offline (CLI 2.1.330): `Setup` is over before hooks are registered, `CwdChanged`
 * does not follow a `cd` of Bash, `PermissionDenied` wants a classifier, `TeammateIdle` a team.
 */
const ABSENT: readonly string[] = ["Setup", "CwdChanged", "PermissionDenied", "TeammateIdle"];

const ASKING_SERVER = fileURLToPath(new URL("../../support/corpus/mcp-server.js", import.meta.url));

const SCRIPT: readonly ModelRule[] = [
  {
    when: /^work$/,
    reply: [
      bash("echo one"),
      bash("exit 3"),
      bash("touch made"),
      toolUse("TaskCreate", { subject: "a task", description: "to be done" }),
      toolUse("TaskUpdate", { taskId: "1", status: "completed" }),
      toolUse("Agent", { description: "help", prompt: "help me", subagent_type: "general-purpose" }),
      toolUse("mcp__asking__ask", {}),
      toolUse("EnterWorktree", { name: "aside" }),
      toolUse("ExitWorktree", { action: "remove", discard_changes: true }),
      "finished",
    ],
  },
  { when: /^break$/, reply: apiError(400) },
  ECHO,
];

/** A repository with a command and instructions of its own. */
function prepare({ cwd, env }: OfflineEnv): (...args: string[]) => void {
  const git = (...args: string[]): void => {
    const author = ["-c", "user.name=test", "-c", "user.email=test@example.com"];
    execFileSync("git", [...author, ...args], { cwd, env, stdio: "ignore" });
  };
  writeFileSync(join(cwd, "CLAUDE.md"), "Notes on the project.\n");
  writeFileSync(join(cwd, "watched.txt"), "first\n");
  mkdirSync(join(cwd, ".claude", "commands"), { recursive: true });
  writeFileSync(join(cwd, ".claude", "commands", "greet.md"), "Say hello to $ARGUMENTS\n");
  git("init", "--quiet");
  git("add", ".");
  git("commit", "--quiet", "--message=first");
  return git;
}

events("can be registered, and those that a conversation brings about fit their types", async () => {
  await using cli = await startRealCli(SCRIPT, { env: { CLAUDE_CODE_DISABLE_BACKGROUND_TASKS: "1" } });
  const { cwd, tmp } = cli.offline;
  const git = prepare(cli.offline);
  const seen: HookInput[] = [];
  const note = (input: HookInput): void => void seen.push(input);
  const has = (event: HookEvent) => seen.some(({ hook_event_name }) => hook_event_name === event);
  const worktreePath = join(tmp, "aside");
  const hooks: Hooks = {
    ...(Object.fromEntries(HOOK_EVENTS.map((event) => [event, note])) as Hooks),
    SessionStart: (input) => {
      note(input);
      const watchPaths = [join(cwd, "watched.txt")];
      return { hookSpecificOutput: { hookEventName: "SessionStart", watchPaths } };
    },
    // Replaces what the CLI does of itself.
    WorktreeCreate: (input) => {
      note(input);
      git("worktree", "add", "--quiet", worktreePath);
      return { hookSpecificOutput: { hookEventName: "WorktreeCreate", worktreePath } };
    },
  };
  const client = await cli.open({
    // Allowing them by name also switches the task list on.
    launch: (builder) => builder.allowedTools("TaskCreate", "TaskUpdate"),
    hooks,
    mcpServers: { asking: { type: "stdio", command: process.execPath, args: [ASKING_SERVER] } },
    onElicitation: () => ({ action: "accept", content: { name: "somebody" } }),
    onToolApproval: (request) => permission.allow(request),
  });
  assert.is(answerOf(await client.query("work")), "finished");
  await client.query("/greet somebody");
  await client.query("break");
  await client.setModel("haiku");
  await client.files.addRoot(join(cwd, ".claude"));
  await client.query("/compact");
  await client.query("/clear");
  const touched = async (event: HookEvent, touch: (text: string) => void) => {
    let polls = 0;
    await until(event, () => {
      // Seldom: the CLI waits until a file has come to rest. Again, as its watch may begin after the first time.
      if (polls % 100 === 0) touch(String(polls));
      polls += 1;
      return has(event);
    });
  };
  await touched("FileChanged", (text) => writeFileSync(join(cwd, "watched.txt"), text));
  await touched("ConfigChange", (WRITTEN) =>
    writeFileSync(join(cwd, ".claude", "settings.json"), JSON.stringify({ env: { WRITTEN } })),
  );
  assert.equal(
    HOOK_EVENTS.filter((event) => !has(event)),
    HOOK_EVENTS.filter((event) => ABSENT.includes(event)),
  );
  for (const input of seen) {
    const schema = Object.entries(hookInputSchemas).find(([event]) => event === input.hook_event_name)?.[1];
    if (schema === undefined) throw new Error(`unknown event ${input.hook_event_name}`);
    assert.equal(check(schema, input), [], JSON.stringify(input));
    const fields = Object.keys(input).filter((field) => !Object.hasOwn(schema.entries, field));
    assert.equal(fields, [], `${input.hook_event_name} has fields that are not modelled`);
    assert.type(input.cwd, "string");
  }
});

events("leave no process behind", assertNothingLeft);

events.run();
