import { inspect } from "node:util";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type ClaudeError, isClaudeError } from "../../src/errors.js";
import { FIXED_ARGS, flagNames, flagOf } from "../../src/launch/flags.js";
import { ClaudeCliBuilder, type LaunchSpec } from "../../src/launch/index.js";
import { PLAIN_HOST, withHostEnv } from "./host-env.js";

const OLD = "0b5a3f6e-3c39-4e0e-9f0a-5f0f3f1c2d11";
const NEW = "d9a1c2b4-7e11-4a40-8b67-1f2e3d4c5b6a";
const UUID_V4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

type Change = (builder: ClaudeCliBuilder) => ClaudeCliBuilder;

const start = new ClaudeCliBuilder();
const build = (change: Change): LaunchSpec => withHostEnv(PLAIN_HOST, () => change(start).build());
/** What a change adds to the command line, beside the fixed flags and the session id. */
const added = (change: Change): string[] =>
  build(change).args.filter((item) => !FIXED_ARGS.includes(item) && !item.startsWith("--session-id="));

function refuses(change: () => unknown, message: RegExp): void {
  let thrown: unknown;
  try {
    change();
  } catch (error) {
    thrown = error;
  }
  assert.ok(isClaudeError(thrown), `nothing was refused, though ${message} was expected`);
  const error = thrown as ClaudeError;
  assert.is(error.code, "INVALID_ARGUMENT");
  assert.match(error.message, message);
}

const methods = suite("ClaudeCliBuilder: method to argv");

