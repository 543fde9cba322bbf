import { suite } from "uvu";
import * as assert from "uvu/assert";
import * as v from "valibot";
import { contentDeltaSchema, parseMessage, rawStreamEventSchema } from "../../src/protocol/index.js";

const message = { id: "msg_1", type: "message", role: "assistant", model: "m", content: [], usage: {} };

const events: readonly object[] = [
  { type: "message_start", message },
  { type: "content_block_start", index: 0, content_block: { type: "text", text: "" } },
  {
    type: "content_block_start",
    index: 1,
    content_block: { type: "tool_use", id: "toolu_1", name: "Bash", input: {} },
  },
  { type: "content_block_start", index: 2, content_block: { type: "thinking", thinking: "" } },
  { type: "content_block_start", index: 3, content_block: { type: "hologram" } },
  { type: "content_block_stop", index: 0 },
  {
    type: "message_delta",
    delta: { stop_reason: "end_turn", stop_sequence: null },
    usage: { output_tokens: 7, input_tokens: null },
  },
  { type: "message_stop" },
  { type: "ping" },
  { type: "error", error: { type: "overloaded_error", message: "Overloaded" } },
  { type: "brand_new_event", x: 1 },
];

const deltas: readonly object[] = [
  { type: "text_delta", text: "a" },
  { type: "input_json_delta", partial_json: '{"comm' },
  { type: "thinking_delta", thinking: "hm", estimated_tokens: null },
  { type: "signature_delta", signature: "s" },
  { type: "citations_delta", citation: { type: "page_location", cited_text: "a", start_page_number: 1 } },
  { type: "compaction_delta", content: null, encrypted_content: "e" },
  { type: "brand_new_delta", x: 1 },
];

const refused: readonly object[] = [
  { type: "content_block_delta", index: 0 },
  { type: "content_block_delta", index: 0, delta: { type: "text_delta" } },
  { type: "content_block_delta", delta: { type: "text_delta", text: "a" } },
  { type: "content_block_start", index: 0, content_block: { type: "text" } },
  { type: "message_start", message: { id: "msg_1" } },
  { index: 0 },
];

const frame = (event: object) => ({ type: "stream_event", event, uuid: "u", session_id: "s" });

const stream = suite("stream events");

stream("every event and delta is accepted as it is", () => {
  const all = [...events, ...deltas.map((delta) => ({ type: "content_block_delta", index: 0, delta }))];
  for (const event of all) {
    assert.equal(v.parse(rawStreamEventSchema, event), event, JSON.stringify(event));
    assert.is(parseMessage(frame(event)).kind, "known", JSON.stringify(event));
  }
});

stream("there is a sample of everything that is modelled", () => {
  const tags = (samples: readonly object[]) => new Set(samples.map((sample) => Reflect.get(sample, "type")));
  const missing = [...rawStreamEventSchema.tags].filter((tag) => !tags(events).has(tag));
  assert.equal(missing, ["content_block_delta"], "the deltas have a table of their own");
  assert.equal(
    [...contentDeltaSchema.tags].filter((tag) => !tags(deltas).has(tag)),
    [],
  );
});

stream("an event without its substance is refused", () => {
  for (const event of refused) assert.is(parseMessage(frame(event)).kind, "invalid", JSON.stringify(event));
});

stream.run();
