import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { AsyncClient } from "../../../src/client/async-client.js";
import { type ClaudeOutput, isUser } from "../../../src/protocol/index.js";
import { text, toolUse } from "../../../src/testing/index.js";
import { startModelThread } from "../../support/model-thread.js";
import { assertNothingLeft, PATIENCE_MS, realCliOn, startRealCli } from "../../support/real-cli.js";
import { answerOf, FRAMES_PER_TURN, kindsOf, piecesOf, textsOf, toolTextsOf } from "./turns.js";

const large = suite("large frames of the real CLI");

const KIB = 1024;

/** Numbered lines: whatever is lost, doubled or swapped shows. */
function numbered(bytes: number): string {
  let lines = "";
  for (let line = 0; lines.length < bytes; line++) lines += `line ${line} — ünïcödé 🙂 "quoted" \\ end\n`;
  return lines;
}

/** Blocks this thread's loop for a second at least, and until the count is reached. */
function blockUntil(reached: () => boolean): void {
  const sleeper = new Int32Array(new SharedArrayBuffer(4));
  const began = performance.now();
  for (;;) {
    Atomics.wait(sleeper, 0, 0, 20);
    const blocked = performance.now() - began;
    if ((reached() && blocked >= 1_000) || blocked > PATIENCE_MS) return;
  }
}

async function readBlocked(client: AsyncClient, frames: number): Promise<ClaudeOutput[]> {
  const stream = await client.queryStream("tell me everything");
  const first = await stream.next();
  blockUntil(() => client.stats().framesReceived >= frames);
  // Nothing of this thread has run since: all of it was received by the worker.
  assert.ok(client.stats().framesReceived >= frames, `only ${client.stats().framesReceived} frames came`);
  return [...(first.done === true ? [] : [first.value]), ...(await stream.collect())];
}

large("400 KB arrive while the main loop is blocked for a second", async () => {
  const answer = numbered(400 * KIB);
  await using model = await startModelThread([text(answer)]);
  await using cli = await realCliOn(model);
  const client = await cli.open();
  const messages = await readBlocked(client, FRAMES_PER_TURN);
  assert.equal(kindsOf(messages), ["system/init", "assistant", "result/success"]);
  assert.ok(textsOf(messages).join() === answer, "the text is the same");
  assert.ok(answerOf(messages) === answer, "and so is the result's");
});

large("hundreds of partial messages wait for a blocked main loop, in order", async () => {
  const answer = numbered(400 * KIB);
  await using model = await startModelThread([text(answer, { chunkSize: 1_000 })]);
  await using cli = await realCliOn(model);
  const client = await cli.open({ launch: (builder) => builder.includePartialMessages() });
  const pieces = Math.ceil(answer.length / 1_001);
  const messages = await readBlocked(client, FRAMES_PER_TURN + pieces);
  assert.ok(piecesOf(messages).join("") === answer);
  assert.ok(textsOf(messages).join() === answer);
});

large("past the high-water mark the child is paused, and nothing is lost", async () => {
  const answer = numbered(400 * KIB);
  await using model = await startModelThread([text(answer, { chunkSize: 1_000 })]);
  await using cli = await realCliOn(model);
  const highWaterMark = 32 * KIB;
  const client = await cli.open({ highWaterMark, launch: (builder) => builder.includePartialMessages() });
  const stream = await client.queryStream("tell me everything");
  const first = await stream.next();
  blockUntil(() => client.stats().paused);
  const { paused, bytesReceived } = client.stats();
  assert.is(paused, true);
  assert.ok(bytesReceived < answer.length, `${bytesReceived} bytes were taken although nobody read them`);
  const messages = [...(first.done === true ? [] : [first.value]), ...(await stream.collect())];
  assert.ok(piecesOf(messages).join("") === answer);
  assert.ok(textsOf(messages).join() === answer);
  assert.ok(client.stats().pauses > 0);
  assert.is(client.stats().paused, false);
});

for (const lazy of [true, false]) {
  large(`a tool result of 300 KB, lazy: ${lazy}`, async () => {
    const content = numbered(300 * KIB);
    const file = "big.txt";
    await using cli = await startRealCli([
      toolUse("Read", { file_path: file, limit: 1 }),
      toolUse("Edit", { file_path: file, old_string: "line 0 ", new_string: "line zero " }),
      "edited",
    ]);
    writeFileSync(join(cli.offline.cwd, file), content);
    const client = await cli.open({
      lazy,
      launch: (builder) => builder.allowedTools("Read", "Edit").permissionMode("acceptEdits"),
    });
    const messages = await client.query("edit it");
    assert.is(answerOf(messages), "edited");
    const results = messages.filter(isUser).map(({ tool_use_result }) => tool_use_result);
    const edit = results.at(-1) as { originalFile: string; structuredPatch: unknown[] };
    // The tool's result as data holds the whole file.
    assert.ok(edit.originalFile === content);
    assert.ok(Array.isArray(edit.structuredPatch));
    const [copy] = structuredClone([edit]);
    assert.ok(copy?.originalFile === content, "a clone has the value as well");
    assert.match(toolTextsOf(messages).at(-1) ?? "", file);
  });
}

large("a prompt of 1 MB reaches the model whole", async () => {
  const prompt = numbered(1024 * KIB);
  await using cli = await startRealCli("read it all");
  const client = await cli.open();
  assert.is(answerOf(await client.query(prompt)), "read it all");
  const { messages = [] } = cli.model.mainRequests[0]?.body ?? {};
  const texts = messages.flatMap(({ content }) =>
    typeof content === "string" ? [content] : content.map((block) => block.text ?? ""),
  );
  assert.ok(texts.some((part) => part.trim() === prompt.trim()));
});

large("leaves no process behind", assertNothingLeft);

large.run();
