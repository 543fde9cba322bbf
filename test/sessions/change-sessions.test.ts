import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import {
  archiveSession,
  deleteSession,
  forkSession,
  renameSession,
  tagSession,
  unarchiveSession,
} from "../../src/sessions/change-sessions.js";
import { getSessionInfo, getSessionMessages } from "../../src/sessions/read-sessions.js";
import { rejects } from "../support/rejects.js";
import { collect, entry, numbersOf, StoredSessions, uuidOf } from "../support/stored-sessions.js";

const change = suite("changing stored sessions");

const stored = new StoredSessions();
const { configDir } = stored;
const place = { configDir };
const UNKNOWN = "0a0b0c0d-9999-4222-8333-444455556666";
change.after(() => stored[Symbol.dispose]());

const TALK = [entry(1, null), entry(2, 1, "assistant"), entry(3, 2), entry(4, 3, "assistant")];
const codeOf = async (promise: Promise<unknown>) => (await rejects<{ code: string }>(promise)).code;

change("a title and a tag are lines at the end; nothing else is touched", async () => {
  const id = stored.put(TALK);
  const before = readFileSync(stored.file(id), "utf8");
  await renameSession(id, 'A "title"\nin two lines', place);
  await tagSession(id, "red", place);
  const added = readFileSync(stored.file(id), "utf8").slice(before.length);
  assert.ok(readFileSync(stored.file(id), "utf8").startsWith(before));
  assert.equal(
    added
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line)),
    [
      { type: "custom-title", customTitle: 'A "title"\nin two lines', sessionId: id },
      { type: "tag", tag: "red", sessionId: id },
    ],
  );
});

change("behind a torn line the note stands on a line of its own", async () => {
  const id = stored.put(TALK);
  writeFileSync(stored.file(id), `${readFileSync(stored.file(id), "utf8")}{"parentUuid":"to`);
  await renameSession(id, "Title", place);
  assert.is((await getSessionInfo(id, place))?.customTitle, "Title");
  assert.equal(numbersOf(await collect(getSessionMessages(id, place))), [1, 2, 3, 4]);
});

change("while another process appends, no line is lost", async () => {
  const id = stored.put(TALK);
  const line = JSON.stringify({ type: "other", pad: "x".repeat(3_000) });
  const program = `const fs = require("fs"); process.send?.(0);
    for (let i = 0; i < 400; i++) fs.appendFileSync(${JSON.stringify(stored.file(id))}, ${JSON.stringify(`${line}\n`)});`;
  const child = spawn(process.execPath, ["-e", program], { env: {}, stdio: ["ignore", "ignore", "inherit"] });
  const ended = once(child, "exit");
  await Promise.all(Array.from({ length: 60 }, (_, index) => tagSession(id, `tag ${index}`, place)));
  await ended;
  const entries = stored.entries(id);
  assert.is(entries.filter(({ type }) => type === "tag").length, 60);
  assert.is(entries.filter(({ type }) => type === "other").length, 400);
});

change("empty titles and tags are refused", async () => {
  const id = stored.put(TALK);
  for (const text of ["", "  \n"]) {
    assert.is(await codeOf(renameSession(id, text, place)), "INVALID_ARGUMENT");
    assert.is(await codeOf(tagSession(id, text, place)), "INVALID_ARGUMENT");
  }
});

change("the archive mark", async () => {
  const id = stored.put(TALK);
  await unarchiveSession(id, place);
  assert.is((await getSessionInfo(id, place))?.archived, undefined);
  await archiveSession(id, place);
  await archiveSession(id, place);
  assert.is((await getSessionInfo(id, place))?.archived, true);
  const file = join(stored.project, id, "archived.json");
  assert.is(statSync(file).mode & 0o777, 0o600);
  assert.equal(readdirSync(join(stored.project, id)), ["archived.json"]);
  writeFileSync(file, "{torn");
  assert.is((await getSessionInfo(id, place))?.archived, undefined);
});

change("a fork has the history under new names, and is readable by its owner alone", async () => {
  const id = stored.put(TALK);
  const { sessionId } = await forkSession(id, { ...place, title: " Mine " });
  const [first, second] = stored.entries(sessionId);
  assert.not.equal(first?.uuid, uuidOf(1));
  assert.is(second?.parentUuid, first?.uuid);
  assert.equal(first?.forkedFrom, { sessionId: id, messageUuid: uuidOf(1) });
  assert.is(first?.sessionId, sessionId);
  assert.is(statSync(stored.file(sessionId)).mode & 0o777, 0o600);
  assert.is((await getSessionInfo(sessionId, place))?.customTitle, "Mine");
  assert.is((await collect(getSessionMessages(sessionId, place))).length, 4);
});

