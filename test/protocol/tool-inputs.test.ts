import { suite } from "uvu";
import * as assert from "uvu/assert";
import {
  asToolUse,
  checkToolInput,
  currentToolName,
  formerToolNames,
  isToolName,
  type ToolName,
  toolInputSchemas,
} from "../../src/protocol/index.js";

const question = {
  question: "Which one?",
  header: "One",
  options: [{ label: "A", description: "The first" }, { label: "B" }],
};

/** The least that each tool must be given, for tools that must be given anything. */
const least: Readonly<Record<string, object>> = {
  Read: { file_path: "/a" },
  Write: { file_path: "/a", content: "" },
  Edit: { file_path: "/a", old_string: "x", new_string: "y" },
  MultiEdit: { file_path: "/a", edits: [{ old_string: "x", new_string: "y" }] },
  NotebookEdit: { notebook_path: "/a.ipynb", new_source: "1" },
  NotebookRead: { notebook_path: "/a.ipynb" },
  LS: { path: "/" },
  Glob: { pattern: "**" },
  Grep: { pattern: "TODO" },
  Bash: { command: "ls" },
  Task: { description: "d", prompt: "p" },
  Agent: { description: "d", prompt: "p" },
  TaskOutput: { task_id: "t" },
  TaskCreate: { subject: "s", description: "d" },
  TaskGet: { taskId: "1" },
  TaskUpdate: { taskId: "1" },
  TodoWrite: { todos: [{ content: "c", status: "pending", activeForm: "doing c" }] },
  Monitor: { description: "d" },
  CronCreate: { cron: "* * * * *", prompt: "p" },
  CronDelete: { id: "1" },
  RemoteTrigger: { action: "list" },
  ExitWorktree: { action: "keep" },
  AskUserQuestion: { questions: [question] },
  Skill: { skill: "s" },
  ToolSearch: { query: "q" },
  WebFetch: { url: "https://a", prompt: "p" },
  WebSearch: { query: "q" },
  ReadMcpResourceTool: { server: "db", uri: "a:b" },
  ReadMcpResourceDirTool: { server: "db", uri: "a:b" },
  ReportFindings: { findings: [{ file: "a", summary: "s" }] },
  SendFeedback: { type: "bug", title: "t", details: "d" },
  PushNotification: { message: "m" },
  SetGoal: { condition: "c" },
  propose_skills: { proposals: [{ name: "n", kind: "new" }] },
  ClaudeDesign: { operation: "o" },
  Projects: { method: "project_info" },
};

const toolNames = Object.keys(toolInputSchemas).filter(isToolName);
const use = (name: string, input?: unknown) => ({ type: "tool_use", id: "toolu_1", name, input });

const inputs = suite("tool inputs");

for (const name of toolNames) {
  inputs(`${name} takes its input, and nothing less`, () => {
    const input = least[name] ?? {};
    const checked = checkToolInput(name, input);
    assert.is(checked.kind, "valid", JSON.stringify(checked));
    assert.is(checked.kind === "valid" && checked.input, input, "the very object");
    assert.is(checkToolInput(name, { ...input, novelty: 1 }).kind, "valid");
    for (const field of Object.keys(input)) {
      const without = Object.fromEntries(Object.entries(input).filter(([key]) => key !== field));
      assert.is(checkToolInput(name, without).kind, "invalid", `without ${field}`);
      assert.is(checkToolInput(name, { ...input, [field]: Symbol.iterator }).kind, "invalid", `odd ${field}`);
    }
    for (const odd of [null, undefined, "ls", 7]) assert.is(checkToolInput(name, odd).kind, "invalid");
  });
}

inputs("an optional field may be null, and must have its type otherwise", () => {
  assert.is(checkToolInput("Bash", { command: "ls", timeout: null, description: null }).kind, "valid");
  const checked = checkToolInput("Bash", { command: "ls", timeout: "soon" });
  assert.equal(checked.kind === "invalid" && checked.issues, [
    { path: "timeout", message: "expected number, got a value of type string" },
  ]);
  assert.is(checkToolInput("Grep", { pattern: "a", "-A": 2, "-i": true, output_mode: "json" }).kind, "valid");
  assert.is(checkToolInput("Grep", { pattern: "a", "-A": "2" }).kind, "invalid");
});

/** Inputs that look like those of another tool: what decides is the name. */
const lookalikes: readonly [name: string, input: object, notA: ToolName][] = [
  ["WebSearch", { query: "q" }, "ToolSearch"],
  ["ToolSearch", { query: "q" }, "WebSearch"],
  ["Grep", { pattern: "p" }, "Glob"],
  ["Glob", { pattern: "p" }, "Grep"],
  ["EnterPlanMode", {}, "ExitPlanMode"],
  ["ExitPlanMode", {}, "EnterPlanMode"],
  ["TaskList", {}, "CronList"],
  ["mcp__shell__run", { command: "rm -rf /" }, "Bash"],
  ["mcp__web__get", { url: "https://a", prompt: "p" }, "WebFetch"],
  ["bash", { command: "ls" }, "Bash"],
  ["Bash ", { command: "ls" }, "Bash"],
];

for (const [name, input, notA] of lookalikes) {
  inputs(`${JSON.stringify(name)} with ${JSON.stringify(input)} is no ${notA}`, () => {
    assert.is(asToolUse(use(name, input), notA), undefined);
    if (!isToolName(name)) return;
    assert.equal(asToolUse(use(name, input), name)?.input, input);
  });
}

inputs("Agent without subagent_type is an Agent, and extra fields stay", () => {
  const block = use("Agent", { description: "d", prompt: "p", novelty: [1] });
  assert.is(asToolUse(block, "Agent"), block);
});

inputs("a former name stands for the tool", () => {
  const agent = use("Agent", least.Agent);
  const task = use("Task", least.Task);
  assert.is(asToolUse(agent, "Task"), agent);
  assert.is(asToolUse(task, "Agent"), task);
  const kill = use("KillShell", { shell_id: "1" });
  assert.is(asToolUse(kill, "TaskStop"), kill);
  assert.is(asToolUse(kill, "KillBash"), kill);
  assert.is(asToolUse(agent, "TaskStop"), undefined);
  assert.is(currentToolName("Task"), "Agent");
  assert.is(currentToolName("Bash"), "Bash");
  assert.is(currentToolName("constructor"), "constructor");
  assert.is(currentToolName("__proto__"), "__proto__");
  for (const former of Object.keys(formerToolNames).filter(isToolName)) {
    const current = currentToolName(former);
    assert.ok(isToolName(current), `${current} is modelled when ${former} is`);
  }
});

inputs("names of Object.prototype are no tools", () => {
  for (const name of ["constructor", "toString", "__proto__", ""]) assert.not(isToolName(name));
});

inputs.run();
