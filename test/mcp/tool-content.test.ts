import type { CallToolResult } from "@modelcontextprotocol/sdk/types.js";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { ToolResult } from "../../src/mcp/index.js";
import { wireResult, withBase64 } from "../../src/mcp/tool-content.js";

const content = suite("wireResult");

const text = { type: "text", text: "hello" } as const;
const image = { type: "image", mimeType: "image/png", data: new Uint8Array([1, 2, 3]) } as const;
const link = { type: "resource_link", uri: "file:///a", name: "a" } as const;
const resource = { type: "resource", resource: { uri: "file:///a", blob: Buffer.from("abc") } } as const;

const rows: [title: string, returned: ToolResult, expected: object][] = [
  ["a string", "hello", { content: [text] }],
  ["nothing", undefined, { content: [] }],
  ["a block", image, { content: [image] }],
  ["blocks", [text, image, link, resource], { content: [text, image, link, resource] }],
  ["no blocks", [], { content: [] }],
  [
    "a result",
    { content: [text], isError: true, _meta: { a: 1 } },
    { content: [text], isError: true, _meta: { a: 1 } },
  ],
  [
    "structured content alone",
    { structuredContent: { a: 1 } },
    { structuredContent: { a: 1 }, content: [{ type: "text", text: '{"a":1}' }] },
  ],
  [
    "structured content beside blocks",
    { structuredContent: { a: 1 }, content: [text] },
    { structuredContent: { a: 1 }, content: [text] },
  ],
  [
    "unknown fields",
    { content: [{ ...text, later: 1 }], later: 2 },
    { content: [{ ...text, later: 1 }], later: 2 },
  ],
];
for (const [title, returned, expected] of rows) {
  content(title, () => assert.equal(wireResult(returned), expected));
}

const mistakes: [title: string, returned: unknown, message: RegExp][] = [
  ["a number", 7, /what is no result: it .*Expected Object but received 7/],
  ["null", null, /what is no result/],
  [
    "a block of unknown type",
    { type: "video" },
    /content\.0\S* is no content block: its type must be text, image/,
  ],
  ["an image without a type", { type: "image", data: "" }, /content\.0\.mimeType/],
  [
    "an image without data",
    { type: "image", mimeType: "image/png", data: 1 },
    /data must be base64 or a Uint8Array/,
  ],
  ["structured content that is no object", { structuredContent: "x" }, /structuredContent/],
  ["content that is no list", { content: "x" }, /content/],
];
for (const [title, returned, message] of mistakes) {
  content(`an error for the model: ${title}`, () => {
    const { isError, content: blocks } = wireResult(returned);
    assert.is(isError, true);
    assert.match(String(blocks[0]?.text), message);
  });
}

content("withBase64 encodes bytes and leaves the rest", () => {
  const encoded = withBase64(wireResult([text, image, link, resource, { ...image, data: "AQID" }]));
  const [, data, , blob, string] = encoded.content;
  assert.equal(encoded.content[0], text);
  assert.is(data?.data, "AQID");
  assert.equal(blob?.resource, { uri: "file:///a", blob: "YWJj" });
  assert.is(string?.data, "AQID");
});

content("withBase64 encodes the view's bytes alone", () => {
  const view = new Uint8Array([9, 1, 2, 3, 9]).subarray(1, 4);
  assert.is(withBase64(wireResult({ ...image, data: view })).content[0]?.data, "AQID");
});

content("the result type of the MCP SDK is one of ours", () => {
  const theirs: CallToolResult = { content: [text] };
  const ours: ToolResult = theirs;
  assert.equal(wireResult(ours), theirs);
});

content.run();
