import { suite } from "uvu";
import * as assert from "uvu/assert";
import { FRAME_KINDS, type FrameKind, payloadFrames } from "../../../bench/payload/payload.js";
import { parseMessage } from "../../../src/protocol/index.js";

const COUNTS: Readonly<Record<FrameKind, number>> = {
  partial: 400,
  message: 28,
  text: 8,
  structured: 6,
  large: 7,
  huge: 7,
};
const KINDS = Object.keys(COUNTS) as FrameKind[];

function lines(kind: FrameKind, seed = 7): string[] {
  const spec = { kind, count: COUNTS[kind], seed };
  return Array.from(payloadFrames(spec), (frame) => JSON.stringify(frame));
}

const payload = suite("payload");

for (const kind of KINDS) {
  payload(`${kind}: has as many frames as asked for, between init and result`, () => {
    const types = lines(kind).map((line) => JSON.parse(line).type);
    assert.is(types.length, COUNTS[kind] + 2);
    assert.is(types[0], "system");
    assert.is(types.at(-1), "result");
    assert.not.ok(types.slice(1, -1).some((type) => type === "system" || type === "result"));
  });

  payload(`${kind}: is the same for the same seed, and another for another`, () => {
    assert.equal(lines(kind), lines(kind));
    assert.not.equal(lines(kind, 8).slice(1, 3), lines(kind).slice(1, 3));
  });

  payload(`${kind}: never repeats a frame or an id`, () => {
    const all = lines(kind);
    assert.is(new Set(all).size, all.length);
    assert.is(new Set(all.map((line) => JSON.parse(line).uuid)).size, all.length);
  });

  payload(`${kind}: every frame is one that the protocol knows`, () => {
    for (const line of lines(kind))
      assert.is(parseMessage(JSON.parse(line)).kind, "known", line.slice(0, 300));
  });

  payload(`${kind}: a line is what JSON.stringify makes of it again, so that digests can be compared`, () => {
    for (const line of lines(kind)) assert.ok(JSON.stringify(JSON.parse(line)) === line, line.slice(0, 300));
  });

  payload(`${kind}: frames have the size that the name says, within a quarter`, () => {
    const sizes = lines(kind)
      .slice(1, -1)
      .map((line) => Buffer.byteLength(line));
    const mean = sizes.reduce((sum, size) => sum + size, 0) / sizes.length;
    const wanted = FRAME_KINDS[kind].bytes;
    assert.ok(mean > wanted * 0.75 && mean < wanted * 1.25, `${mean} bytes on average, ${wanted} wanted`);
  });

  payload(`${kind}: holds quotes, escapes and letters beyond ASCII`, () => {
    const text = lines(kind).join("\n");
    for (const sought of ['\\"', "\\n", "ö", "ß"]) assert.ok(text.includes(sought), `without ${sought}`);
  });
}

payload("partial messages come as the real CLI sends them: pieces that add up to the blocks", () => {
  const pieces = new Map<number, string>();
  let compared = 0;
  for (const frame of payloadFrames({ kind: "partial", count: 2_000, seed: 1 })) {
    const { type, event, message } = JSON.parse(JSON.stringify(frame));
    if (type === "stream_event" && event.type === "message_start") pieces.clear();
    if (type === "stream_event" && event.type === "content_block_delta") {
      const { text, thinking, partial_json } = event.delta;
      const piece = text ?? thinking ?? partial_json ?? "";
      pieces.set(event.index, (pieces.get(event.index) ?? "") + piece);
    }
    if (type !== "assistant") continue;
    const [{ text, thinking, input }] = message.content;
    const whole = text ?? thinking ?? JSON.stringify(input);
    assert.is([...pieces.values()].at(-1), whole);
    compared += 1;
  }
  assert.ok(compared >= 3, "no finished block was seen");
});

payload("all kinds of deltas and of content are there", () => {
  const seen = new Set<string>();
  for (const kind of ["partial", "message"] as const) {
    for (const line of lines(kind)) {
      for (const [, name = ""] of line.matchAll(/"type":"(\w+)"/g)) seen.add(name);
    }
  }
  const wanted = ["text_delta", "thinking_delta", "signature_delta", "input_json_delta", "message_start"];
  const all = [...KINDS.flatMap((kind) => lines(kind))].join("\n");
  for (const sought of ["\\\\", "\\t", "\\u001b", "日本", "検証", "🚀"])
    assert.ok(all.includes(sought), sought);
  const blocks = ["text", "thinking", "tool_use", "tool_result", "image", "base64"];
  for (const name of [...wanted, ...blocks]) assert.ok(seen.has(name), name);
});

payload.run();
