/** Opens many sessions that then do nothing, and tells what each of them takes of the host process. */

import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { processTree } from "../../src/process/process-tree.js";
import { Flood } from "../child/flood.js";
import { IdentityDigest, uuidOf } from "../payload/digest.js";
import { loadPeer, type PeerSession } from "../peers/peer.js";
import type { Measure, PeerName } from "../scenario.js";
import { collectGarbage } from "./collect-garbage.js";
import { expectSame } from "./expect-same.js";
import { residentMiB } from "./memory.js";

/** How many sessions, by whom. */
export interface SessionsInput {
  readonly peer: PeerName;
  readonly sessions: number;
}

/** A turn of a few frames: all code of a session has run, and nothing of it is left to be kept. */
const PAYLOAD = { kind: "message", count: 4 } as const;
/** Children that boot at the same time; more only wait for each other. */
const AT_ONCE = 4;
const SETTLE_MS = 400;
const SAMPLES = 5;

/** An open session and its child. */
interface OpenSession {
  readonly flood: Flood;
  readonly session: PeerSession;
}

/** What the host process holds; counts are there on Linux alone. */
interface Holdings {
  readonly mib: number;
  readonly threads?: number;
  readonly descriptors?: number;
}

/** Each session has had a turn, and has another one after the measurement: they were idle, not dead. */
export const measure: Measure<SessionsInput> = async ({ peer, sessions }) => {
  const open: OpenSession[] = [];
  await openSessions(peer, 1, open);
  const one = await settledHoldings();
  await openSessions(peer, sessions, open);
  const all = await settledHoldings();
  expectSame("children", processTree(process.pid).length - 1, sessions);
  for (const each of open) await playTurn(each);
  await Promise.all(open.map(({ session }) => session.close()));
  for (const { flood } of open) flood[Symbol.dispose]();
  if (sessions === 1) return { ...all };
  return { ...all, mibPerSession: (all.mib - one.mib) / (sessions - 1) };
};

/** Opens sessions until there are so many, and plays a turn with each. */
async function openSessions(peer: PeerName, count: number, open: OpenSession[]): Promise<void> {
  const { open: openOne } = await loadPeer(peer);
  const add = async () => {
    const flood = new Flood({ ...PAYLOAD, seed: open.length + 1 });
    const each = { flood, session: await openOne(flood) };
    open.push(each);
    await playTurn(each);
  };
  while (open.length < count)
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, count - open.length) }, add));
}

async function playTurn({ flood, session }: OpenSession): Promise<void> {
  const { frames, identity } = await flood.manifest();
  const digest = new IdentityDigest();
  let arrived = 0;
  await session.turn({
    message(message) {
      arrived += 1;
      digest.add(uuidOf(message));
    },
    bytes() {},
  });
  expectSame("frames", arrived, frames);
  expectSame("digest of ids", digest.end(), identity);
}

/** The least of several looks: a collector at work in any thread shows as more for a moment. */
async function settledHoldings(): Promise<Holdings> {
  let mib = Number.POSITIVE_INFINITY;
  for (let sample = 0; sample < SAMPLES; sample += 1) {
    collectGarbage();
    await sleep(SETTLE_MS / SAMPLES);
    mib = Math.min(mib, residentMiB());
  }
  if (process.platform !== "linux") return { mib };
  return { mib, threads: countThreads(), descriptors: readdirSync("/proc/self/fd").length };
}

function countThreads(): number {
  return Number(/^Threads:\s+(\d+)/m.exec(readFileSync("/proc/self/status", "utf8"))?.[1]);
}
