/** Frames of one kind each, so that a figure tells what that kind costs. No two are alike; a seed makes them. */

/** What a micro frame holds. */
export type MicroKind =
  | "partial"
  | "message"
  | "ascii"
  | "escapes"
  | "non-ascii"
  | "structured"
  | "base64"
  | "many-texts"
  | "many-results";

/** About how long a frame of each kind is. */
const BYTES: Readonly<Record<MicroKind, number>> = {
  partial: 500,
  message: 10_000,
  ascii: 300_000,
  escapes: 300_000,
  "non-ascii": 300_000,
  structured: 300_000,
  base64: 300_000,
  "many-texts": 300_000,
  "many-results": 300_000,
};

/** How many large parts the frames of the kinds `many-…` have. */
export const PARTS = 10;

/** The first `count` frames of a kind as lines without their newline. */
export function microFrames(kind: MicroKind, count: number): Buffer[] {
  const random = new Random(kind.length * 7919);
  return Array.from({ length: count }, (_, index) => Buffer.from(JSON.stringify(frame(kind, index, random))));
}

function frame(kind: MicroKind, index: number, random: Random): object {
  const ids = { parent_tool_use_id: null, session_id: SESSION, uuid: random.uuid(index) };
  const bytes = BYTES[kind] - 350;
  const part = Math.floor(bytes / PARTS);
  switch (kind) {
    case "partial":
      return {
        type: "stream_event",
        event: {
          type: "content_block_delta",
          index: 0,
          delta: { type: "text_delta", text: random.text(MIXED, bytes + 100) },
        },
        ...ids,
      };
    case "message":
      return assistant([{ type: "text", text: random.text(MIXED, bytes) }], ids);
    case "ascii":
      return assistant([{ type: "text", text: random.text(PLAIN, bytes) }], ids);
    case "escapes":
      return assistant([{ type: "text", text: random.text(ESCAPED, bytes) }], ids);
    case "non-ascii":
      return assistant([{ type: "text", text: random.text(FOREIGN, bytes) }], ids);
    case "base64":
      return toolResult(
        [
          {
            type: "image",
            source: { type: "base64", media_type: "image/png", data: random.base64(bytes) },
          },
        ],
        ids,
      );
    case "structured":
      return { ...toolResult("read", ids), tool_use_result: { rows: random.rows(bytes) } };
    case "many-texts":
      return assistant(
        Array.from({ length: PARTS }, () => ({ type: "text", text: random.text(MIXED, part) })),
        ids,
      );
    case "many-results":
      return {
        ...toolResult("read", ids),
        tool_use_result: Object.fromEntries(
          Array.from({ length: PARTS }, (_, number) => [`part${number}`, random.rows(part)]),
        ),
      };
  }
}

const SESSION = "6b1f0a52-0000-4000-8000-3f6d2c9e7a10";

function assistant(content: readonly object[], ids: object): object {
  const usage = { input_tokens: 3, output_tokens: 900 };
  return { type: "assistant", message: { role: "assistant", content, stop_reason: null, usage }, ...ids };
}

function toolResult(content: unknown, ids: object): object {
  const block = { type: "tool_result", tool_use_id: "toolu_01", content };
  return { type: "user", message: { role: "user", content: [block] }, ...ids };
}

const PLAIN = [
  "the ",
  "quick brown ",
  "fox ",
  "jumps over ",
  "0123456789 ",
  "const total = ",
  "(a + b) ",
  "; ",
];
/** Source code as a tool result: many quotes, backslashes, tabs and line ends. */
const ESCAPED = [
  '"name": ',
  "\n\t",
  '"value",\n',
  "C:\\path\\to ",
  "if (x) {\n",
  "\t}\n",
  'say("hi")\n',
  "\u0007",
];
const FOREIGN = ["größe ", "naïve ", "日本語の文章 ", "🚀 ", "Привет ", "word ", "中文字符 "];
const MIXED = [...PLAIN, ...PLAIN, "line\n", 'a "quoted" word ', "\tindented\n", "größe ", "日本語 "];

/** Mulberry32 and what is made of it: small, fast, and the same on every machine. */
class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  /** From 0 up to 1. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  uuid(index: number): string {
    const tail = Math.floor(this.next() * 2 ** 48).toString(16);
    return `${index.toString(16).padStart(8, "0")}-0000-4000-8000-${tail.padStart(12, "0")}`;
  }

  word(): string {
    return Math.floor(this.next() * 2 ** 32).toString(36);
  }

  /** Words that make about so many bytes of JSON text. */
  text(words: readonly string[], bytes: number): string {
    const sizes = words.map((word) => Buffer.byteLength(JSON.stringify(word)) - 2);
    let text = "";
    for (let size = 0; size < bytes; ) {
      const pick = Math.floor(this.next() * words.length);
      text += words[pick] ?? "";
      size += sizes[pick] ?? 1;
    }
    return text;
  }

  base64(bytes: number): string {
    const data = new Uint32Array(Math.floor(((bytes / 4) * 3) / 4));
    for (let at = 0; at < data.length; at++) data[at] = this.next() * 2 ** 32;
    return Buffer.from(data.buffer).toString("base64");
  }

  /** Rows of a table or a search: short strings, numbers, nesting. */
  rows(bytes: number): object[] {
    const rows: object[] = [];
    for (let size = 0; size < bytes; ) {
      const row = {
        id: rows.length,
        name: `${this.word()} ${this.word()}`,
        tags: [this.word(), "größe", "a\nb"],
        score: this.next(),
        ok: this.next() < 0.5,
        note: null,
        nested: { path: [this.word(), { depth: Math.floor(this.next() * 10), items: [1, 2, 3] }] },
      };
      rows.push(row);
      size += Buffer.byteLength(JSON.stringify(row)) + 1;
    }
    return rows;
  }
}
