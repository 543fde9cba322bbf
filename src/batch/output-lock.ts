import { createHash } from "node:crypto";
import { readFileSync, rmSync } from "node:fs";
import { open, readdir, rm, stat, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { basename, dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { OutputLockedError } from "../errors.js";
import { livingProcess, type ProcessIdentity } from "../process/process-tree.js";
import { outputFailure } from "./output-failure.js";

/** Who a claim belongs to. */
interface Claimant extends ProcessIdentity {
  /** The boot of the machine, since process ids and start times begin anew with it. */
  readonly boot: string;
  readonly host: string;
}

interface Claim {
  readonly path: string;
  readonly name: string;
  readonly owner: Claimant;
}

/** How long another run may take from its claim to the lock, or to its refusal; both are a few system calls. */
const CONTEST_MS = 5_000;
const CONTEST_STEP_MS = 5;

/**
 * Keeps two runs off the same file of results.
 *
 * Each run puts a claim of its own beside the file, `results.jsonl.lock.<pid>.<start>.<boot>.<host>`, and only then
 * looks at those of others. A claim is never taken over: that of a process that runs no more is removed, so that
 * neither SIGKILL nor a reused process id nor a reboot leaves the file locked. Of two runs that come at the same
 * moment one gives way: a claim is empty until its owner has found no other, and of empty ones the first by name wins.
 */
export class OutputLock {
  readonly #path: string;
  readonly #onExit: () => void;

  private constructor(path: string) {
    this.#path = path;
    this.#onExit = () => rmSync(path, { force: true });
    process.once("exit", this.#onExit);
  }

  /**
   * Locks a file, which need not exist; its folder must.
   * @param file its real path, with links resolved
   * @throws OutputLockedError when another run has it; OutputError when a claim cannot be written.
   */
  static async acquire(file: string): Promise<OutputLock> {
    const me = identity();
    const mine = claimOf(file, me);
    try {
      await (await open(mine.path, "wx")).close();
    } catch (error) {
      if (error instanceof Error && "code" in error && error.code === "EEXIST") throw locked(file, mine);
      throw outputFailure(file, error);
    }
    const lock = new OutputLock(mine.path);
    try {
      await contest(file, mine);
      await writeFile(mine.path, `held by process ${me.pid} on ${hostname()}\n`);
      return lock;
    } catch (error) {
      await lock.release();
      throw error instanceof OutputLockedError ? error : outputFailure(file, error);
    }
  }

  /** Lets others have the file. */
  async release(): Promise<void> {
    process.off("exit", this.#onExit);
    await rm(this.#path, { force: true });
  }
}

/** Returns when no other run has a claim that counts. */
async function contest(file: string, mine: Claim): Promise<void> {
  const patience = performance.now() + CONTEST_MS;
  for (;;) {
    const others = (await claimsOn(file)).filter(({ name }) => name !== mine.name);
    let waiting = false;
    for (const other of others) {
      if (isDead(other.owner, mine.owner)) await rm(other.path, { force: true });
      else if (other.name < mine.name || (await isHeld(other)) || performance.now() > patience) {
        throw locked(file, other, mine);
      } else waiting = true;
    }
    if (!waiting) return;
    await sleep(CONTEST_STEP_MS);
  }
}

function isDead(owner: Claimant, me: Claimant): boolean {
  if (owner.host !== me.host) return false;
  return owner.boot !== me.boot || startOf(owner.pid) !== owner.startedAt;
}

async function isHeld({ path }: Claim): Promise<boolean> {
  try {
    return (await stat(path)).size > 0;
  } catch {
    return false;
  }
}

function locked(file: string, { path, owner }: Claim, mine?: Claim): OutputLockedError {
  const elsewhere = mine !== undefined && owner.host !== mine.owner.host;
  const message = elsewhere
    ? `Process ${owner.pid} of another machine or container writes to ${file}, or did when it was killed: from here ` +
      `that cannot be told. If it runs no more, delete ${path}.`
    : `Process ${owner.pid} writes to ${file} already. Wait for its end, or choose another file.`;
  return new OutputLockedError(message, { file, pid: owner.pid });
}

function claimOf(file: string, owner: Claimant): Claim {
  const { pid, startedAt, boot, host } = owner;
  const name = `${basename(file)}.lock.${pid}.${startedAt}.${boot}.${host}`;
  return { name, owner, path: join(dirname(file), name) };
}

async function claimsOn(file: string): Promise<Claim[]> {
  const prefix = `${basename(file)}.lock.`;
  const names = await readdir(dirname(file));
  return names.flatMap((name) => {
    if (!name.startsWith(prefix)) return [];
    const [pid, startedAt, boot, host, more] = name.slice(prefix.length).split(".");
    if (startedAt === undefined || boot === undefined || host === undefined || more !== undefined) return [];
    return [claimOf(file, { pid: Number(pid), startedAt, boot, host })];
  });
}

function identity(): Claimant {
  return {
    pid: process.pid,
    startedAt: startOf(process.pid),
    boot: short(bootId()),
    host: short(hostname()),
  };
}

/** When a process started, fit for a file's name; empty when it does not run. */
function startOf(pid: number): string {
  return livingProcess(pid)?.startedAt.replaceAll(/\W/g, "") ?? "";
}

function bootId(): string {
  try {
    return readFileSync("/proc/sys/kernel/random/boot_id", "utf8");
  } catch {
    // Elsewhere the time at which a process started is a date, which no boot repeats.
    return "";
  }
}

function short(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 8);
}
