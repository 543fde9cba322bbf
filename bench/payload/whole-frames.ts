/** Frames that arrive whole, of a given size: answers, tool calls, tool results. */

import type { Dice } from "./dice.js";
import type { Envelope, Frame } from "./envelope.js";
import { base64, code, log, prose } from "./writing.js";

/** Makes a frame of about so many bytes. */
export type FrameMaker = (envelope: Envelope, bytes: number) => Frame;

/** Frames whose bytes are nearly all in one or two long strings. */
export const TEXT_FRAMES: readonly [FrameMaker, ...FrameMaker[]] = [
  (envelope, bytes) => envelope.assistant({ type: "text", text: sized(envelope.dice, bytes, prose) }),
  (envelope, bytes) => {
    const content = sized(envelope.dice, bytes, code);
    const input = { file_path: "/home/user/project/src/index.ts", content };
    return envelope.assistant({ type: "tool_use", id: envelope.toolUseId(), name: "Write", input });
  },
  (envelope, bytes) => {
    // What the model sees and what the tool returned: the CLI sends both.
    const stdout = sized(envelope.dice, bytes / 2, log);
    return envelope.toolResult(stdout, { stdout, stderr: "", interrupted: false, isImage: false });
  },
  (envelope, bytes) => {
    const data = base64(envelope.dice, bytes / 2);
    const image = { type: "image", source: { type: "base64", data, media_type: "image/png" } };
    const file = { base64: data, type: "image/png", originalSize: Math.floor(data.length * 0.75) };
    return envelope.toolResult([image], { type: "image", file });
  },
];

/** Frames whose bytes are in many small values. */
export const STRUCTURED_FRAMES: readonly [FrameMaker, ...FrameMaker[]] = [
  (envelope, bytes) => {
    const rows = filled(bytes, () => row(envelope.dice));
    return envelope.toolResult(`${rows.length} rows`, { structuredContent: { columns: 7, rows } });
  },
  (envelope, bytes) => {
    const structuredPatch = filled(bytes, () => hunk(envelope.dice));
    const result = { filePath: "/home/user/project/src/index.ts", structuredPatch, userModified: false };
    return envelope.toolResult("The file has been updated successfully.", result);
  },
  (envelope, bytes) => {
    const input = { table: "größen", rows: filled(bytes, () => row(envelope.dice)) };
    return envelope.assistant({
      type: "tool_use",
      id: envelope.toolUseId(),
      name: "mcp__tables__insert",
      input,
    });
  },
];

/** Text whose JSON has about so many bytes: escapes and other scripts make it longer than its characters. */
function sized(dice: Dice, bytes: number, write: (dice: Dice, length: number) => string): string {
  const sample = write(dice, 4_096);
  const bytesPerUnit = Buffer.byteLength(JSON.stringify(sample)) / sample.length;
  return write(dice, Math.floor(bytes / bytesPerUnit));
}

function filled<T>(bytes: number, make: () => T): T[] {
  const items: T[] = [];
  for (let size = 0; size < bytes; ) {
    const item = make();
    items.push(item);
    size += Buffer.byteLength(JSON.stringify(item)) + 1;
  }
  return items;
}

function row(dice: Dice): unknown {
  return {
    id: dice.whole(0, 2 ** 31),
    name: `${dice.hex(6)} "${dice.hex(4)}"`,
    tags: [dice.hex(5), "größe", "a\nb", "日本"].slice(dice.whole(0, 3)),
    score: dice.whole(-1_000_000, 1_000_000) / 1_000,
    ok: dice.whole(0, 1) === 1,
    note: null,
    nested: { path: [dice.hex(3), { depth: dice.whole(0, 9), items: [1, 2.5, -3e-7] }] },
  };
}

function hunk(dice: Dice): unknown {
  const start = dice.whole(1, 5_000);
  const lines = Array.from({ length: dice.whole(3, 12) }, () => dice.pick(["+", "-", " "]) + code(dice, 60));
  return { oldStart: start, oldLines: lines.length, newStart: start, newLines: lines.length, lines };
}
