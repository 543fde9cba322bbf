import { PassThrough } from "node:stream";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { toolDecisions } from "../../src/command/tool-decision.js";
import type { PermissionResult, ToolPermissionRequest } from "../../src/index.js";

const decision = suite("deciding about tools");

function setUp({ attended = true } = {}) {
  const input = new PassThrough();
  const output = new PassThrough();
  const said: string[] = [];
  let shown = "";
  output.on("data", (chunk) => (shown += chunk));
  const handler = toolDecisions({
    terminal: attended ? { input, output } : undefined,
    say: (line) => said.push(line),
  });
  const ask = async (fields: Partial<ToolPermissionRequest> = {}, signal = new AbortController().signal) => {
    const answer = await handler(request(fields), { signal });
    if (!("response" in answer)) throw new Error("not an answer to a permission request");
    return answer.response as PermissionResult;
  };
  const shows = async (text: string, times = 1) => {
    while (shown.split(text).length <= times) await new Promise((resolve) => setImmediate(resolve));
  };
  return { input, said, ask, shows, shown: () => shown };
}

function request(fields: Partial<ToolPermissionRequest>): ToolPermissionRequest {
  return {
    subtype: "can_use_tool",
    request_id: "r",
    tool_name: "Bash",
    input: { command: "rm x" },
    ...fields,
  };
}

const ANSWERS: [typed: string, behavior: string][] = [
  ["y\n", "allow"],
  [" YES \n", "allow"],
  ["n\n", "deny"],
  ["\n", "deny"],
  ["yesterday\n", "deny"],
];
for (const [typed, behavior] of ANSWERS) {
  decision(`${JSON.stringify(typed)} means ${behavior}`, async () => {
    const { input, ask, shows } = setUp();
    const answer = ask();
    await shows("Allow it?");
    input.write(typed);
    assert.is((await answer).behavior, behavior);
  });
}

decision("the end of input means no, also for what is asked later", async () => {
  const { input, ask, shows } = setUp();
  const answer = ask();
  await shows("Allow it?");
  input.end();
  assert.is((await answer).behavior, "deny");
  assert.is((await ask()).behavior, "deny");
});

decision("two tools are asked about one after the other", async () => {
  const { input, ask, shows, shown } = setUp();
  const answers = Promise.all([ask({ input: { command: "first" } }), ask({ input: { command: "second" } })]);
  await shows("Allow it?");
  assert.not.match(shown(), "second");
  input.write("n\n");
  await shows("Allow it?", 2);
  input.write("y\n");
  assert.equal(
    (await answers).map(({ behavior }) => behavior),
    ["deny", "allow"],
  );
});

decision("a question that is withdrawn makes way for the next one", async () => {
  const { input, ask, shows } = setUp();
  const controller = new AbortController();
  const first = ask({}, controller.signal);
  await shows("Allow it?");
  controller.abort();
  await first;
  const second = ask();
  await shows("Allow it?", 2);
  input.write("y\n");
  assert.is((await second).behavior, "allow");
});

decision("the whole input is shown, and cannot repaint the terminal", async () => {
  const { input, ask, shows, shown } = setUp();
  const command = `echo ${"x".repeat(5_000)}\u001b[2K\r\u202ereversed\nrm -rf end`;
  const answer = ask({ tool_name: "Ba\u001bsh", input: { command, nested: { a: 1 } } });
  await shows("Allow it?");
  input.write("n\n");
  await answer;
  assert.match(shown(), "x".repeat(5_000));
  assert.match(shown(), "\n    rm -rf end");
  assert.match(shown(), "\\u001b[2K\\u000d\\u202ereversed");
  assert.match(shown(), '"a": 1');
  assert.not.match(shown(), /[\u001b\r\u202e]/);
});

decision("nobody there: denied, and told how to allow it", async () => {
  const { said, ask } = setUp({ attended: false });
  const answer = await ask();
  assert.is(answer.behavior, "deny");
  assert.equal(said, ["denied  Bash  rm x (no terminal to ask at; allow it with --allowed-tools=Bash)"]);
});

decision("questions are not for y or n", async () => {
  for (const attended of [true, false]) {
    const { said, ask } = setUp({ attended });
    assert.is((await ask({ tool_name: "AskUserQuestion", input: { questions: [] } })).behavior, "deny");
    assert.match(said.join(), "takes no answers");
  }
});

decision.run();
