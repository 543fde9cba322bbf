import { suite } from "uvu";
import * as assert from "uvu/assert";
import * as v from "valibot";
import { contentBlockSchema, contentBlockSchemas, messageContentSchema } from "../../src/protocol/index.js";

const text = { type: "text", text: "hi" };
const png = { type: "base64", media_type: "image/png", data: "iVBORw0KGgo=" };
const failure = (type: string) => ({ type, error_code: "unavailable" });
const answer = (type: string, content: unknown) => ({ type, tool_use_id: "srvtoolu_1", content });
const execution = { stdout: "1\n", stderr: "", return_code: 0, content: [{ type: "x", file_id: "f" }] };

/** Every kind of block, in the shapes it comes in. */
const accepted: Readonly<Record<string, readonly object[]>> = {
  text: [
    text,
    { ...text, citations: null },
    {
      ...text,
      citations: [
        { type: "char_location", cited_text: "h", document_index: 0, start_char_index: 0, end_char_index: 1 },
        { type: "web_search_result_location", url: "https://a", title: null, encrypted_index: "e" },
        { type: "brand_new_location", where: "there" },
      ],
    },
    { ...text, cache_control: { type: "ephemeral", ttl: "1h" } },
  ],
  thinking: [
    { type: "thinking", thinking: "hm", signature: "sig" },
    { type: "thinking", thinking: "" },
  ],
  redacted_thinking: [{ type: "redacted_thinking", data: "AAAA" }],
  image: [
    { type: "image", source: png },
    { type: "image", source: { type: "url", url: "https://a/b.gif" } },
    { type: "image", source: { type: "file", file_id: "file_1" } },
    { type: "image", source: { type: "brand_new" } },
  ],
  document: [
    {
      type: "document",
      source: { type: "base64", media_type: "application/pdf", data: "JVBERg==" },
      title: null,
    },
    { type: "document", source: { type: "text", media_type: "text/plain", data: "plain" } },
    { type: "document", source: { type: "content", content: "plain" } },
    { type: "document", source: { type: "content", content: [text, { type: "image", source: png }] } },
    { type: "document", source: { type: "url", url: "https://a/b.pdf" }, citations: { enabled: true } },
    { type: "document", source: { type: "file", file_id: "file_1" } },
  ],
  search_result: [{ type: "search_result", source: "https://a", title: "A", content: [text] }],
  container_upload: [{ type: "container_upload", file_id: "file_1" }],
  tool_use: [
    { type: "tool_use", id: "toolu_1", name: "Bash", input: { command: "ls" } },
    { type: "tool_use", id: "toolu_1", name: "Bash", input: {}, caller: { type: "direct" } },
    { type: "tool_use", id: "toolu_1", name: "Bash", input: "not even an object" },
    { type: "tool_use", id: "toolu_1", name: "Bash" },
  ],
  tool_result: [
    { type: "tool_result", tool_use_id: "toolu_1" },
    { type: "tool_result", tool_use_id: "toolu_1", content: "text", is_error: true },
    { type: "tool_result", tool_use_id: "toolu_1", content: [text, { type: "image", source: png }] },
    { type: "tool_result", tool_use_id: "toolu_1", content: [] },
    { type: "tool_result", tool_use_id: "toolu_1", content: { rows: [] } },
  ],
  tool_reference: [{ type: "tool_reference", tool_name: "mcp__db__query" }],
  server_tool_use: [
    { type: "server_tool_use", id: "srvtoolu_1", name: "web_search", input: { query: "q" } },
    { type: "server_tool_use", id: "srvtoolu_1", name: "brand_new", input: {} },
  ],
  mcp_tool_use: [{ type: "mcp_tool_use", id: "mcptoolu_1", name: "query", server_name: "db", input: {} }],
  mcp_tool_result: [
    { type: "mcp_tool_result", tool_use_id: "mcptoolu_1", is_error: false, content: "text" },
    { type: "mcp_tool_result", tool_use_id: "mcptoolu_1", is_error: false, content: [text] },
  ],
  mcp_tool_listing: [{ type: "mcp_tool_listing", mcp_server_name: "db", tools: [{ name: "query" }] }],
  web_search_tool_result: [
    answer("web_search_tool_result", [
      { type: "web_search_result", title: "A", url: "https://a", page_age: null, encrypted_content: "e" },
    ]),
    answer("web_search_tool_result", failure("web_search_tool_result_error")),
    answer("web_search_tool_result", { type: "brand_new" }),
  ],
  web_fetch_tool_result: [
    answer("web_fetch_tool_result", {
      type: "web_fetch_result",
      url: "https://a",
      retrieved_at: null,
      content: { type: "document", source: { type: "text", media_type: "text/plain", data: "a" } },
    }),
    answer("web_fetch_tool_result", failure("web_fetch_tool_result_error")),
  ],
  code_execution_tool_result: [
    answer("code_execution_tool_result", { type: "code_execution_result", ...execution }),
    answer("code_execution_tool_result", { type: "encrypted_code_execution_result", encrypted_stdout: "e" }),
    answer("code_execution_tool_result", failure("code_execution_tool_result_error")),
  ],
  bash_code_execution_tool_result: [
    answer("bash_code_execution_tool_result", { type: "bash_code_execution_result", ...execution }),
    answer("bash_code_execution_tool_result", failure("bash_code_execution_tool_result_error")),
  ],
  text_editor_code_execution_tool_result: [
    answer("text_editor_code_execution_tool_result", {
      type: "text_editor_code_execution_view_result",
      content: "a",
      file_type: "text",
      num_lines: null,
    }),
    answer("text_editor_code_execution_tool_result", {
      type: "text_editor_code_execution_create_result",
      is_file_update: false,
    }),
    answer("text_editor_code_execution_tool_result", {
      type: "text_editor_code_execution_str_replace_result",
      lines: ["a"],
      old_start: 1,
    }),
    answer("text_editor_code_execution_tool_result", failure("text_editor_code_execution_tool_result_error")),
  ],
  tool_search_tool_result: [
    answer("tool_search_tool_result", {
      type: "tool_search_tool_search_result",
      tool_references: [{ type: "tool_reference", tool_name: "Bash" }],
    }),
    answer("tool_search_tool_result", failure("tool_search_tool_result_error")),
  ],
  advisor_tool_result: [
    answer("advisor_tool_result", { type: "advisor_result", text: "Better not", stop_reason: null }),
    answer("advisor_tool_result", { type: "advisor_redacted_result", encrypted_content: "e" }),
    answer("advisor_tool_result", failure("advisor_tool_result_error")),
  ],
  compaction: [{ type: "compaction", content: null, encrypted_content: "e", tool_changes: null }],
  fallback: [
    {
      type: "fallback",
      from: { model: "a" },
      to: { model: "b" },
      trigger: { type: "refusal", category: null },
    },
    { type: "fallback", from: { model: "a" }, to: { model: "b" } },
  ],
};

