import type { FloodKind } from "./cli-script.js";
import { randomSource } from "./random.js";

/** What is fixed for all frames of a flood. */
export interface FloodShape {
  readonly kind: FloodKind;
  /** Wished length of a frame with its line feed; raised to what its envelope needs. */
  readonly bytes: number;
  readonly seed: number;
  readonly sessionId: string;
}

const CELL = 64;
const CELLS = 2_048;
const ROWS = 512;

/**
 * Makes the frames of a flood. Payloads are cut from a pool of random text by memory copies: the stand-in
 * must be able to write faster than anybody can read.
 */
export class FloodGenerator {
  readonly #shape: FloodShape;
  readonly #pool: PayloadPool;

  constructor(shape: FloodShape) {
    this.#shape = shape;
    const random = randomSource(shape.seed);
    this.#pool = shape.kind === "structured" ? new RowPool(random) : new TextPool(random);
  }

  /** Frame number `index`, from 0, with its line feed. Each call gives a buffer of its own. */
  frame(index: number): Buffer {
    const { head, tail } = envelope(this.#shape, index);
    const payloadBytes = Math.max(0, this.#shape.bytes - head.length - tail.length);
    const frame = Buffer.allocUnsafe(head.length + payloadBytes + tail.length);
    head.copy(frame, 0);
    this.#pool.fill(frame, head.length, head.length + payloadBytes, index);
    tail.copy(frame, head.length + payloadBytes);
    return frame;
  }
}

interface PayloadPool {
  /** Fills `target` from `start` to `end` with valid content that depends on `index`. */
  fill(target: Buffer, start: number, end: number, index: number): void;
}

/** Cells of equal length that each are valid inside a JSON string, so that a cut between cells is safe. */
class TextPool implements PayloadPool {
  readonly #cells = Buffer.alloc(CELL * CELLS, " ");

  constructor(random: () => number) {
    for (let cell = 0; cell < CELLS; cell += 1) {
      let line = "";
      for (;;) {
        const next = line + WORDS[Math.floor(random() * WORDS.length)];
        if (Buffer.byteLength(next) > CELL) break;
        line = next;
      }
      this.#cells.write(line, cell * CELL);
    }
  }

  fill(target: Buffer, start: number, end: number, index: number): void {
    let from = ((index * 7) % CELLS) * CELL;
    let at = start;
    while (end - at >= CELL) {
      const length = Math.min(this.#cells.length - from, Math.floor((end - at) / CELL) * CELL);
      this.#cells.copy(target, at, from, from + length);
      at += length;
      from = 0;
    }
    target.fill(".", at, end);
  }
}

/** Rows of a JSON array, followed by a string that pads to the exact length. */
class RowPool implements PayloadPool {
  readonly #rows: Buffer;
  /** Where each row begins, and the end of the last one. */
  readonly #starts: number[] = [0];

  constructor(random: () => number) {
    const rows = Array.from({ length: ROWS }, (_, id) => Buffer.from(`${JSON.stringify(row(id, random))},`));
    this.#rows = Buffer.concat(rows);
    for (const each of rows) this.#starts.push((this.#starts.at(-1) ?? 0) + each.length);
  }

  fill(target: Buffer, start: number, end: number, index: number): void {
    let row = (index * 7) % ROWS;
    let at = start;
    // Two quotes close every payload: the array's last element is the padding string.
    while (at < end) {
      const from = this.#starts[row] ?? 0;
      const to = this.#startWithin(from, end - 2 - at);
      if (to <= from) break;
      this.#rows.copy(target, at, from, to);
      at += to - from;
      row = 0;
    }
    target.fill(".", at, end);
    if (end - at >= 2) target[at] = target[end - 1] = 0x22;
    else target.fill("0", at, end);
  }

  /** The furthest row border that is at most `room` bytes after `from`. */
  #startWithin(from: number, room: number): number {
    if (from + room >= this.#rows.length) return this.#rows.length;
    return this.#starts.findLast((start) => start <= from + room) ?? 0;
  }
}

function envelope({ kind, sessionId, seed }: FloodShape, index: number): { head: Buffer; tail: Buffer } {
  const serial = index.toString(16).padStart(12, "0");
  const uuid = `${seed.toString(16).padStart(8, "0").slice(-8)}-0000-4000-8000-${serial}`;
  const ids = `"parent_tool_use_id":null,"session_id":"${sessionId}","uuid":"${uuid}"`;
  switch (kind) {
    case "text":
      return {
        head: Buffer.from(
          `{"type":"assistant","message":{"id":"msg_${serial}","type":"message","role":"assistant","model":"scripted","content":[{"type":"text","text":"#${index} `,
        ),
        tail: Buffer.from(
          `"}],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":1,"output_tokens":1}},${ids}}\n`,
        ),
      };
    case "structured":
      return {
        head: Buffer.from(
          `{"type":"user","message":{"role":"user","content":[{"type":"tool_result","tool_use_id":"toolu_${serial}","content":"#${index}"}]},${ids},"tool_use_result":{"seq":${index},"rows":[`,
        ),
        tail: Buffer.from("]}}\n"),
      };
    case "stream_event":
      return {
        head: Buffer.from(
          `{"type":"stream_event",${ids},"event":{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"#${index} `,
        ),
        tail: Buffer.from('"}}}\n'),
      };
  }
}

const WORDS = [
  "lorem ",
  "function ",
  "const x = 1; ",
  "\\n",
  '\\"quoted\\" ',
  "\\\\path\\\\to ",
  "\\u2028",
  "größe ",
  "naïve ",
  "日本語 ",
  "🚀 ",
  "0123456789 ",
  "{braces} ",
  "tab\\there ",
  "the quick brown fox ",
] as const;

function row(id: number, random: () => number) {
  const word = () => Math.floor(random() * 2 ** 32).toString(36);
  return {
    id,
    name: `${word()} ${word()}`,
    tags: [word(), "größe", "a\nb"],
    score: random(),
    ok: random() < 0.5,
    note: null,
    nested: { path: [word(), { depth: Math.floor(random() * 10), items: [1, 2, 3] }] },
  };
}
