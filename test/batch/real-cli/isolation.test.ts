/** What the model is sent for one prompt holds nothing of another, however its process was used before. */

import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type BatchOptions, type BatchOutcome, permission, runBatch } from "../../../src/index.js";
import {
  type ModelReply,
  type ModelResponder,
  promptOf,
  toolResultsOf,
  toolUse,
} from "../../../src/testing/index.js";
import { assertNothingLeft, type RealCli, startRealCli } from "../../support/real-cli.js";

/** What must not be met again: each first prompt has the CLI come across it. */
const SECRET = "marmalade-4711";

const isolation = suite("batch isolation on the real CLI");

const FIRST = "The first prompt.";
const SECOND = "The second prompt.";

/** A first prompt, and how to see what is left of it. */
interface Trial {
  readonly name: string;
  /** What the model does for the first prompt. */
  readonly first: readonly ModelReply[];
  /** What it does for the second, to look for traces; default: it answers. */
  readonly second?: readonly ModelReply[];
  readonly options?: BatchOptions;
  /** Whether `/clear` takes all of it away; otherwise the process must have been replaced. */
  readonly cleared: boolean;
  /** Looks at the outcomes and at what the second prompt's tools said. */
  check?(said: string, cli: RealCli): void;
}

const bash = (command: string, more: object = {}) =>
  toolUse("Bash", { command, description: "work", ...more });
const TOOLS = [
  "Bash",
  "Read",
  "Edit",
  "TaskCreate",
  "TaskList",
  "ToolSearch",
  "EnterWorktree",
  "CronCreate",
  "CronList",
];

const TRIALS: readonly Trial[] = [
  { name: "history", first: [`I was told ${SECRET}.`], cleared: true },
  {
    name: "a file that was read, and has changed since",
    first: [toolUse("Read", { file_path: "notes.txt" }), bash("echo changed >> notes.txt"), "read"],
    cleared: true,
  },
  {
    name: "a memory file beside a file that was read",
    first: [toolUse("Read", { file_path: "sub/a.txt" }), "read"],
    cleared: true,
  },
  {
    name: "a directory of the shell",
    first: [bash("cd sub && pwd"), "done"],
    second: [bash("pwd"), "done"],
    cleared: true,
    check: (said, cli) => assert.is(said.trim(), cli.offline.cwd),
  },
  {
    name: "variables of the shell",
    first: [bash(`export TRACE=${SECRET}; umask 077`), "done"],
    second: [bash("echo trace $TRACE"), "done"],
    cleared: true,
    check: (said) => assert.is(said.trim(), "trace"),
  },
  {
    name: "a list of tasks",
    first: [toolUse("TaskCreate", { subject: SECRET, description: SECRET }), "done"],
    second: [toolUse("TaskList", {}), "done"],
    cleared: true,
  },
  {
    name: "tools that were loaded",
    first: [toolUse("ToolSearch", { query: "select:CronCreate" }), "loaded"],
    cleared: true,
    check: (_, cli) => {
      const offered = (prompt: string) =>
        requestsOf(cli, prompt)
          .at(-1)
          ?.body.tools?.map(({ name }) => name);
      assert.ok(offered(FIRST)?.includes("CronCreate"));
      assert.not.ok(offered(SECOND)?.includes("CronCreate"));
    },
  },
  {
    name: "work in the background",
    first: [bash(`sleep 20; echo ${SECRET}`, { run_in_background: true }), "started"],
    cleared: false,
  },
  {
    name: "a worktree",
    first: [
      toolUse("ToolSearch", { query: "select:EnterWorktree" }),
      toolUse("EnterWorktree", { name: SECRET }),
      "entered",
    ],
    second: [bash("pwd"), "done"],
    cleared: false,
    check: (said, cli) => assert.is(said.trim(), cli.offline.cwd),
  },
  {
    name: "a prompt that was scheduled",
    first: [
      toolUse("ToolSearch", { query: "select:CronCreate,CronList" }),
      toolUse("CronCreate", { cron: "0 0 1 1 *", prompt: SECRET, recurring: true }),
      "scheduled",
    ],
    second: [toolUse("ToolSearch", { query: "select:CronCreate,CronList" }), toolUse("CronList", {}), "done"],
    cleared: false,
  },
];

for (const { name, first, second = ["done"], options, cleared, check } of TRIALS) {
  isolation(`${name} ${cleared ? "is cleared" : "costs the process"}`, async () => {
    await using cli = await startRealCli(script(first, second));
    prepare(cli);
    const builder = cli.builder.allowedTools(TOOLS);
    const { outcomes, started } = await inTurn(cli, { ...options, builder });
    assert.equal(
      outcomes.map(({ status }) => status),
      ["succeeded", "succeeded"],
    );
    assert.is(started, cleared ? 1 : 2, "processes");
    const traces = JSON.stringify(requestsOf(cli, FIRST)).includes(SECRET);
    assert.is(traces || !usesSecret(first), true, "the first prompt has not met the secret");
    assertClean(cli);
    const said = requestsOf(cli, SECOND).flatMap(toolResultsOf).at(-1) ?? "";
    check?.(said, cli);
  });
}

