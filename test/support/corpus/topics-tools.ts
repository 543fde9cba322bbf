/** Tools and permissions. */

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Recorder } from "./recorder.js";
import { allow, askAll, call, callBash, caller, PIXEL, requestOf, run, type Topic } from "./topic.js";

const FILE_TOOLS = "Bash,Read,Write,Edit,Glob,Grep,NotebookEdit";
const OTHER_TOOLS = "WebFetch,WebSearch,CronCreate,CronList,CronDelete,ListAgents";

async function workOnFiles(cli: Recorder): Promise<void> {
  const at = (name: string): string => join(cli.offline.cwd, name);
  const cell = {
    cell_type: "code",
    id: "c1",
    source: ["1"],
    metadata: {},
    outputs: [],
    execution_count: null,
  };
  writeFileSync(at("a.txt"), "alpha\nbeta\n");
  writeFileSync(at("a.png"), Buffer.from(PIXEL.data, "base64"));
  writeFileSync(
    at("a.ipynb"),
    JSON.stringify({ cells: [cell], metadata: {}, nbformat: 4, nbformat_minor: 5 }),
  );
  await askAll(cli, [
    callBash("echo hi"),
    callBash("echo oops >&2; exit 3"),
    call("Bash", { command: 1 }),
    call("Read", { file_path: at("a.txt") }),
    call("Read", { file_path: at("a.png") }),
    call("Read", { file_path: at("a.ipynb") }),
    call("Read", { file_path: at("missing.txt") }),
    call("Write", { file_path: at("b.txt"), content: "x\n" }),
    call("Edit", { file_path: at("b.txt"), old_string: "x", new_string: "y" }),
    call("Edit", { file_path: at("b.txt"), old_string: "nowhere", new_string: "y" }),
    call("NotebookEdit", { notebook_path: at("a.ipynb"), cell_id: "c1", new_source: "2" }),
    call("Glob", { pattern: "*.txt" }),
    call("Grep", { pattern: "alpha" }),
    call("Grep", { pattern: "alpha", output_mode: "content" }),
    call("NoSuchTool", { a: 1 }),
  ]);
}

const fileTools: Topic = {
  name: "file-tools",
  runs: [run({ flags: [...allow(FILE_TOOLS), "--include-partial-messages"], script: caller }, workOnFiles)],
};

const otherTools: Topic = {
  name: "other-tools",
  runs: [
    run({ flags: ["--allowed-tools=Skill,ToolSearch"], script: caller }, (cli) =>
      askAll(cli, [
        call("ToolSearch", { query: "select:Monitor", max_results: 1 }),
        call("Skill", { skill: "no-such-skill" }),
      ]),
    ),
    run(
      {
        flags: allow(OTHER_TOOLS),
        script: caller,
        env: { CLAUDE_CODE_EMIT_TOOL_USE_SUMMARIES: "1" },
      },
      (cli) =>
        askAll(cli, [
          call("WebFetch", { url: "http://127.0.0.1:9/", prompt: "what is it?" }),
          call("WebSearch", { query: "abc def" }),
          call("CronCreate", { cron: "0 9 * * *", prompt: "good morning" }),
          call("CronList", {}),
          call("CronDelete", { id: "no-such-job" }),
          call("ListAgents", {}),
        ]),
    ),
    run({ flags: allow("TodoWrite"), script: caller, env: { CLAUDE_CODE_ENABLE_TASKS: "0" } }, (cli) =>
      askAll(cli, [
        call("TodoWrite", { todos: [{ content: "a", status: "pending", activeForm: "doing a" }] }),
      ]),
    ),
  ],
};

/** These tools, each of which asks. */
function asking(tools: string): string[] {
  return [`--tools=${tools}`, "--disable-slash-commands", "--permission-prompt-tool=stdio"];
}

const option = (label: string) => ({ label, description: `it is ${label}` });
const question = { question: "Which?", header: "Which", multiSelect: false };

const permissions: Topic = {
  name: "permissions",
  runs: [
    run({ flags: ["--tools=Bash", "--disable-slash-commands"], script: caller }, (cli) =>
      cli.ask(callBash("touch x")),
    ),
    run(
      {
        flags: ["--tools=Bash", "--disable-slash-commands", "--permission-mode=dontAsk"],
        script: caller,
      },
      (cli) => cli.ask(callBash("touch x")),
    ),
    run(
      {
        flags: asking("Bash,Write,AskUserQuestion,EnterPlanMode,ExitPlanMode,WebFetch,WebSearch"),
        script: caller,
        answer: (frame) => ({ behavior: "allow", updatedInput: requestOf(frame).input }),
      },
      (cli) =>
        askAll(cli, [
          callBash("touch x"),
          call("Write", { file_path: join(cli.offline.home, "x.txt"), content: "x" }),
          call("WebFetch", { url: "http://127.0.0.1:9/", prompt: "what is it?" }),
          call("WebSearch", { query: "abc def" }),
          call("AskUserQuestion", { questions: [{ ...question, options: [option("red"), option("blue")] }] }),
          call("EnterPlanMode", {}),
          call("ExitPlanMode", { plan: "do it" }),
        ]),
    ),
    run(
      {
        flags: asking("Bash,WebSearch"),
        script: caller,
        answer: (frame) => ({
          behavior: "deny",
          message: "not today",
          interrupt: JSON.stringify(requestOf(frame)).includes("touch stop"),
        }),
      },
      (cli) =>
        askAll(cli, [callBash("touch x"), call("WebSearch", { query: "abc def" }), callBash("touch stop")]),
    ),
    run({ flags: asking("Bash"), script: caller }, async (cli) => {
      const waiting = cli.ask(callBash("touch x"));
      await cli.frame(({ type }) => type === "control_request");
      // Tells again what waits.
      await cli.request("initialize");
      await cli.request("interrupt");
      await waiting;
      await cli.pause();
    }),
  ],
};

/** Topics about tools and permissions. */
export const TOOL_TOPICS: readonly Topic[] = [fileTools, otherTools, permissions];
