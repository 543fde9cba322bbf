import fc from "fast-check";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { messageEvents, messageObject } from "../../src/testing/message-stream.js";
import { type MessageReply, reply, text, thinking, toolUse } from "../../src/testing/model-reply.js";

interface WireEvent {
  readonly type: string;
  readonly index?: number;
  readonly delta?: { readonly type?: string; readonly [field: string]: unknown };
  readonly [field: string]: unknown;
}

function identity() {
  let calls = 0;
  return { messageId: "msg_1", model: "m", inputTokens: 7, nextToolUseId: () => `toolu_${++calls}` };
}

function eventsOf(message: MessageReply): WireEvent[] {
  return [...messageEvents(message, identity())].map(({ wire }) => {
    const match = /^event: (\w+)\ndata: (.*)\n\n$/.exec(wire);
    const [, name, data] = match ?? [];
    const parsed: WireEvent = JSON.parse(data ?? "null");
    assert.is(parsed.type, name);
    return parsed;
  });
}

function joined(events: readonly WireEvent[], type: string, field: string): string {
  return events
    .filter((event) => event.delta?.type === type)
    .map((event) => String(event.delta?.[field]))
    .join("");
}

const stream = suite("messageEvents");

stream("has the events of the Messages API in their order", () => {
  const events = eventsOf(reply([thinking("hm"), "hello", toolUse("Bash", { command: "ls" })]));
  assert.equal(
    events.map((event) => `${event.type}${event.index ?? ""}`),
    [
      "message_start",
      ...["start0", "delta0", "delta0", "stop0"].map((name) => `content_block_${name}`),
      ...["start1", "delta1", "stop1"].map((name) => `content_block_${name}`),
      ...["start2", "delta2", "stop2"].map((name) => `content_block_${name}`),
      "message_delta",
      "message_stop",
    ],
  );
  assert.equal(events.at(-2)?.delta, { stop_reason: "tool_use", stop_sequence: null });
});

stream("delivers any text and any tool input whole, whatever the chunk size", () => {
  const anyText = fc.string({ unit: "binary", maxLength: 200 });
  fc.assert(
    fc.property(
      anyText,
      fc.dictionary(fc.string(), fc.jsonValue()),
      fc.integer({ min: 1, max: 50 }),
      (value, input, chunkSize) => {
        const events = eventsOf(reply([text(value), thinking(value), toolUse("T", input)], { chunkSize }));
        assert.is(joined(events, "text_delta", "text"), value);
        assert.is(joined(events, "thinking_delta", "thinking"), value);
        assert.is(joined(events, "input_json_delta", "partial_json"), JSON.stringify(input));
        for (const { delta } of events) {
          if (delta?.type === "text_delta") assert.ok(String(delta.text).length <= chunkSize + 1);
        }
      },
    ),
  );
});

stream("never cuts a surrogate pair", () => {
  const pieces = eventsOf(reply([text("🚀🚀🚀", { chunkSize: 1 })])).filter(
    (event) => event.delta?.type === "text_delta",
  );
  assert.equal(
    pieces.map((piece) => piece.delta?.text),
    ["🚀", "🚀", "🚀"],
  );
});

stream("uses the reply's own stop reason, usage, tool id and delay", () => {
  const message = reply([toolUse("T", {}, { id: "mine" })], {
    stopReason: "max_tokens",
    usage: { output_tokens: 99, cache_read_input_tokens: 5 },
    delayMs: 30,
  });
  const whole = messageObject(message, identity());
  assert.is(whole.stop_reason, "max_tokens");
  assert.is(whole.content[0]?.id, "mine");
  assert.is(whole.usage.output_tokens, 99);
  assert.is(whole.usage.input_tokens, 7);
  assert.is(whole.usage.cache_read_input_tokens, 5);
  assert.equal([...messageEvents(message, identity())].map((event) => event.delayMs).slice(0, 2), [30, 0]);
});

stream.run();

const replies = suite("reply");
replies("refuses what cannot be streamed", () => {
  assert.throws(() => reply([text("x", { chunkSize: 0 })]), /chunkSize is 0/);
});
replies.run();