const ROWS: ReadonlyArray<readonly [Change, readonly string[]]> = [
  [(b) => b.continueConversation(), ["--continue"]],
  [(b) => b.resume(OLD), [`--resume=${OLD}`]],
  [(b) => b.resume("a title"), ["--resume=a title"]],
  [(b) => b.forkFrom(OLD), [`--resume=${OLD}`, "--fork-session"]],
  [(b) => b.continueConversation().forkSession(), ["--continue", "--fork-session"]],
  [(b) => b.resume(OLD).resumeSessionAt("m"), [`--resume=${OLD}`, "--resume-session-at=m"]],
  [
    (b) => b.resume(OLD).resumeSessionAt("m").resumeDropsTurn("t"),
    [`--resume=${OLD}`, "--resume-session-at=m", "--resume-drops-turn=t"],
  ],
  [(b) => b.fromPr(), ["--from-pr"]],
  [(b) => b.fromPr(12), ["--from-pr=12"]],
  [(b) => b.teleport("session_1"), ["--teleport=session_1"]],
  [(b) => b.name("-x"), ["--name=-x"]],
  [(b) => b.worktree(), ["--worktree"]],
  [(b) => b.worktree("topic"), ["--worktree=topic"]],
  [(b) => b.worktree().worktree(false), []],
  [(b) => b.noSessionPersistence(), ["--no-session-persistence"]],
  [(b) => b.sessionMirror(), ["--session-mirror"]],
  [(b) => b.model("sonnet"), ["--model=sonnet"]],
  [(b) => b.model("sonnet").model("opus"), ["--model=opus"]],
  [(b) => b.fallbackModel("a", "b"), ["--fallback-model=a,b"]],
  [(b) => b.fallbackModel(["a"]), ["--fallback-model=a"]],
  [(b) => b.effort("low"), ["--effort=low"]],
  [(b) => b.thinking("disabled"), ["--thinking=disabled"]],
  [(b) => b.thinkingDisplay("omitted"), ["--thinking-display=omitted"]],
  [(b) => b.maxThinkingTokens(0), ["--max-thinking-tokens=0"]],
  [(b) => b.maxTurns(3), ["--max-turns=3"]],
  [(b) => b.maxBudgetUsd(0.25), ["--max-budget-usd=0.25"]],
  [(b) => b.taskBudget(1000), ["--task-budget=1000"]],
  [(b) => b.autocompact("auto"), ["--autocompact=auto"]],
  [(b) => b.autocompact(200_000), ["--autocompact=200000"]],
  [(b) => b.betas("x", "y"), ["--betas=x", "--betas=y"]],
  [(b) => b.agent("reviewer"), ["--agent=reviewer"]],
  [(b) => b.agents({ a: { description: "d" } }), ['--agents={"a":{"description":"d"}}']],
  [(b) => b.agents("./agents.json"), ["--agents=./agents.json"]],
  [(b) => b.jsonSchema({ type: "object" }), ['--json-schema={"type":"object"}']],
  [(b) => b.systemPrompt(""), ["--system-prompt="]],
  [(b) => b.systemPrompt("-p\n--x"), ["--system-prompt=-p\n--x"]],
  [(b) => b.systemPromptFile("p.md"), ["--system-prompt-file=p.md"]],
  [(b) => b.appendSystemPrompt("more"), ["--append-system-prompt=more"]],
  [(b) => b.appendSystemPromptFile("p.md"), ["--append-system-prompt-file=p.md"]],
  [(b) => b.systemPromptSnapshot("off"), ["--system-prompt-snapshot=off"]],
  [(b) => b.excludeDynamicSystemPromptSections(), ["--exclude-dynamic-system-prompt-sections"]],
  [(b) => b.tools("Bash", "Read"), ["--tools=Bash,Read"]],
  [(b) => b.tools("Bash").tools(["Read"]), ["--tools=Read"]],
  [(b) => b.tools(), ["--tools="]],
  [
    (b) => b.allowedTools(["Read", "Bash(git log, *)"]),
    ["--allowed-tools=Read", "--allowed-tools=Bash(git log, *)"],
  ],
  [(b) => b.allowedTools("Read").allowedTools(["Grep"]), ["--allowed-tools=Read", "--allowed-tools=Grep"]],
  [(b) => b.allowedTools([]), []],
  [(b) => b.disallowedTools("Edit"), ["--disallowed-tools=Edit"]],
  [(b) => b.permissionMode("acceptEdits"), ["--permission-mode=acceptEdits"]],
  [(b) => b.permissionMode("invented"), ["--permission-mode=invented"]],
  [(b) => b.permissionPrompts("none"), ["--permission-prompts=none"]],
  [(b) => b.permissionPromptTool("stdio"), ["--permission-prompt-tool=stdio"]],
  [(b) => b.dangerouslySkipPermissions(), ["--dangerously-skip-permissions"]],
  [(b) => b.dangerouslySkipPermissions().dangerouslySkipPermissions(false), []],
  [(b) => b.allowDangerouslySkipPermissions(), ["--allow-dangerously-skip-permissions"]],
  [(b) => b.restricted(), ["--restricted"]],
  [(b) => b.addDirectories("a b", "--c"), ["--add-dir=a b", "--add-dir=--c"]],
  [
    (b) => b.mcpConfig({ mcpServers: {} }, "mcp.json"),
    ['--mcp-config={"mcpServers":{}}', "--mcp-config=mcp.json"],
  ],
  [(b) => b.mcpConfig(["a.json", "b.json"]), ["--mcp-config=a.json", "--mcp-config=b.json"]],
  [(b) => b.strictMcpConfig(), ["--strict-mcp-config"]],
  [(b) => b.pluginDir("a", "b"), ["--plugin-dir=a", "--plugin-dir=b"]],
  [(b) => b.pluginDirNoMcp("a"), ["--plugin-dir-no-mcp=a"]],
  [(b) => b.pluginUrl("http://x"), ["--plugin-url=http://x"]],
  [(b) => b.disableSlashCommands(), ["--disable-slash-commands"]],
  [(b) => b.chrome(), ["--chrome"]],
  [(b) => b.chrome().chrome(false), ["--no-chrome"]],
  [(b) => b.settings({ a: 1 }), ['--settings={"a":1}']],
  [(b) => b.settings("s.json"), ["--settings=s.json"]],
  [(b) => b.settingSources("user", "project"), ["--setting-sources=user,project"]],
  [(b) => b.settingSources(), ["--setting-sources="]],
  [(b) => b.managedSettings({}), ["--managed-settings={}"]],
  [(b) => b.projectConfigRoot("/r"), ["--project-config-root=/r"]],
  [(b) => b.bare(), ["--bare"]],
  [(b) => b.safeMode(), ["--safe-mode"]],
  [(b) => b.file("f:a.txt"), ["--file=f:a.txt"]],
  [(b) => b.brief(), ["--brief"]],
  [(b) => b.ide(), ["--ide"]],
  [(b) => b.axScreenReader(), ["--ax-screen-reader"]],
  [(b) => b.remoteControl(), ["--remote-control"]],
  [(b) => b.remoteControl("desk"), ["--remote-control=desk"]],
  [(b) => b.remoteControlSessionNamePrefix("p"), ["--remote-control-session-name-prefix=p"]],
  [(b) => b.includePartialMessages(), ["--include-partial-messages"]],
  [(b) => b.includeHookEvents(), ["--include-hook-events"]],
  [(b) => b.forwardSubagentText(), ["--forward-subagent-text"]],
  [(b) => b.replayUserMessages(), ["--replay-user-messages"]],
  [(b) => b.promptSuggestions(), ["--prompt-suggestions"]],
  [(b) => b.promptSuggestions("off"), ["--prompt-suggestions=off"]],
  [(b) => b.debug(), ["--debug"]],
  [(b) => b.debug(""), ["--debug"]],
  [(b) => b.debug("!api"), ["--debug=!api"]],
  [(b) => b.debug().debug(false), []],
  [(b) => b.debugFile("d.log"), ["--debug-file=d.log"]],
  [(b) => b.prompt("hello"), ["--", "hello"]],
  [(b) => b.allowedTools("Read").prompt("--help"), ["--allowed-tools=Read", "--", "--help"]],
  [(b) => b.arg("model", "opus"), ["--model=opus"]],
  [(b) => b.model("sonnet").arg("--model", "opus"), ["--model=opus"]],
  [(b) => b.arg("bare"), ["--bare"]],
  [(b) => b.arg("allowedTools", "Read Bash(x *)"), ["--allowed-tools=Read Bash(x *)"]],
  [(b) => b.arg("--from-next-year"), ["--from-next-year"]],
  [(b) => b.arg("from-next-year", "--x y"), ["--from-next-year=--x y"]],
  [(b) => b.arg("from-next-year", ""), ["--from-next-year="]],
  [(b) => b.model("m").arg("new-flag").prompt("p"), ["--new-flag", "--model=m", "--", "p"]],
];

