import { suite } from "uvu";
import * as assert from "uvu/assert";
import { ownBuffer } from "../../src/channel/own-buffer.js";

const buffers = suite("ownBuffer");

const textOf = (bytes: ArrayBuffer): string => Buffer.from(bytes).toString();

buffers("a view that fills its buffer gives that buffer, without a copy", () => {
  const view = Buffer.allocUnsafeSlow(5);
  view.write("hello");
  assert.is(ownBuffer(view), view.buffer);
});

const chunk = Buffer.allocUnsafeSlow(10);
chunk.write("0123456789");
const parts: readonly (readonly [title: string, view: Buffer, text: string])[] = [
  ["the start of a chunk", chunk.subarray(0, 4), "0123"],
  ["the middle of a chunk", chunk.subarray(3, 6), "345"],
  ["the end of a chunk", chunk.subarray(6), "6789"],
  ["a view on Node's pool", Buffer.from("pooled"), "pooled"],
  ["an empty part of a chunk", chunk.subarray(5, 5), ""],
  ["shared memory", Buffer.from(new SharedArrayBuffer(3)).fill("x"), "xxx"],
];
for (const [title, view, text] of parts) {
  buffers(`${title} gives a buffer of exactly its bytes, which can be transferred`, () => {
    const bytes = ownBuffer(view);
    assert.ok(bytes instanceof ArrayBuffer);
    assert.is.not(bytes, view.buffer);
    assert.is(textOf(structuredClone(bytes, { transfer: [bytes] })), text);
    assert.is(bytes.byteLength, 0, "it is gone");
    assert.is(view.toString(), text, "and has taken nothing with it");
  });
}

buffers("nothing at all still gives a buffer", () => {
  assert.is(ownBuffer(Buffer.alloc(0)).byteLength, 0);
});

buffers.run();
