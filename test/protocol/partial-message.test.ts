import fc from "fast-check";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type ClaudeOutput, type PartialMessage, PartialMessages } from "../../src/protocol/index.js";
import {
  assistantFrame,
  event,
  type ScriptedBlock,
  streamed,
  textBlock,
  thinkingBlock,
  toolBlock,
} from "./streamed-answer.js";

const partial = suite("partial messages");

function states(frames: readonly unknown[]): PartialMessage[] {
  const messages = new PartialMessages();
  return frames.flatMap((frame) => messages.add(frame as ClaudeOutput) ?? []);
}

function eventsAlone(frames: readonly Record<string, unknown>[]): Record<string, unknown>[] {
  return frames.filter(({ type }) => type === "stream_event");
}

partial("grow with each event", () => {
  const texts = states(streamed("m1", [textBlock("abcd")], 2)).map(({ content }) => {
    const [block] = content;
    return block?.type === "text" ? block.text : undefined;
  });
  assert.equal(texts, [undefined, "", "ab", "abcd", "abcd", "abcd", "abcd"]);
});

partial("earlier states stay as they were", () => {
  const all = states(streamed("m1", [textBlock("abcd"), toolBlock("t1", { a: [1] })], 2));
  const copies = all.map((state) => structuredClone(state));
  assert.equal(all, copies);
  assert.is(all.filter(({ finished }) => finished).length, 1);
});

partial("show a tool's input as text until it is whole", () => {
  const all = states(eventsAlone(streamed("m1", [toolBlock("t1", { command: "ls" })], 7)));
  const inputs = all.map(({ content: [block] }) =>
    block !== undefined && "partial_json" in block
      ? block.partial_json
      : block && "input" in block && block.input,
  );
  assert.equal(inputs.slice(1, 5), ["", '{"comma', '{"command":"ls', '{"command":"ls"}']);
  assert.equal(inputs.at(-1), { command: "ls" });
});

partial("an input that is no JSON stays text", () => {
  const frames = eventsAlone(streamed("m1", [toolBlock("t1", { command: "ls" })], 7)).filter(
    (_, index) => index !== 3,
  );
  const [block] = states(frames).at(-1)?.content ?? [];
  assert.ok(block !== undefined && "partial_json" in block);
});

partial("begin anew with a new answer", () => {
  const all = states([
    ...streamed("m1", [textBlock("first try")], 4).slice(0, 4),
    ...streamed("m2", [textBlock("second")], 4),
  ]);
  assert.is(all.at(-1)?.id, "m2");
  assert.equal(all.at(-1)?.content, [textBlock("second")]);
});

partial("grow by blocks where there are no events", () => {
  const all = states([
    assistantFrame("m1", [textBlock("Look.")]),
    assistantFrame("m1", [toolBlock("t1", { a: 1 })], null, "tool_use"),
    assistantFrame("s1", [textBlock("a subagent")], "t1"),
  ]);
  assert.equal(
    all.map(({ content, finished, stop_reason }) => [content.length, finished, stop_reason]),
    [
      [1, false, undefined],
      [2, true, "tool_use"],
    ],
  );
});

partial("odd frames change nothing", () => {
  const odd = [
    event(null),
    event({ type: "ping" }),
    event({ type: "content_block_start", index: -1, content_block: textBlock("x") }),
    event({ type: "content_block_start", index: 2 ** 40, content_block: textBlock("x") }),
    event({ type: "content_block_delta", index: 0, delta: { type: "text_delta", text: "x" } }),
    event({ type: "content_block_stop", index: 3 }),
    { type: "system", subtype: "init" },
  ];
  assert.equal(states(odd), []);
});

const block: fc.Arbitrary<ScriptedBlock> = fc.oneof(
  fc.string().map(textBlock),
  fc.string().map(thinkingBlock),
  fc
    .dictionary(fc.string(), fc.jsonValue())
    .map((input) => toolBlock("t1", JSON.parse(JSON.stringify(input)))),
);
const blocks = fc.array(block, { minLength: 1, maxLength: 4 });

partial("end as the same message however they are cut, with and without the finished blocks", () => {
  fc.assert(
    fc.property(blocks, fc.integer({ min: 1, max: 12 }), (given, size) => {
      const frames = streamed("m1", given, size);
      for (const way of [frames, eventsAlone(frames)]) {
        const last = states(way).at(-1);
        assert.equal(last?.content, given);
        assert.ok(last?.finished);
      }
    }),
  );
});

partial("ten times the deltas cost ten times as much, not a hundred times", () => {
  const cost = (deltas: number): number => {
    const frames = streamed("m1", [textBlock("x".repeat(4 * deltas))], 4);
    const messages = new PartialMessages();
    const began = performance.now();
    for (const frame of frames) messages.add(frame as unknown as ClaudeOutput);
    return performance.now() - began;
  };
  cost(10_000);
  const [small, large] = [cost(10_000), cost(100_000)];
  assert.ok(large < 40 * small, `${large} ms against ${small} ms`);
});

partial.run();
