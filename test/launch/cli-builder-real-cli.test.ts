import { randomUUID } from "node:crypto";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { FIXED_ARGS, type FlagName, flagNames, flagOf } from "../../src/launch/flags.js";
import { ClaudeCliBuilder } from "../../src/launch/index.js";
import { runRealCli } from "./real-cli.js";

/** What the CLI's argument parser says when it does not like a command line. */
const COMPLAINT = /unknown option|argument missing|is invalid|too many arguments/;

const start = new ClaudeCliBuilder();

/** Every flag that can be on one command line together, with values that the CLI accepts offline. */
const together = start
  .name("-n")
  .noSessionPersistence()
  .sessionMirror()
  .forkSession()
  .model("sonnet")
  .fallbackModel("opus", "haiku")
  .effort("low")
  .thinking("adaptive")
  .thinkingDisplay("omitted")
  .maxThinkingTokens(2000)
  .maxTurns(3)
  .maxBudgetUsd(0.5)
  .taskBudget(50_000)
  .autocompact("auto")
  .betas("context-1m-2025-08-07")
  .agent("reviewer")
  .agents({ reviewer: { description: "-d", prompt: "--p" } })
  .jsonSchema({ type: "object", properties: {} })
  .systemPrompt("--system\n-prompt")
  .appendSystemPrompt("--append")
  .systemPromptSnapshot("off")
  .excludeDynamicSystemPromptSections()
  .tools("Bash", "Read")
  .allowedTools("Read", "Bash(git log, --oneline *)")
  .disallowedTools("Edit", "Write")
  .permissionMode("acceptEdits")
  .permissionPrompts("none")
  .permissionPromptTool("stdio")
  .restricted()
  .addDirectories("/tmp")
  .mcpConfig({ mcpServers: {} })
  .strictMcpConfig()
  .pluginDir("/nowhere/a", "/nowhere/b")
  .pluginDirNoMcp("/nowhere/c")
  .pluginUrl("http://127.0.0.1:9/x.zip")
  .disableSlashCommands()
  .settings({ permissions: { allow: [] } })
  .settingSources("user", "project")
  .managedSettings({})
  .projectConfigRoot("/tmp")
  .bare()
  .safeMode()
  .brief()
  .ide()
  .chrome(false)
  .axScreenReader()
  .remoteControlSessionNamePrefix("p")
  .includePartialMessages()
  .includeHookEvents()
  .forwardSubagentText()
  .replayUserMessages()
  .promptSuggestions("off")
  .debug("api")
  .debugFile("debug.log")
  .prompt("--dangerously-skip-permissions");

/** The others, each on a command line of its own: they need a past session, a file, a login, or another flag. */
const ALONE: ReadonlyArray<readonly [FlagName, ClaudeCliBuilder]> = [
  ["continue", start.continueConversation()],
  ["resume", start.resume(randomUUID())],
  ["resume-session-at", start.resume(randomUUID()).resumeSessionAt(randomUUID())],
  [
    "resume-drops-turn",
    start.resume(randomUUID()).resumeSessionAt(randomUUID()).resumeDropsTurn(randomUUID()),
  ],
  ["from-pr", start.fromPr(1)],
  ["teleport", start.teleport("session_01")],
  ["worktree", start.worktree("topic")],
  ["system-prompt-file", start.systemPromptFile("missing.md")],
  ["append-system-prompt-file", start.appendSystemPromptFile("missing.md")],
  ["dangerously-skip-permissions", start.dangerouslySkipPermissions()],
  ["allow-dangerously-skip-permissions", start.allowDangerouslySkipPermissions()],
  ["file", start.file("file_x:a.txt")],
  ["chrome", start.chrome()],
  ["remote-control", start.remoteControl("-x")],
];

const real = suite("ClaudeCliBuilder on the real CLI");

real("every flag is in one of the two lists of this test", () => {
  const args = [together, ...ALONE.map(([, builder]) => builder)].flatMap((builder) => builder.build().args);
  const used = new Set(args.map((item) => item.slice(2).split("=", 1)[0]));
  assert.equal(
    flagNames().filter((name) => flagOf(name).method !== undefined && !used.has(name)),
    [],
  );
});

real("accepts all that can be combined", async () => {
  const { exitCode, stderr } = await runRealCli(together.build().args);
  assert.not.match(stderr, COMPLAINT);
  assert.is(exitCode, 0, stderr);
});

for (const [name, builder] of ALONE) {
  real(`the argument parser takes --${name}`, async () => {
    assert.not.match((await runRealCli(builder.build().args)).stderr, COMPLAINT);
  });
}

real("complains about what it does not know, so that the tests above can fail", async () => {
  assert.match((await runRealCli(start.arg("no-such-flag").build().args)).stderr, COMPLAINT);
});

real("the session has the id that was asked for", async () => {
  const spec = start.build();
  assert.is((await runRealCli(spec.args, { ask: true })).init?.session_id, spec.sessionId);
});

const toolsOf = async (builder: ClaudeCliBuilder) =>
  (await runRealCli(builder.build().args, { ask: true })).init?.tools as string[];

real("list items arrive one by one, and swallow nothing", async () => {
  assert.equal(await toolsOf(start.tools("Bash", "Read")), ["Bash", "Read"]);
  assert.equal(await toolsOf(start.tools()), []);
  assert.equal(await toolsOf(start.tools("Bash", "Read", "Edit").disallowedTools("Edit", "Bash(a, b)")), [
    "Bash",
    "Read",
  ]);
});

real("would split an item at a comma or space outside parentheses, as checkToolRules assumes", async () => {
  const all = start.tools("Bash", "Read", "Edit");
  for (const [item, left] of [
    ["Bash Read", ["Edit"]],
    ["Bash,Read", ["Edit"]],
    ["Bash(x), Read", ["Bash", "Edit"]],
    ["Bash(a (b) , Read", ["Bash", "Edit"]],
    ["Bash(a, Read)", ["Bash", "Read", "Edit"]],
    ["Read\tEdit", ["Bash", "Read", "Edit"]],
  ] as const) {
    const tools = await toolsOf(all.arg("disallowed-tools", item));
    assert.equal([...tools].sort(), [...left].sort(), item);
  }
});

real("a prompt that looks like a flag is none, and no list swallows it", async () => {
  const builder = start.tools("Bash").permissionMode("acceptEdits").prompt("--permission-mode=plan");
  const { init, stderr } = await runRealCli(builder.build().args, { ask: true });
  assert.not.match(stderr, COMPLAINT);
  assert.is(init?.permissionMode, "acceptEdits");
  assert.equal(init?.tools, ["Bash"]);
});

real(
  "is deaf on stdin with the bare word mcp on its command line, which prompt() therefore refuses",
  async () => {
    const { stdout } = await runRealCli([...FIXED_ARGS, "--replay-user-messages", "--", "mcp"], {
      ask: true,
    });
    assert.not.match(stdout, /"text":"hi"/);
    const heard = await runRealCli([...FIXED_ARGS, "--replay-user-messages", "--agent=mcp"], { ask: true });
    assert.match(heard.stdout, /"text":"hi"/);
  },
);

real(
  "exits without a word when a debugger is in NODE_OPTIONS, which the builder therefore leaves out",
  async () => {
    const run = await runRealCli(start.build().args, { env: { NODE_OPTIONS: "--inspect-brk=0" } });
    assert.equal([run.exitCode, run.stdout, run.stderr], [1, "", ""]);
  },
);

real.run();
