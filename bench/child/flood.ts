/** The host's end of a measurement's child: how to launch it, and what it tells through files. */

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { StreamDigest } from "../payload/digest.js";
import type { PayloadSpec } from "../payload/payload.js";

/** What the child is told on its command line. */
export interface FloodPlan {
  readonly payload: PayloadSpec;
  /** Where it tells what it will write, before it reads stdin. */
  readonly manifestFile: string;
  /** Where it tells that its last write went through, anew for every turn. */
  readonly writtenFile: string;
}

/** What every turn of the child writes. */
export type FloodManifest = StreamDigest;

/** A turn that the child has written. */
export interface FloodWritten extends StreamDigest {
  /** From 1. */
  readonly turn: number;
  /** From the user message to the end of the last write. */
  readonly ms: number;
  /** When the last write went through, in milliseconds since 1970. */
  readonly endedAt: number;
}

const PROGRAM = fileURLToPath(new URL("./flood-program.js", import.meta.url));
/** Only a child that has died takes longer. */
const DEADLINE_MS = 30_000;
const LOOK_EVERY_MS = 2;

/** A child that floods its reader with a payload at every user message. */
export class Flood implements Disposable {
  readonly payload: PayloadSpec;
  readonly command = process.execPath;
  readonly args: readonly string[];
  /** The child's whole environment. */
  readonly env: Readonly<Record<string, string>>;
  readonly #folder: string;
  readonly #plan: FloodPlan;

  /** Starts nothing yet: that is the peer's part. */
  constructor(payload: PayloadSpec) {
    this.payload = payload;
    this.#folder = makeFolder();
    this.#plan = {
      payload,
      manifestFile: join(this.#folder, "manifest.json"),
      writtenFile: join(this.#folder, "written.json"),
    };
    this.args = [PROGRAM, JSON.stringify(this.#plan)];
    this.env = process.env.PATH === undefined ? {} : { PATH: process.env.PATH };
  }

  /**
   * What every turn writes; waits until the started child has made its frames.
   * @throws Error when it has not after 30 s
   */
  manifest(): Promise<FloodManifest> {
    return poll("make its frames", () => readJson<FloodManifest>(this.#plan.manifestFile));
  }

  /**
   * How turn number `turn`, from 1, was written; waits until it was.
   * @throws Error when it was not after 30 s
   */
  written(turn: number): Promise<FloodWritten> {
    return poll(`write turn ${turn}`, () => {
      const written = readJson<FloodWritten>(this.#plan.writtenFile);
      return written?.turn === turn ? written : undefined;
    });
  }

  /** Removes the child's files; at the end of the process, that happens by itself. */
  [Symbol.dispose](): void {
    removeFolder(this.#folder);
  }
}

const folders = new Set<string>();
// For rounds that fail. One listener for all: Node warns of the eleventh.
process.once("exit", () => folders.forEach(removeFolder));

function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "offthread-bench-"));
  folders.add(folder);
  return folder;
}

function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
  folders.delete(folder);
}

async function poll<T>(what: string, look: () => T | undefined): Promise<T> {
  const deadline = performance.now() + DEADLINE_MS;
  for (;;) {
    const found = look();
    if (found !== undefined) return found;
    if (performance.now() > deadline)
      throw new Error(`The child did not ${what} within ${DEADLINE_MS / 1000} s.`);
    await sleep(LOOK_EVERY_MS);
  }
}

function readJson<T>(file: string): T | undefined {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
  return JSON.parse(text);
}
