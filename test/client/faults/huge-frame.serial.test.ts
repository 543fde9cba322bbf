import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type AsyncClient, type ClaudeOutput, textOf } from "../../../src/index.js";
import { FloodGenerator } from "../../../src/testing/cli-flood.js";
import { bigFrame, emit, frame, onUser, turn } from "../../../src/testing/index.js";
import { assertNothingRuns, open, PATIENCE_MS } from "../../support/scripted.js";

const MiB = 1024 * 1024;

const huge = suite("a frame of 128 MiB");

const BYTES = 128 * MiB;
const PATIENCE = { timeoutMs: 2 * PATIENCE_MS };

/** The text of the one large frame that this session was sent. */
function sentText(client: AsyncClient, bytes: number): string {
  const shape = { kind: "text", bytes, seed: 1, sessionId: client.sessionUuid() } as const;
  return textOf(JSON.parse(new FloodGenerator(shape).frame(0).toString("utf8")) as ClaudeOutput) ?? "";
}

huge("arrives whole by receive(), and the session goes on", async () => {
  const script = [frame({ type: "hello" }), bigFrame({ bytes: BYTES }), emit({ type: "after" })];
  await using client = await open(script);
  await client.receive(PATIENCE);
  const message = await client.receive(PATIENCE);
  // Compared by `===`: a diff of two such texts would take longer than anybody waits.
  assert.ok(textOf(message) === sentText(client, BYTES), "the text differs");
  assert.equal(await client.receive(PATIENCE), { type: "after" });
  assert.is(client.stats().oversizedFrames, 0);
});

huge("arrives within a turn", async () => {
  await using client = await open([onUser(turn(bigFrame({ bytes: BYTES })))]);
  const messages = await client.query("a lot", PATIENCE);
  assert.equal(
    messages.map(({ type }) => type),
    ["system", "assistant", "result"],
  );
  assert.ok((textOf(messages[1] as ClaudeOutput) ?? "").length > BYTES / 2);
});

huge("of structured data can be dropped without being looked into", async () => {
  await using client = await open([bigFrame({ bytes: BYTES, kind: "structured" }), emit({ type: "after" })]);
  assert.is((await client.receive(PATIENCE)).type, "user");
  assert.equal(await client.receive(PATIENCE), { type: "after" });
});

huge.run();

const end = suite("afterwards");
end("nothing runs any more", assertNothingRuns);
end.run();
