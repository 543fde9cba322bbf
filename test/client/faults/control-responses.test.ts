import { suite } from "uvu";
import * as assert from "uvu/assert";
import { emit, exit, flood, onControl, sleep as pause } from "../../../src/testing/index.js";
import { assertNothingRuns, failureCode, inTime, open, PATIENCE_MS, until } from "../../support/scripted.js";

const PATIENCE = { timeoutMs: PATIENCE_MS };

const responses = suite("control responses");

responses("reach the call that waits for them past a flood that nobody reads", async () => {
  await using client = await open([flood({ count: 100_000, bytes: 1_000 })], {
    highWaterMark: 64 * 1024 * 1024,
  });
  await until("the flood", () => client.stats().bytesUnread > 1_000_000);
  assert.ok(typeof (await client.interrupt(PATIENCE)) === "object");
  assert.ok(Array.isArray((await client.enableToolApproval(PATIENCE)).commands));
  assert.ok(client.isToolApprovalEnabled());
});

responses("that nobody waits for reach receive(), in their place", async () => {
  const stray = {
    type: "control_response",
    response: { subtype: "success", request_id: "stray", response: {} },
  };
  await using client = await open([emit({ type: "a" }), emit(stray), emit({ type: "b" })]);
  assert.equal(
    [await client.receive(PATIENCE), await client.receive(PATIENCE), await client.receive(PATIENCE)],
    [{ type: "a" }, stray, { type: "b" }],
  );
});

responses("each reach their own call, also out of order", async () => {
  const script = [
    onControl("interrupt", { call: "interrupt" }, { delayMs: 200 }),
    onControl("initialize", { call: "initialize" }),
  ];
  await using client = await open(script);
  const calls = [client.interrupt(PATIENCE), client.enableToolApproval(PATIENCE), client.interrupt(PATIENCE)];
  assert.equal(await inTime("the calls", Promise.all(calls)), [
    { call: "interrupt" },
    { call: "initialize" },
    { call: "interrupt" },
  ]);
});

responses("that refuse are CONTROL_REQUEST_FAILED, and can be asked for again", async () => {
  const refusal = { kind: "error", message: "not now", code: "busy" } as const;
  await using client = await open([onControl("initialize", refusal), onControl("interrupt", refusal)]);
  assert.is(await failureCode("interrupt()", client.interrupt()), "CONTROL_REQUEST_FAILED");
  for (let round = 0; round < 2; round++) {
    const error = await client.enableToolApproval().catch((cause: unknown) => cause);
    const { code, subtype, errorCode, message } = error as Record<string, string>;
    assert.equal([code, subtype, errorCode], ["CONTROL_REQUEST_FAILED", "initialize", "busy"]);
    assert.match(message ?? "", "not now");
  }
  assert.not.ok(client.isToolApprovalEnabled());
  assert.ok(await client.isResponsive(PATIENCE));
});

responses("with a large payload arrive whole", async () => {
  const payload = { models: Array.from({ length: 20_000 }, (_, id) => ({ id, name: "größe 🚀" })) };
  await using client = await open([onControl("initialize", payload)]);
  assert.ok(JSON.stringify(await client.enableToolApproval(PATIENCE)) === JSON.stringify(payload));
});

responses("do not come any more when the child goes", async () => {
  await using client = await open([onControl("interrupt", "ignore"), pause(200), exit(2)]);
  assert.is(await failureCode("interrupt()", client.interrupt()), "CONNECTION_CLOSED");
});

responses.run();

const afterwards = suite("afterwards");
afterwards("nothing runs any more", assertNothingRuns);
afterwards.run();
