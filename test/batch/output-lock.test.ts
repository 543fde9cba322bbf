import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { OutputLock } from "../../src/batch/output-lock.js";
import { OutputError, OutputLockedError } from "../../src/errors.js";
import { rejects } from "../support/rejects.js";

const MODULE = new URL("../../src/batch/output-lock.js", import.meta.url).href;

interface Context {
  folder: string;
  file: string;
}

const lock = suite<Context>("the lock on results", { folder: "", file: "" });

lock.before.each((context) => {
  context.folder = mkdtempSync(join(tmpdir(), "lock-"));
  context.file = join(context.folder, "results.jsonl");
});
lock.after.each(({ folder }) => rmSync(folder, { recursive: true }));

/** Processes that lock the file, say whether they could, and hold it until their stdin ends. */
async function holders(file: string, count: number): Promise<{ child: ChildProcess; said: string }[]> {
  const program = `
    const { OutputLock } = await import(${JSON.stringify(MODULE)});
    process.stdout.write("ready");
    await new Promise((resolve) => process.stdin.once("data", resolve));
    const held = await OutputLock.acquire(${JSON.stringify(file)}).then((lock) => lock, (error) => error.code);
    process.stdout.write(typeof held === "string" ? held : "held");
    await new Promise((resolve) => process.stdin.once("end", resolve).resume());
    if (typeof held !== "string") await held.release();`;
  const children = Array.from({ length: count }, () =>
    spawn(process.execPath, ["--input-type=module", "--eval", program], {
      stdio: ["pipe", "pipe", "inherit"],
    }),
  );
  await Promise.all(children.map(({ stdout }) => once(stdout, "data")));
  for (const { stdin } of children) stdin.write("go");
  const said = await Promise.all(children.map(async ({ stdout }) => String((await once(stdout, "data"))[0])));
  return children.map((child, index) => ({ child, said: said[index] ?? "" }));
}

async function gone(child: ChildProcess, signal?: NodeJS.Signals): Promise<void> {
  const end = once(child, "close");
  if (signal === undefined) child.stdin?.end();
  else child.kill(signal);
  await end;
}

lock("one run at a time, and the next when it has ended", async ({ folder, file }) => {
  const first = await OutputLock.acquire(file);
  const error = await rejects<OutputLockedError>(OutputLock.acquire(file));
  assert.instance(error, OutputLockedError);
  assert.is(error.pid, process.pid);
  await first.release();
  await (await OutputLock.acquire(file)).release();
  assert.equal(readdirSync(folder), []);
});

lock("a living holder is named; after SIGKILL its claim is removed", async ({ folder, file }) => {
  const [holder] = await holders(file, 1);
  assert.ok(holder);
  assert.is(holder.said, "held");
  const error = await rejects<OutputLockedError>(OutputLock.acquire(file));
  assert.is(error.pid, holder.child.pid);
  assert.match(error.message, `Process ${holder.child.pid} writes to ${file} already`);
  await gone(holder.child, "SIGKILL");
  assert.is(readdirSync(folder).length, 1);
  const mine = await OutputLock.acquire(file);
  assert.is(readdirSync(folder).length, 1);
  await mine.release();
});

lock("of several that come at once exactly one has it, also over a dead claim", async ({ folder, file }) => {
  for (let round = 0; round < 3; round += 1) {
    const all = await holders(file, 5);
    const said = all.map(({ said }) => said).sort();
    assert.equal(said, [...Array(4).fill("OUTPUT_LOCKED"), "held"]);
    for (const { child } of all) await gone(child, round < 2 ? "SIGKILL" : undefined);
  }
  assert.equal(readdirSync(folder), []);
});

/** A claim of this process, with a field of its name replaced. */
async function forged(file: string, folder: string, field: number, value: string): Promise<string> {
  const own = await OutputLock.acquire(file);
  const [name = ""] = readdirSync(folder);
  const parts = name.slice("results.jsonl.lock.".length).split(".");
  parts[field] = value;
  const path = `${file}.lock.${parts.join(".")}`;
  renameSync(join(folder, name), path);
  await own.release();
  return path;
}

const DEAD: [title: string, field: number, value: string][] = [
  ["a process id that was given to another process", 1, "1"],
  ["a boot before this one", 2, "00000000"],
  ["a process id that is free", 0, "4194399"],
];
for (const [title, field, value] of DEAD) {
  lock(`does not heed a claim with ${title}`, async ({ folder, file }) => {
    await forged(file, folder, field, value);
    const mine = await OutputLock.acquire(file);
    assert.is(readdirSync(folder).length, 1);
    await mine.release();
  });
}

lock("cannot judge a claim of another machine, and says which file to delete", async ({ folder, file }) => {
  const path = await forged(file, folder, 3, "00000000");
  writeFileSync(path, "held");
  const error = await rejects<OutputLockedError>(OutputLock.acquire(file));
  assert.match(error.message, `delete ${path}`);
  assert.equal(readdirSync(folder).length, 1);
});

lock("heeds no file of another name", async ({ folder, file }) => {
  for (const name of [
    "results.jsonl.lock.",
    "results.jsonl.lock.1.2",
    "results.jsonl.lock.1.2.3.4.5",
    "x.lock.1.2.3.4",
  ]) {
    writeFileSync(join(folder, name), "");
  }
  await (await OutputLock.acquire(file)).release();
  assert.is(readdirSync(folder).length, 4);
});

lock("a folder that is missing is an error of the output", async ({ folder }) => {
  const error = await rejects(OutputLock.acquire(join(folder, "no", "results.jsonl")));
  assert.instance(error, OutputError);
});

lock.run();
