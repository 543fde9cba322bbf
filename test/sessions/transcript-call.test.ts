/** The way between the threads: leaving early, aborts, a reader that is slow, a thread that dies, and the end. */

import { execFile } from "node:child_process";
import { readdirSync, readlinkSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import type { Worker } from "node:worker_threads";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { startTranscriptCall } from "../../src/pool/transcript-thread.js";
import { renameSession } from "../../src/sessions/change-sessions.js";
import { getSessionInfo, getSessionMessages, listSessions } from "../../src/sessions/read-sessions.js";
import { rejects } from "../support/rejects.js";
import { collect, entry, numbersOf, StoredSessions } from "../support/stored-sessions.js";

const call = suite("calls to the thread of transcripts");

const PATIENCE_MS = 30_000;
const threads: Worker[] = [];
process.on("worker", (thread) => threads.push(thread));
const stored = new StoredSessions();
const { configDir } = stored;
call.after(() => stored[Symbol.dispose]());

const MESSAGES = 400;
const content = "x".repeat(100_000);
const LONG = stored.put(
  Array.from({ length: MESSAGES }, (_, index) =>
    entry(index, index === 0 ? null : index - 1, "user", { message: { role: "user", content } }),
  ),
);

/** How often this process has the transcript open; undefined where that cannot be seen. */
function opened(): number | undefined {
  if (process.platform !== "linux") return undefined;
  return readdirSync("/proc/self/fd").filter((fd) => linkOf(`/proc/self/fd/${fd}`) === stored.file(LONG))
    .length;
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return "";
  }
}

async function allClosed(): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  while ((opened() ?? 0) > 0) {
    if (performance.now() > deadline) throw new Error("the transcript is still open");
    await sleep(10);
  }
}

call("leaving the loop closes the file", async () => {
  const seen = [];
  for await (const message of getSessionMessages(LONG, { configDir })) {
    seen.push(message);
    if (process.platform === "linux") assert.is(opened(), 1);
    if (seen.length === 3) break;
  }
  assert.equal(numbersOf(seen), [0, 1, 2]);
  await allClosed();
});

call("a reader that is slow has little waiting for it", async () => {
  const { port, crashed, done } = startTranscriptCall({
    kind: "messages",
    sessionId: LONG,
    place: { configDir, dir: undefined },
    agentId: undefined,
    page: { offset: 0, limit: Number.POSITIVE_INFINITY },
    system: false,
    longestLine: 1_000_000,
  });
  let batches = 0;
  port.on("message", () => {
    batches += 1;
  });
  while (batches < 2) await sleep(10);
  // More would have come by now: reading the rest takes a fraction of this.
  await sleep(200);
  assert.is(batches, 2);
  done();
  await allClosed();
  void crashed;
});

call("a signal ends the loop at once, and the reading", async () => {
  const abort = new AbortController();
  const seen = [];
  const error = await rejects<{ code: string; cause: unknown }>(
    (async () => {
      for await (const message of getSessionMessages(LONG, { configDir, signal: abort.signal })) {
        seen.push(message);
        if (seen.length === 7) abort.abort("enough");
      }
    })(),
  );
  assert.equal([error.code, error.cause], ["ABORTED", "enough"]);
  assert.ok(seen.length < MESSAGES);
  await allClosed();
});

call("a signal that has fired lets nothing begin", async () => {
  const signal = AbortSignal.abort("no");
  assert.is((await rejects<{ code: string }>(collect(listSessions({ configDir, signal })))).code, "ABORTED");
  assert.is(
    (await rejects<{ code: string }>(renameSession(LONG, "x", { configDir, signal }))).code,
    "ABORTED",
  );
  assert.is((await getSessionInfo(LONG, { configDir }))?.customTitle, undefined);
});

call("several loops at once, each at its own pace", async () => {
  const slow = getSessionMessages(LONG, { configDir });
  await slow.next();
  const fast = await Promise.all(
    [1, 2, 3].map(() => collect(getSessionMessages(LONG, { configDir, limit: 100 }))),
  );
  assert.equal(
    fast.map((messages) => messages.length),
    [100, 100, 100],
  );
  assert.is((await collect(slow)).length, MESSAGES - 1);
  await allClosed();
});

call("an error in the loop closes the file as well", async () => {
  await rejects(
    (async () => {
      for await (const _ of getSessionMessages(LONG, { configDir })) throw new Error("of the reader");
    })(),
  );
  await allClosed();
});

call("when the thread dies its calls fail, and the next one starts another", async () => {
  const stream = getSessionMessages(LONG, { configDir });
  await stream.next();
  const before = threads.length;
  await threads.at(-1)?.terminate();
  const error = await rejects<{ code: string }>(collect(stream));
  assert.is(error.code, "WORKER_CRASHED");
  assert.equal(numbersOf(await collect(getSessionMessages(LONG, { configDir, limit: 2 }))), [0, 1]);
  assert.is(threads.length, before + 1);
});

call("all calls share one thread", async () => {
  const before = threads.length;
  await Promise.all([1, 2, 3, 4].map(() => collect(listSessions({ configDir }))));
  assert.is(threads.length, before);
});

/** A program of its own, with whatever it prints; rejects when it does not end by itself. */
async function run(body: string, ...flags: string[]): Promise<string> {
  const index = new URL("../../src/index.js", import.meta.url).href;
  const program = `import { getSessionMessages, getSessionInfo, listSessions } from ${JSON.stringify(index)};
    const options = ${JSON.stringify({ configDir })}; const id = ${JSON.stringify(LONG)};\n${body}`;
  const args = [...flags, "--input-type=module", "--eval", program];
  const { stdout } = await promisify(execFile)(process.execPath, args, { env: {}, timeout: PATIENCE_MS });
  return stdout.trim();
}

call("the process ends by itself, whatever was read and how", async () => {
  assert.is(
    await run("for await (const s of listSessions(options)) console.log(s.sessionId === id);"),
    "true",
  );
  assert.is(
    await run("console.log((await getSessionInfo(id, options)).summary);"),
    `${content.slice(0, 200)}…`,
  );
  assert.is(
    await run("for await (const _ of getSessionMessages(id, options)) { console.log(1); break; }"),
    "1",
  );
});

call("a stream that was left half-read does not keep the process alive", async () => {
  const ports = 'process.getActiveResourcesInfo().filter((name) => name === "MessagePort").length';
  const left = `const stream = getSessionMessages(id, options); await stream.next(); console.log(${ports}); await stream.next();`;
  assert.is(await run(left), "0");
  assert.is(await run("void getSessionMessages(id, options).next().then(() => console.log(3));"), "3");
});

call("a stream that is dropped half-read is closed when it is collected", async () => {
  if (process.platform !== "linux") return;
  const body = `import { readdirSync, readlinkSync } from "node:fs";
    const open = () => readdirSync("/proc/self/fd").filter((fd) => { try { return readlinkSync("/proc/self/fd/" + fd).includes(id); } catch { return false; } }).length;
    await (async () => { await getSessionMessages(id, options).next(); })();
    console.log(open());
    for (let i = 0; i < 200 && open() > 0; i++) { gc(); await new Promise((resolve) => setTimeout(resolve, 20)); }
    console.log(open());`;
  assert.is(await run(body, "--expose-gc"), "1\n0");
});

call.run();