for (const [change, expected] of ROWS) {
  methods(expected.join(" ") || "nothing", () => assert.equal(added(change), expected));
}

methods("every flag that has a method is in the rows above", () => {
  const items = ROWS.flatMap(([, expected]) => expected).join("\n");
  const absent = flagNames().filter(
    (name) =>
      flagOf(name).method !== undefined &&
      name !== "session-id" &&
      !new RegExp(`^--${name}(=|$)`, "m").test(items),
  );
  assert.equal(absent, []);
});

methods("starts with the fixed flags; command and working directory as told", () => {
  const spec = build((b) => b.model("m"));
  assert.equal(spec.args.slice(0, 4), [
    "--print",
    "--verbose",
    "--output-format=stream-json",
    "--input-format=stream-json",
  ]);
  assert.is(spec.command, "claude");
  assert.not.ok("cwd" in spec);
  const placed = build((b) => b.command("/opt/claude").workingDirectory("sub"));
  assert.is(placed.command, "/opt/claude");
  assert.is(placed.cwd, "sub");
});

methods("is immutable: a prefix can be shared, and what was passed in can be changed later", () => {
  const settings = { a: 1 };
  const tools = ["Read"];
  const prefix = start.settings(settings).allowedTools(tools).env("A", "1");
  const before = inspect(prefix);
  settings.a = 2;
  tools.push("Bash");
  const left = prefix
    .model("left")
    .allowedTools("Grep")
    .env("A", "2")
    .command("x")
    .prompt("p")
    .debug()
    .bare();
  const right = prefix.model("right").arg("new-flag").cleanEnv();
  assert.is(inspect(prefix), before);
  assert.ok(left instanceof ClaudeCliBuilder && right instanceof ClaudeCliBuilder);
  const spec = withHostEnv(PLAIN_HOST, () => prefix.build());
  assert.equal(spec.args.slice(5), ["--allowed-tools=Read", '--settings={"a":1}']);
  assert.is(spec.env?.A, "1");
  assert.ok(!right.build().args.includes("--bare"));
  assert.equal(right.build().env, { A: "1" });
});