isolation("a permission that is remembered costs the process, one that is given once does not", async () => {
  for (const remember of [true, false]) {
    const touch = [bash("touch a.txt"), "done"];
    await using cli = await startRealCli(script(touch, touch));
    let asked = 0;
    const { outcomes, started } = await inTurn(cli, {
      builder: cli.builder,
      onToolApproval: (request) => {
        asked += 1;
        return remember ? permission.allowAndRemember(request) : permission.allow(request);
      },
    });
    assert.equal(
      outcomes.map(({ status }) => status),
      ["succeeded", "succeeded"],
    );
    assert.is(started, remember ? 2 : 1, "processes");
    // What is remembered for the project, in its settings file, is meant to last; the mode of the session is not.
    if (!remember) assert.is(asked, 2);
  }
});

isolation("a command that changes the session costs the process", async () => {
  await using cli = await startRealCli(["a", "b"]);
  const run = runBatch(["/model haiku", SECOND], { builder: cli.builder, concurrency: 1 });
  const outcomes = await toList(run);
  assert.is(outcomes[0]?.status, "succeeded");
  assert.is(run.stats().processes.started, 2);
  assert.not.match(requestsOf(cli, SECOND)[0]?.body.model ?? "", /haiku/);
});

isolation("without commands there is no /clear: each prompt has its own process", async () => {
  await using cli = await startRealCli([`It is ${SECRET}.`, "done"]);
  const { started } = await inTurn(cli, { builder: cli.builder.disableSlashCommands() });
  assert.is(started, 2);
  assertClean(cli);
});

isolation("prompts of other launches: each is asked as it says", async () => {
  await using cli = await startRealCli((request) => promptOf(request));
  const prompts = [
    { prompt: "plain" },
    { prompt: "short", systemPrompt: "Be short." },
    { prompt: "plain again" },
    { prompt: "small", model: "haiku" },
  ];
  const outcomes = await toList(runBatch(prompts, { builder: cli.builder.lean(), concurrency: 1 }));
  assert.equal(outcomes.map(({ text }) => text).sort(), prompts.map(({ prompt }) => prompt).sort());
  const asked = (prompt: string) => requestsOf(cli, prompt).at(-1)?.body;
  assert.ok(JSON.stringify(asked("short")?.system).includes("Be short."));
  assert.not.ok(JSON.stringify(asked("plain again")?.system).includes("Be short."));
  assert.match(asked("small")?.model ?? "", /haiku/);
});

isolation("a process per prompt: the model sees a fresh one each time", async () => {
  await using cli = await startRealCli([`It is ${SECRET}.`, "done"]);
  const { started } = await inTurn(cli, { builder: cli.builder, isolation: "process" });
  assert.is(started, 2);
  assertClean(cli);
});

isolation("nothing is left running", assertNothingLeft);

isolation.run();

/** The replies by the step within the turn; some tools add texts of their own, so rules would miss the prompt. */
function script(first: readonly ModelReply[], second: readonly ModelReply[]): ModelResponder {
  return ({ body: { messages } }) => {
    const replies = JSON.stringify(messages).includes(SECOND) ? second : first;
    return replies[messages.filter(({ role }) => role === "assistant").length] ?? "There is no such step.";
  };
}

/** A repository with a secret in its files. */
function prepare({ offline: { cwd } }: RealCli): void {
  mkdirSync(join(cwd, "sub"));
  writeFileSync(join(cwd, "notes.txt"), `${SECRET}\n`);
  writeFileSync(join(cwd, "sub/a.txt"), "nothing\n");
  writeFileSync(join(cwd, "sub/CLAUDE.md"), `Always mention ${SECRET}.\n`);
  const git = (...args: string[]) =>
    execFileSync("git", args, { cwd, env: { PATH: process.env.PATH ?? "" } });
  git("init", "--quiet");
  git(
    "-c",
    "user.name=n",
    "-c",
    "user.email=n@example.org",
    "commit",
    "--quiet",
    "--allow-empty",
    "--message=m",
  );
}

/** Asks the first prompt, and the second when it is answered. */
async function inTurn(
  _cli: RealCli,
  options: BatchOptions,
): Promise<{ readonly outcomes: BatchOutcome[]; readonly started: number }> {
  const run = runBatch([FIRST, SECOND], { ...options, concurrency: 1, order: "input" });
  return { outcomes: await toList(run), started: run.stats().processes.started };
}

async function toList(run: AsyncIterable<BatchOutcome>): Promise<BatchOutcome[]> {
  const outcomes: BatchOutcome[] = [];
  for await (const outcome of run) outcomes.push(outcome);
  return outcomes;
}

function requestsOf({ model }: RealCli, prompt: string) {
  return model.mainRequests.filter(({ body }) => JSON.stringify(body.messages).includes(prompt));
}

/** The second prompt was asked, and with it nothing that belongs to the first. */
function assertClean(cli: RealCli): void {
  const requests = requestsOf(cli, SECOND);
  assert.ok(requests.length > 0, "the second prompt was not asked");
  for (const { body } of requests) {
    for (const trace of [SECRET, FIRST]) assert.not.ok(JSON.stringify(body).includes(trace), trace);
  }
}

function usesSecret(replies: readonly ModelReply[]): boolean {
  return JSON.stringify(replies.slice(0, -1)).includes(SECRET);
}
