import { setTimeout as sleep } from "node:timers/promises";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { AsyncClient } from "../../../src/index.js";
import { emit, exit, onUser, sleep as pause, stderr, turn } from "../../../src/testing/index.js";
import {
  assertNothingRuns,
  inTime,
  nodeProgram,
  open,
  openSpec,
  PATIENCE_MS,
  readPast,
  until,
} from "../../support/scripted.js";

const PATIENCE = { timeoutMs: PATIENCE_MS };
const MEGABYTE = 1_000_000;
const KEPT = 256 * 1024;

/** Reads to the end. */
async function readAll(client: AsyncClient): Promise<string> {
  let text = "";
  for await (const part of client.takeStderr() ?? []) text += part;
  return text;
}

const chatty = suite("a child that writes 10 MB to stderr");

chatty("is never blocked by it, whether or not anybody reads", async () => {
  await using client = await open([onUser([stderr({ bytes: 10 * MEGABYTE }), turn("done")])]);
  assert.is((await client.query("x", PATIENCE)).length, 3);
  await until("stderr", () => client.stats().stderrBytes === 10 * MEGABYTE);
});

chatty("is never blocked while its output is paused either", async () => {
  const frame = `${JSON.stringify({ type: "frame", pad: "x".repeat(1_000) })}\n`;
  const program = `
    process.stdout.write(${JSON.stringify(frame)}.repeat(20_000));
    process.stdout.write('{"type":"end"}\\n');
    process.stderr.write("e".repeat(${10 * MEGABYTE}));
  `;
  await using client = await openSpec(nodeProgram(program), { highWaterMark: MEGABYTE });
  await until("the pause", () => client.stats().paused);
  await until("stderr", () => client.stats().stderrBytes === 10 * MEGABYTE);
  assert.ok(client.stats().paused);
  await readPast(client, "end");
});

chatty("gives a late reader the last of it, whole lines at its end", async () => {
  await using client = await open([stderr({ bytes: 10 * MEGABYTE }), stderr("the last line\n"), exit(0)]);
  await inTime("exited", client.exited);
  // What the worker kept is gone with the session; the tail in the error remains.
  const error = await client.receive().catch((cause: unknown) => cause as { stderrTail: string });
  assert.ok((error as { stderrTail: string }).stderrTail.endsWith("the last line\n"));
});

chatty("gives all of it to a reader who is there from the start", async () => {
  await using client = await open([onUser([stderr({ bytes: 10 * MEGABYTE }), exit(0)])]);
  const text = readAll(client);
  await client.send({ type: "user", message: { role: "user", content: "go" } });
  assert.is((await inTime("stderr", text)).length, 10 * MEGABYTE);
});

chatty("gives what it kept to a reader who comes while it lives", async () => {
  await using client = await open([stderr({ bytes: MEGABYTE }), emit({ type: "said" }), pause(PATIENCE_MS)]);
  await client.receive(PATIENCE);
  await until("stderr", () => client.stats().stderrBytes >= MEGABYTE);
  let text = "";
  client.takeStderr()?.on("data", (part: string) => {
    text += part;
  });
  await until("the kept text", () => text.length >= KEPT);
  await sleep(50);
  assert.is(text.length, KEPT);
});

chatty.run();

const taken = suite("takeStderr()");

taken("gives text as it comes, with characters whole, and ends with the child", async () => {
  const words = ["first\n", "größe 日本語 🚀\n", "last without a newline"];
  await using client = await open([
    onUser(...words.slice(0, 2).map((word) => stderr(word)), [stderr("last without a newline"), exit(0)]),
  ]);
  const stream = client.takeStderr();
  assert.ok(stream);
  const seen: string[] = [];
  const read = (async () => {
    for await (const part of stream) seen.push(String(part));
  })();
  for (const [index, word] of words.entries()) {
    await client.send({ type: "user", message: { role: "user", content: word } });
    await until(word, () => seen.length > index);
  }
  await inTime("stderr", read);
  assert.is(seen.join(""), words.join(""));
});

taken("is handed over once", async () => {
  await using client = await open([stderr("x")]);
  assert.ok(client.takeStderr());
  assert.is(client.takeStderr(), undefined);
  assert.is(client.takeStderr(), undefined);
});

taken("of a client that is shut down comes to its end", async () => {
  const client = await open([stderr("words")]);
  const text = readAll(client);
  await until("stderr", () => client.stats().stderrBytes > 0);
  await client.shutdown();
  assert.is(await inTime("stderr", text), "words");
});

taken("whose reader leaves does not block the child", async () => {
  await using client = await open([onUser([stderr({ bytes: 3 * MEGABYTE }), turn("done")])]);
  client.takeStderr()?.once("data", function (this: { destroy(): void }) {
    this.destroy();
  });
  assert.is((await client.query("x", PATIENCE)).length, 3);
});

taken.run();

const end = suite("afterwards");
end("nothing runs any more", assertNothingRuns);
end.run();
