import { suite } from "uvu";
import * as assert from "uvu/assert";
import * as v from "valibot";
import { type McpTool, type ToolContext, tool } from "../../src/mcp/index.js";
import { callTool, type ToolCallRequest } from "../../src/mcp/tool-call.js";

const calls = suite("callTool");

const city = v.object({ city: v.string(), days: v.optional(v.array(v.number())) });

async function call(called: McpTool, request: Partial<ToolCallRequest> = {}) {
  const { content, ...rest } = await callTool(called, {
    input: {},
    timeoutMs: 60_000,
    withdrawn: new AbortController().signal,
    progress: () => {},
    requestId: 7,
    toolUseId: "toolu_1",
    meta: { a: 1 },
    ...request,
  });
  return { text: content.map((block) => block.text).join("|"), ...rest };
}

calls("gives the handler what the schema gives, and the context", async () => {
  let seen: ToolContext | undefined;
  const length = v.object({
    text: v.pipe(
      v.string(),
      v.transform((text) => text.length),
    ),
  });
  const measure = tool("measure", "", length, ({ text }, context) => {
    seen = context;
    return `${text + 1}`;
  });
  assert.equal(await call(measure, { input: { text: "four" } }), { text: "5" });
  assert.is(seen?.requestId, 7);
  assert.is(seen?.toolUseId, "toolu_1");
  assert.equal(seen?.meta, { a: 1 });
  assert.is(seen?.signal.aborted, false);
});

const weather = tool("weather", "", city, ({ city: name }) => name);
const invalid: [title: string, input: unknown, expected: RegExp][] = [
  ["nothing", undefined, /^Invalid input of the tool "weather":\n- Invalid type: Expected Object/],
  ["a missing field", {}, /\n- city: Invalid key/],
  ["a deep one", { city: "x", days: [1, "2"] }, /\n- days\.1: Invalid type: Expected number/],
  [
    "more than can be told",
    { city: "x", days: Array.from({ length: 30 }, String) },
    /\n- days\.19: .*\n- and 10 more$/,
  ],
];
for (const [title, input, expected] of invalid) {
  calls(`invalid input is an error for the model: ${title}`, async () => {
    const { text, isError } = await call(weather, { input });
    assert.is(isError, true);
    assert.match(text, expected);
  });
}

calls("an asynchronous schema is waited for", async () => {
  const schema = v.objectAsync({
    city: v.pipeAsync(
      v.string(),
      v.checkAsync(async (name) => name !== "no", "not this"),
    ),
  });
  const asked = tool("asked", "", schema, () => "fine", { inputSchema: { type: "object" } });
  assert.is((await call(asked, { input: { city: "yes" } })).text, "fine");
  assert.match((await call(asked, { input: { city: "no" } })).text, "city: not this");
});

const failures: [title: string, failing: McpTool, text: string][] = [
  [
    "throws",
    tool("a", "", () => {
      throw new Error("out of order");
    }),
    "out of order",
  ],
  ["rejects", tool("a", "", () => Promise.reject(new Error("out of order"))), "out of order"],
  [
    "throws what is no error",
    tool("a", "", () => {
      throw "words";
    }),
    "words",
  ],
];
for (const [title, failing, text] of failures) {
  calls(`a handler that ${title} is an error for the model`, async () => {
    assert.equal(await call(failing), { text, isError: true });
  });
}

calls("a handler that never settles ends at the deadline, and its signal fires", async () => {
  let signal: AbortSignal | undefined;
  const endless = tool("endless", "", (_, context) => {
    signal = context.signal;
    return new Promise<string>(() => {});
  });
  const result = await call(endless, { timeoutMs: 20 });
  assert.equal(result, { text: 'The tool "endless" did not finish within 20 ms.', isError: true });
  assert.is(signal?.reason.code, "TIMEOUT");
});

calls("a withdrawn call ends at once, and the handler's signal has its reason", async () => {
  const controller = new AbortController();
  let reason: unknown;
  const endless = tool("endless", "", (_, { signal }) => {
    signal.addEventListener("abort", () => {
      reason = signal.reason;
    });
    return new Promise<string>(() => {});
  });
  const running = call(endless, { withdrawn: controller.signal });
  setImmediate(() => controller.abort(new Error("not wanted")));
  assert.equal(await running, { text: "not wanted", isError: true });
  assert.is((reason as Error).message, "not wanted");
});

calls("a handler that fails after its deadline harms nobody", async () => {
  const late = tool("late", "", async (_, { signal }) => {
    await new Promise((resolve) => signal.addEventListener("abort", resolve));
    throw new Error("too late");
  });
  assert.match((await call(late, { timeoutMs: 5 })).text, "did not finish");
  await new Promise((resolve) => setImmediate(resolve));
});

const output = { outputSchema: v.object({ degrees: v.number() }) };
const outputs: [title: string, measured: McpTool, text: RegExp, isError: boolean][] = [
  [
    "that fits",
    tool("a", "", () => ({ structuredContent: { degrees: 20 } }), output),
    /^{"degrees":20}$/,
    false,
  ],
  [
    "that does not",
    tool("a", "", () => ({ structuredContent: { degrees: "20" } }), output),
    /does not fit its schema:\n- degrees/,
    true,
  ],
  ["that is missing", tool("a", "", () => "20", output), /does not fit its schema/, true],
  ["of a call that failed", tool("a", "", () => ({ content: [], isError: true }), output), /^$/, true],
];
for (const [title, measured, text, isError] of outputs) {
  calls(`structured content ${title}`, async () => {
    const result = await call(measured);
    assert.match(result.text, text);
    assert.is(result.isError ?? false, isError);
  });
}

calls.run();