methods.run();

const session = suite("ClaudeCliBuilder: session id");

const idArgs = (spec: LaunchSpec) => spec.args.filter((item) => item.startsWith("--session-id="));

session("a new session gets a fresh random id per build, which can be read back", () => {
  const [first, second] = [start.build(), start.build()];
  assert.match(first.sessionId ?? "", UUID_V4);
  assert.is.not(first.sessionId, second.sessionId);
  assert.equal(idArgs(first), [`--session-id=${first.sessionId}`]);
});

session("an explicit id is used as it is", () => {
  for (const id of [NEW, NEW.toUpperCase()]) {
    const spec = start.sessionId(id).build();
    assert.is(spec.sessionId, id);
    assert.equal(idArgs(spec), [`--session-id=${id}`]);
  }
});

session("a resumed session keeps its id; the id of a title or of the latest session is unknown", () => {
  assert.equal(idArgs(start.resume(OLD).build()), []);
  assert.is(start.resume(OLD).build().sessionId, OLD);
  assert.not.ok("sessionId" in start.resume("a title").build());
  assert.not.ok("sessionId" in start.continueConversation().build());
});

session("a fork gets a new id, random or explicit", () => {
  for (const forked of [start.forkFrom(OLD), start.continueConversation().forkSession()]) {
    const spec = forked.build();
    assert.match(spec.sessionId ?? "", UUID_V4);
    assert.is.not(spec.sessionId, OLD);
    assert.equal(idArgs(spec), [`--session-id=${spec.sessionId}`]);
    assert.is(forked.sessionId(NEW).build().sessionId, NEW);
  }
});

session("contradictions are refused at build, whatever the order of the calls", () => {
  refuses(() => start.sessionId(NEW).resume(OLD).build(), /forkSession\(\)/);
  refuses(() => start.resume(OLD).sessionId(NEW).build(), /forkSession\(\)/);
  refuses(() => start.continueConversation().sessionId(NEW).build(), /forkSession\(\)/);
  refuses(() => start.continueConversation().resume(OLD).build(), /exclude each other/);
  refuses(() => start.resumeSessionAt("m").build(), /needs resume\(\)/);
  refuses(() => start.resume(OLD).resumeDropsTurn("m").build(), /needs resumeSessionAt\(\)/);
  refuses(() => start.arg("resume").build(), /call resume\(session\)/);
  refuses(() => start.arg("session-id", "x").build(), /no UUID/);
});

session("an id that is no UUID is refused at once", () => {
  for (const id of ["", "abc", `{${NEW}}`, NEW.replaceAll("-", ""), `${NEW} `]) {
    refuses(() => start.sessionId(id), /sessionId/);
  }
});

session.run();

const invalid = suite("ClaudeCliBuilder: values that are refused");

