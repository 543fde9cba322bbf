import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { MessagesBody, RequestMessage } from "../../src/testing/model-request.js";
import { keptHeaders, promptOf, stepOf, toolResultsOf } from "../../src/testing/model-request.js";

const block = (text: string) => ({ type: "text", text });
const user = (...texts: string[]): RequestMessage => ({ role: "user", content: texts.map(block) });
const assistant = (text: string): RequestMessage => ({ role: "assistant", content: [block(text)] });
const toolResult = (content: unknown, ...texts: string[]): RequestMessage => ({
  role: "user",
  content: [{ type: "tool_result", tool_use_id: "t1", content }, ...texts.map(block)],
});
const reminder = "<system-reminder>\nBe nice.\n</system-reminder>\n";
const body = (...messages: RequestMessage[]): MessagesBody => ({ model: "m", messages });

const prompts = suite("promptOf and stepOf");

const CASES: readonly [string, MessagesBody, string, number][] = [
  ["a plain string", body({ role: "user", content: "hello" }), "hello", 0],
  ["reminders before the prompt", body(user(reminder, "hello")), "hello", 0],
  ["a reminder in the prompt's own block", body(user(`${reminder}hello`)), "hello", 0],
  ["a system message after the prompt", body(user("hello"), { role: "system", content: "env" }), "hello", 0],
  ["the second turn", body(user("one"), assistant("a"), user("two")), "two", 0],
  ["a tool result", body(user("run it"), assistant("call"), toolResult("ok")), "run it", 1],
  [
    "a reminder in a tool result",
    body(user("run it"), assistant("call"), toolResult("ok", reminder)),
    "run it",
    1,
  ],
  [
    "two tool calls",
    body(user("go"), assistant("c"), toolResult("1"), assistant("c"), toolResult("2")),
    "go",
    2,
  ],
  [
    "a prompt after an interrupted tool, which the CLI puts into one message",
    body(
      user("one"),
      assistant("c"),
      toolResult("no", "[Request interrupted by user for tool use]\n", "two"),
    ),
    "two",
    0,
  ],
  [
    "a prompt after an interrupt",
    body(user("one"), assistant("a"), user("[Request interrupted by user]\n", "two")),
    "two",
    0,
  ],
  [
    "a prompt after an interrupt before any answer, which the CLI puts into the message of the first",
    body(user("one", "[Request interrupted by user]\n", "two")),
    "two",
    0,
  ],
  [
    "a prompt after a slash command",
    body(
      user(
        "<local-command-caveat>x</local-command-caveat>\n",
        "<command-name>/clear</command-name>\n  <command-message>clear</command-message>\n <command-args></command-args>\n",
        "<local-command-stdout></local-command-stdout>\n",
        "after",
      ),
    ),
    "after",
    0,
  ],
  [
    "an image",
    body({
      role: "user",
      content: [{ type: "image" }, block("what?\n"), block("[Image: source: /tmp/1.png]")],
    }),
    "what?",
    0,
  ],
  ["prompts that were merged", body(user("two\nthree")), "two\nthree", 0],
  ["several blocks", body(user("one", "two")), "one\ntwo", 0],
  ["nothing", body(), "", 0],
];
for (const [name, request, prompt, step] of CASES) {
  prompts(name, () => {
    assert.is(promptOf(request), prompt);
    assert.is(stepOf(request), step);
  });
}
prompts.run();

const results = suite("toolResultsOf");
results("tells the texts of the last message, in either form", () => {
  const list = [block("a"), block("b")];
  assert.equal(toolResultsOf(body(user("p"), assistant("c"), toolResult("plain"))), ["plain"]);
  assert.equal(toolResultsOf(body(user("p"), assistant("c"), toolResult(list))), ["a\nb"]);
  assert.equal(toolResultsOf(body(toolResult("old"), assistant("c"), user("p"))), []);
});
results.run();

const headers = suite("keptHeaders");
headers("drops everything that could carry a credential", () => {
  const kept = keptHeaders({
    "x-api-key": "k",
    authorization: "Bearer t",
    "proxy-authorization": "Basic x",
    cookie: "c",
    "x-session-token": "t",
    "user-agent": "claude-cli",
    "anthropic-beta": "a,b",
  });
  assert.equal(kept, { "user-agent": "claude-cli", "anthropic-beta": "a,b" });
});
headers.run();