const refused: readonly [name: string, block: unknown][] = [
  ["text without text", { type: "text" }],
  ["text that is a number", { type: "text", text: 1 }],
  ["thinking without thinking", { type: "thinking", signature: "s" }],
  ["tool_use without id", { type: "tool_use", name: "Bash", input: {} }],
  ["tool_use without name", { type: "tool_use", id: "toolu_1", input: {} }],
  ["tool_result without tool_use_id", { type: "tool_result", content: "a" }],
  ["tool_result with a number for content", { type: "tool_result", tool_use_id: "toolu_1", content: 1 }],
  ["image without source", { type: "image" }],
  ["image without data", { type: "image", source: { type: "base64", media_type: "image/png" } }],
  ["no type", { text: "hi" }],
  ["a string", "hi"],
  ["null", null],
];

const blocks = suite("content blocks");

blocks("there is a sample of every kind", () => {
  assert.equal(Object.keys(accepted).sort(), Object.keys(contentBlockSchemas).sort());
});

for (const [type, shapes] of Object.entries(accepted)) {
  blocks(`${type} in ${shapes.length} shapes`, () => {
    for (const shape of shapes) {
      const result = v.safeParse(contentBlockSchema, shape);
      assert.ok(result.success, JSON.stringify([shape, result.issues?.map((issue) => issue.message)]));
      assert.equal(result.output, shape);
      assert.is(v.is(contentBlockSchema, { ...shape, novelty: 1 }), true);
    }
  });
}

for (const [name, block] of refused) {
  blocks(`refused: ${name}`, () => assert.not(v.is(contentBlockSchema, block)));
}

blocks("a block of an unknown type passes through", () => {
  const block = { type: "hologram", depth: 3, parts: [{ a: 1 }] };
  assert.equal(v.parse(contentBlockSchema, block), block);
  assert.equal(v.parse(messageContentSchema, [text, block]), [text, block]);
});

blocks("content is a string or blocks", () => {
  assert.is(v.parse(messageContentSchema, "hi"), "hi");
  assert.equal(v.parse(messageContentSchema, []), []);
  assert.not(v.is(messageContentSchema, text));
  assert.not(v.is(messageContentSchema, null));
  assert.not(v.is(messageContentSchema, ["hi"]));
});

blocks.run();
