import * as fc from "fast-check";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { formatByEnding, type RowFormat, readRows } from "../../../src/batch/rows/read-rows.js";
import { chunked, collect } from "./chunked.js";

interface Case {
  readonly format: RowFormat;
  readonly text: string | Buffer;
  readonly template?: string;
  readonly idColumn?: string;
  /** `line id=prompt` of rows, `line! reason` of bad ones, the message of an error. */
  readonly rows: readonly (string | RegExp)[];
}

async function read(
  { format, text, template, idColumn }: Case,
  sizes?: readonly number[],
): Promise<string[]> {
  const options = { file: "in", ...(template && { template }), ...(idColumn && { idColumn }) };
  const rows = await collect(readRows(chunked(text, sizes), format, options));
  return rows.map((row) => {
    if (typeof row === "string") return row;
    if ("reason" in row) return `${row.line}! ${row.reason}`;
    const { id, prompt, ...overrides } = row.prompt;
    const more = Object.keys(overrides).length === 0 ? "" : ` ${JSON.stringify(overrides)}`;
    return `${row.line} ${id}=${typeof prompt === "string" ? prompt : JSON.stringify(prompt)}${more}`;
  });
}

const BOM = "\ufeff";
const LATIN_1 = Buffer.from("caf\xe9", "latin1");
const json = (value: object) => JSON.stringify(value);

const CASES: Readonly<Record<string, Case>> = {
  "plain lines": { format: "lines", text: "a\n\n  \nb c\n", rows: ["1 line-1=a", "4 line-4=b c"] },
  "lines of Windows, with a mark": {
    format: "lines",
    text: `${BOM}a\r\n\r\nb`,
    rows: ["1 line-1=a", "3 line-3=b"],
  },
  "an empty file of lines": { format: "lines", text: "", rows: [] },
  "a mark alone": { format: "lines", text: BOM, rows: [] },
  "a line separator is no end of a line": {
    format: "lines",
    text: "a\u2028b\u0085c\rd",
    rows: ["1 line-1=a\u2028b\u0085c\rd"],
  },
  "a line in another encoding": {
    format: "lines",
    text: Buffer.concat([Buffer.from("a\n"), LATIN_1, Buffer.from("\nb")]),
    rows: ["1 line-1=a", /^2! it is not UTF-8/, "3 line-3=b"],
  },
  JSONL: {
    format: "jsonl",
    text: `${BOM}{"id":"x","prompt":"a"}\r\n{"custom_id":7,"prompt":"日本 😀"}\n\n{"prompt":"no id"}`,
    rows: ["1 x=a", "2 7=日本 😀", "4 line-4=no id"],
  },
  overrides: {
    format: "jsonl",
    text: json({
      id: "x",
      prompt: "a",
      model: "m",
      systemPrompt: "",
      cwd: "/d",
      allowedTools: ["Read"],
      jsonSchema: { type: "object" },
      timeoutMs: 5,
      metadata: null,
    }),
    rows: [
      '1 x=a {"model":"m","systemPrompt":"","cwd":"/d","allowedTools":["Read"],"jsonSchema":{"type":"object"},"timeoutMs":5,"metadata":null}',
    ],
  },
  "content blocks": {
    format: "jsonl",
    text: json({ prompt: [{ type: "text", text: "a" }] }),
    rows: ['1 line-1=[{"type":"text","text":"a"}]'],
  },
  "broken JSON": {
    format: "jsonl",
    text: '{"prompt":"a"}\n{"prompt":\n',
    rows: ["1 line-1=a", /^2! it is not JSON: /],
  },
  "JSON that is no row": {
    format: "jsonl",
    text: '[]\nnull\n"a"\n{}\n{"id":"x"}',
    rows: [
      "1! it is no JSON object",
      "2! it is no JSON object",
      "3! it is no JSON object",
      '4! it has no "prompt"',
      '5! it has no "prompt"',
    ],
  },
  "fields that cannot be": {
    format: "jsonl",
    text: [
      { prompt: " " },
      { prompt: 5 },
      { prompt: [] },
      { prompt: ["a"] },
      { prompt: "a", id: "" },
      { prompt: "a", id: true },
      { prompt: "a", id: 1.5 },
      { prompt: "a", id: "1", custom_id: "2" },
      { prompt: "a", model: "" },
      { prompt: "a", allowedTools: "Read" },
      { prompt: "a", timeoutMs: 0 },
      { prompt: "a", timeoutMs: 1e12 },
      { prompt: "a", jsonSchema: [] },
      { prompt: "a", modle: "opus" },
    ]
      .map(json)
      .join("\n"),
    rows: [
      /^1! "prompt": it must be a text that is not empty/,
      /^2! "prompt": it must be a text/,
      /^3! "prompt": it must be/,
      /^4! "prompt": it must be/,
      /^5! "id": /,
      /^6! "id": /,
      /^7! "id": /,
      '8! it has both "id" and "custom_id"',
      '9! "model": it is empty',
      '10! "allowedTools": it must be a list of texts',
      '11! "timeoutMs": it must be at least 1',
      /^12! "timeoutMs": it must be at most/,
      /^13! "jsonSchema": it must be a JSON Schema/,
      /^14! it has an unknown field "modle"; known are id, custom_id, prompt,/,
    ],
  },
  "CSV with the column prompt": {
    format: "csv",
    text: `${BOM}id,prompt\r\n1,a\r\n2,"b, c"\r\n`,
    rows: ["2 1=a", "3 2=b, c"],
  },
  "CSV with a template": {
    format: "csv",
    text: 'name, body \nAda,"x\r\ny ""z""\n\n!"\n\n\nBob,é$&{{name}}',
    template: "{{name}}: {{ body }}?",
    rows: ['2 line-2=Ada: x\ny "z"\n\n!?', "8 line-8=Bob: é$&{{name}}?"],
  },
  "CSV with a column for ids": {
    format: "csv",
    text: "id,key,prompt\n1,x,a\n2,,b\n",
    idColumn: "key",
    rows: ["2 x=a", '3! its column "key" for the id is empty'],
  },
  "CSV with fields too few, too many and empty": {
    format: "csv",
    text: "id,prompt\n1\n2,a,b\n3,\n4,ok",
    rows: [
      "2! it has 1 fields where the header has 2",
      "3! it has 3 fields where the header has 2",
      /^4! it has no prompt/,
      "5 4=ok",
    ],
  },
  "CSV without its column": {
    format: "csv",
    text: "id,body\n1,a\n",
    rows: [/^in:1: There is neither a column prompt nor a template\. The columns are: id, body\.$/],
  },
  "a template that names a missing column": {
    format: "csv",
    text: "id,body\n1,a\n",
    template: "{{body}} {{titel}}",
    rows: [/^in:1: The template names columns that are missing: "titel"\./],
  },
  "a column twice": { format: "csv", text: "prompt,prompt\na,b\n", rows: [/two columns "prompt"/] },
  "a missing column for ids": {
    format: "csv",
    text: "prompt\na\n",
    idColumn: "key",
    rows: [/no column "key"/],
  },
  "an empty CSV": { format: "csv", text: "", rows: ["in is empty: it has no header."] },
  "CSV with a header alone": { format: "csv", text: "id,prompt\n", rows: [] },
  "a quote that is never closed": {
    format: "csv",
    text: 'id,prompt\n1,a\n2,"b\n3,c\n',
    rows: [/^in:4: the end of the file within a quote that is never closed \(in record 2 below the header\)/],
  },
  "a quote within a field": {
    format: "csv",
    text: 'id,prompt\n1,5" nails\n2,b\n',
    rows: [/^in:2: a quote within a field/],
  },
  "text behind a quote": {
    format: "csv",
    text: 'id,prompt\n1,"a" b\n2,b\n',
    rows: [/^in:2: text behind a closing quote/],
  },
  "CSV in another encoding": {
    format: "csv",
    text: Buffer.concat([Buffer.from("id,prompt\n1,a\n2,"), LATIN_1, Buffer.from("\n")]),
    rows: [/^in, at line \d+ or soon after: it is not UTF-8/],
  },
  "CSV that is cut within a letter": {
    format: "csv",
    text: Buffer.from("prompt\né").subarray(0, -1),
    rows: [/not UTF-8/],
  },
};