change("a fork that cannot be made leaves nothing behind", async () => {
  const id = stored.put(TALK);
  const files = () => readdirSync(stored.project).sort();
  const before = files();
  assert.is(await codeOf(forkSession(id, { ...place, upToMessageId: UNKNOWN })), "INVALID_ARGUMENT");
  assert.is(await codeOf(forkSession(id, { ...place, upToMessageId: "x" })), "INVALID_ARGUMENT");
  assert.is(await codeOf(forkSession(id, { ...place, signal: AbortSignal.abort() })), "ABORTED");
  assert.equal(files(), before);
  const empty = stored.put([{ type: "mode" }]);
  assert.is(await codeOf(forkSession(empty, place)), "INVALID_ARGUMENT");
});

change("a fork is not made of a history with a hole in it", async () => {
  const holed = stored.put([entry(1, null), '{"parentUuid":"x', entry(3, 2), entry(4, 3)]);
  assert.is(await codeOf(forkSession(holed, place)), "DESERIALIZATION");
  const long = stored.put([entry(1, null), entry(2, 1, "user", { pad: "x".repeat(5_000) }), entry(3, 2)]);
  assert.is(await codeOf(forkSession(long, { ...place, maxLineBytes: 4_096 })), "FRAME_TOO_LARGE");
  const beside = stored.put([entry(1, null), "junk", entry(2, 1)]);
  assert.is(typeof (await forkSession(beside, place)).sessionId, "string");
});

change("a large history is forked in pieces", async () => {
  const content = "x".repeat(100_000);
  const lines = Array.from({ length: 60 }, (_, index) =>
    entry(index + 1, index === 0 ? null : index, "user", { message: { role: "user", content } }),
  );
  const { sessionId } = await forkSession(stored.put(lines), place);
  const messages = await collect(getSessionMessages(sessionId, place));
  assert.is(messages.length, 60);
  assert.equal(messages.at(-1)?.message, { role: "user", content });
});

change("a fork that is aborted leaves nothing behind", async () => {
  const content = "x".repeat(1_000_000);
  const lines = Array.from({ length: 40 }, (_, index) =>
    entry(index + 1, index === 0 ? null : index, "user", { message: { role: "user", content } }),
  );
  const id = stored.put(lines);
  const before = readdirSync(stored.project).sort();
  const abort = new AbortController();
  const forking = codeOf(forkSession(id, { ...place, signal: abort.signal }));
  await until(() => readdirSync(stored.project).some((name) => name.endsWith(".tmp")));
  abort.abort();
  assert.is(await forking, "ABORTED");
  await until(() => !readdirSync(stored.project).some((name) => name.endsWith(".tmp")));
  assert.equal(readdirSync(stored.project).sort(), before);
});

async function until(check: () => boolean): Promise<void> {
  const deadline = performance.now() + 10_000;
  while (!check()) {
    if (performance.now() > deadline) throw new Error("waited in vain");
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

change("deleting takes transcript and folder", async () => {
  const id = stored.put(TALK);
  mkdirSync(join(stored.project, id, "subagents"), { recursive: true });
  await deleteSession(id, place);
  assert.not.ok(existsSync(stored.file(id)));
  assert.not.ok(existsSync(join(stored.project, id)));
  assert.is(await codeOf(deleteSession(id, place)), "SESSION_NOT_FOUND");
});

change("what an ended CLI has left behind does not hold a session", async () => {
  const note = (pid: number, sessionId: string, more = {}) => {
    mkdirSync(join(configDir, "sessions"), { recursive: true });
    writeFileSync(join(configDir, "sessions", `${pid}.json`), JSON.stringify({ pid, sessionId, ...more }));
  };
  const held = stored.put(TALK);
  note(process.pid, held);
  assert.is(await codeOf(deleteSession(held, place)), "INVALID_STATE");
  await deleteSession(held, { ...place, force: true });
  const freed = stored.put(TALK);
  // The process id now belongs to somebody else.
  note(process.pid, freed, { procStart: "1" });
  if (process.platform === "linux") await deleteSession(freed, place);
  const ended = spawn(process.execPath, ["-e", ""], { env: {} });
  await once(ended, "exit");
  const left = stored.put(TALK);
  note(ended.pid ?? 0, left);
  await deleteSession(left, place);
});

change("sessions that do not exist are not made", async () => {
  const before = readdirSync(stored.project).sort();
  for (const call of [
    renameSession(UNKNOWN, "x", place),
    tagSession(UNKNOWN, "x", place),
    archiveSession(UNKNOWN, place),
    unarchiveSession(UNKNOWN, place),
    deleteSession(UNKNOWN, place),
    forkSession(UNKNOWN, place),
  ]) {
    assert.is(await codeOf(call), "SESSION_NOT_FOUND");
  }
  for (const call of [
    renameSession("../x", "x", place),
    deleteSession("..", place),
    forkSession("", place),
  ]) {
    assert.is(await codeOf(call), "INVALID_ARGUMENT");
  }
  assert.equal(readdirSync(stored.project).sort(), before);
});

change.run();
