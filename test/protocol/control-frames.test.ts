import { suite } from "uvu";
import * as assert from "uvu/assert";
import * as v from "valibot";
import {
  type ClaudeInput,
  claudeInputSchema,
  controlError,
  controlRequest,
  controlSuccess,
  interruptRequest,
} from "../../src/protocol/index.js";

const rows: readonly [name: string, frame: ClaudeInput, line: string][] = [
  [
    "interrupt",
    interruptRequest("r1"),
    '{"type":"control_request","request_id":"r1","request":{"subtype":"interrupt"}}',
  ],
  [
    "a request with fields",
    controlRequest("r1", "set_model", { model: null }),
    '{"type":"control_request","request_id":"r1","request":{"model":null,"subtype":"set_model"}}',
  ],
  [
    "a request whose fields cannot change its subtype",
    controlRequest("r1", "brand_new", { subtype: "interrupt" }),
    '{"type":"control_request","request_id":"r1","request":{"subtype":"brand_new"}}',
  ],
  [
    "success",
    controlSuccess("r1"),
    '{"type":"control_response","response":{"subtype":"success","request_id":"r1"}}',
  ],
  [
    "success with a payload",
    controlSuccess("r1", { behavior: "allow" }),
    '{"type":"control_response","response":{"subtype":"success","request_id":"r1","response":{"behavior":"allow"}}}',
  ],
  [
    "error",
    controlError("r1", "no handler"),
    '{"type":"control_response","response":{"subtype":"error","request_id":"r1","error":"no handler"}}',
  ],
];

const frames = suite("control frames of the client");

for (const [name, frame, line] of rows) {
  frames(name, () => {
    assert.is(JSON.stringify(frame), line);
    assert.ok(v.is(claudeInputSchema, frame));
  });
}

frames.run();