const reading = suite("rows of an input");

for (const [title, given] of Object.entries(CASES)) {
  reading(title, async () => {
    const rows = await read(given);
    assert.is(rows.length, given.rows.length, rows.join("\n"));
    for (const [index, expected] of given.rows.entries()) {
      if (typeof expected === "string") assert.is(rows[index], expected);
      else assert.match(rows[index] ?? "", expected);
    }
  });
}

reading("however the bytes are cut, the rows are the same", async () => {
  const sizes = fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 80 });
  const whole = Object.values(CASES).filter(
    ({ rows }) => !rows.some((row) => row instanceof RegExp && /UTF-8|in:/.test(row.source)),
  );
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...whole), sizes, async (given, cuts) => {
      assert.equal(await read(given, cuts), await read(given));
    }),
    { numRuns: 300 },
  );
});

reading("whatever is written as CSV is read back", async () => {
  const field = fc.string({ unit: fc.constantFrom("a", "é", "😀", ",", '"', "\n", " ", "{", "}") });
  const records = fc.array(fc.tuple(field, field), { maxLength: 8 });
  const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
  await fc.assert(
    fc.asyncProperty(records, fc.constantFrom("\n", "\r\n"), fc.boolean(), async (all, ending, ended) => {
      const lines = [["a", "b"], ...all].map((fields) => fields.map(quoted).join(","));
      const text = lines.join(ending) + (ended ? ending : "");
      const rows = await collect(
        readRows(chunked(text, [7, 7]), "csv", { file: "in", template: "<{{a}}|{{b}}>" }),
      );
      const prompts = rows.flatMap((row) =>
        typeof row === "object" && "prompt" in row ? [row.prompt.prompt] : [],
      );
      const wanted = all.filter((fields) => fields.some((text) => text.trim() !== ""));
      assert.equal(
        prompts,
        wanted.map(([a, b]) => `<${a}|${b}>`),
      );
    }),
  );
});

reading("formats by their endings", () => {
  assert.equal([".jsonl", ".ndjson", ".csv", ".txt", ".json", ""].map(formatByEnding), [
    "jsonl",
    "jsonl",
    "csv",
    "lines",
    undefined,
    undefined,
  ]);
});

reading("leaving early closes the source", async () => {
  for (const format of ["jsonl", "csv", "lines"] as const) {
    let closed = false;
    const endless = async function* () {
      try {
        yield Buffer.from("prompt\n");
        for (;;) yield Buffer.from("a\n".repeat(1_000));
      } finally {
        closed = true;
      }
    };
    for await (const _row of readRows(endless(), format, { file: "in" })) break;
    for (let turn = 0; !closed && turn < 100; turn += 1)
      await new Promise((resolve) => setTimeout(resolve, 10));
    assert.ok(closed, format);
  }
});

reading.run();
