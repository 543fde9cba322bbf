import { suite } from "uvu";
import * as assert from "uvu/assert";
import {
  isAssistant,
  isControlRequest,
  isControlResponse,
  isErrorResult,
  isInit,
  isRateLimit,
  isResult,
  isStreamEvent,
  isSystem,
  isUnknown,
  isUser,
} from "../../src/protocol/index.js";
import { withGetters } from "./copies.js";
import { sampleFrames } from "./sample-frames.js";

const guards = suite("guards");

/** The samples that each guard is true for, by the beginning of their name. */
const table: readonly [name: string, guard: (message: unknown) => boolean, trueFor: RegExp][] = [
  ["isResult", isResult, /^result\//],
  ["isErrorResult", isErrorResult, /^result\/error/],
  ["isAssistant", isAssistant, /^assistant$/],
  ["isUser", isUser, /^user$/],
  ["isSystem", (message) => isSystem(message), /^system\//],
  ["isSystem(status)", (message) => isSystem(message, "status"), /^system\/status$/],
  ["isInit", isInit, /^system\/init$/],
  ["isStreamEvent", isStreamEvent, /^stream_event$/],
  ["isRateLimit", isRateLimit, /^rate_limit_event$/],
  ["isControlRequest", isControlRequest, /^control_request$/],
  ["isControlResponse", isControlResponse, /^control_response$/],
  ["isUnknown", isUnknown, /^$/],
];

const odd: readonly unknown[] = [
  undefined,
  null,
  0,
  "result",
  [],
  {},
  { type: 7 },
  { type: null },
  { type: "result" },
  { type: "result", subtype: 7 },
  { type: "system" },
  Object.create(null),
  () => "result",
];

for (const [name, guard, trueFor] of table) {
  guards(name, () => {
    for (const [sample, frame] of Object.entries(sampleFrames)) {
      assert.is(guard(frame), trueFor.test(sample), sample);
      assert.is(guard(withGetters(frame)), trueFor.test(sample), `${sample} with getters`);
    }
    for (const value of odd) assert.is(guard(value), false, String(JSON.stringify(value)));
  });
}

guards("a success that says it is an error is an error", () => {
  const success = sampleFrames["result/success"];
  assert.not(isErrorResult(success));
  assert.ok(isErrorResult({ ...success, is_error: true }));
  assert.ok(isErrorResult({ type: "result", subtype: "error_of_tomorrow", is_error: false }));
});

guards("a system subtype that is not modelled can be asked for", () => {
  assert.ok(isSystem({ type: "system", subtype: "brand_new" }, "brand_new"));
  assert.not(isSystem({ type: "system", subtype: "brand_new" }, "init"));
});

guards("a type that is not modelled is unknown", () => {
  assert.ok(isUnknown({ type: "brand_new" }));
  assert.ok(isUnknown({ type: "constructor" }));
});

guards.run();