const REFUSED: ReadonlyArray<readonly [string, () => unknown, RegExp]> = [
  ["empty model", () => start.model(""), /model is empty/],
  ["blank model", () => start.model(" \t"), /model is empty/],
  ["NUL in a value", () => start.systemPrompt("a\0b"), /NUL byte/],
  ["NUL in an item", () => start.addDirectories("a\0b"), /NUL byte/],
  ["NUL in an extra", () => start.arg("x", "\0"), /NUL byte/],
  ["NUL in the prompt", () => start.prompt("\0a"), /NUL byte/],
  ["NUL in the command", () => start.command("a\0"), /NUL byte/],
  ["NUL in the working directory", () => start.workingDirectory("a\0"), /NUL byte/],
  ["NUL in a variable", () => start.env("A", "\0"), /variable A holds a NUL/],
  ["not a string", () => Reflect.apply(start.model, start, [7]), /model must be a string, but it is number/],
  [
    "null",
    () => Reflect.apply(start.settings, start, [null]),
    /settings must be an object or a string, but it is null/,
  ],
  ["a switch that is no boolean", () => Reflect.apply(start.bare, start, ["false"]), /--bare is on or off/],
  ["empty item", () => start.allowedTools("Read", ""), /allowedTools is empty/],
  ["empty permission mode", () => start.permissionMode(""), /permissionMode is empty/],
  ["empty command", () => start.command(""), /command is empty/],
  ["no fallback model", () => start.fallbackModel(), /fallbackModel is empty/],
  ["comma in a fallback model", () => start.fallbackModel("a,b"), /own item/],
  ["comma in a setting source", () => start.settingSources("user,local"), /own item/],
  ["negative tokens", () => start.maxThinkingTokens(-1), /at least 0, but it is -1/],
  ["fraction of a token", () => start.maxThinkingTokens(1.5), /whole number/],
  ["no turns", () => start.maxTurns(0), /at least 1/],
  ["NaN turns", () => start.maxTurns(Number.NaN), /but it is NaN/],
  ["no money", () => start.maxBudgetUsd(0), /greater than 0/],
  ["infinite money", () => start.maxBudgetUsd(Number.POSITIVE_INFINITY), /greater than 0/],
  ["text for a number", () => Reflect.apply(start.maxTurns, start, ["3"]), /whole number/],
  ["two tools in one", () => start.allowedTools("Edit Bash"), /own item/],
  ["tool smuggled behind a rule", () => start.allowedTools("Bash(ls), Bash"), /own item/],
  ["rule with nested parentheses", () => start.allowedTools("Bash(a (b), Bash"), /own item/],
  ["comma in tools", () => start.tools("Bash,Read"), /own item/],
  ["cyclic settings", () => start.settings(cyclic()), /cannot be written as JSON/],
  ["the prompt that deafens the CLI", () => start.prompt("mcp"), /stop reading its stdin/],
  ["empty prompt", () => start.prompt(""), /prompt is empty/],
  ["short flag", () => start.arg("-x"), /no long flag/],
  ["flag with its value", () => start.arg("--x=y"), /no long flag/],
  ["flag that is two", () => start.arg("x --y"), /no long flag/],
  ["empty flag", () => start.arg(""), /arg is empty/],
  ["only dashes", () => start.arg("--"), /no long flag/],
  ["fixed flag", () => start.arg("output-format", "json"), /every launch sets it/],
  ["fixed flag, short", () => start.arg("-p"), /--print cannot be set/],
  ["flag without a session", () => start.arg("--version"), /no session starts/],
  ["flag for terminals", () => start.arg("--background"), /--bg cannot be set/],
  ["value missing", () => start.arg("model"), /--model needs a value/],
  ["items missing", () => start.arg("add-dir"), /--add-dir needs a value/],
  ["value too many", () => start.arg("bare", "yes"), /takes no value/],
  ["variable without a name", () => start.env("", "x"), /no name for an environment variable/],
  ["variable with = in its name", () => start.env("A=B", "x"), /no name for an environment variable/],
  ["variable without a value", () => start.cleanEnv(JSON.parse('{"A":1}')), /must be a string, not number/],
];

function cyclic(): object {
  const value: Record<string, unknown> = {};
  value.self = value;
  return value;
}

for (const [title, call, message] of REFUSED) invalid(title, () => refuses(call, message));

invalid("a secret with white space, without showing it", () => {
  for (const secret of ["hush-hush\n", "hush hush", "húsh", ""]) {
    refuses(() => start.apiKey(secret), /^apiKey (?!.*hush)/);
    refuses(() => start.oauthToken(secret), /^oauthToken (?!.*hush)/);
  }
});

invalid.run();
