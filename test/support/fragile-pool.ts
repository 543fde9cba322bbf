/** Pools whose thread can be made to die, with every session in it. */

import { setFlagsFromString } from "node:v8";
import * as assert from "uvu/assert";
import {
  type AsyncClient,
  type ClientOptions,
  SessionPool,
  type SessionPoolOptions,
} from "../../src/index.js";
import { type CliScript, onControl } from "../../src/testing/index.js";
import { inTime, open, PATIENCE_MS } from "./scripted.js";

/** V8 reads the flag when an isolate is made, so it counts for threads that start from now on, not for this one. */
function limitHeapOfNewThreads(megabytes: number): void {
  setFlagsFromString(`--max-old-space-size=${megabytes}`);
}

const SMALL_HEAP = 24;
/** Generous, and what the threads of the other tests get. */
const USUAL_HEAP = 2_048;

/** A pool whose first thread has too little memory for {@link exhaust}; later ones have enough. */
export async function fragilePool(
  script: CliScript,
  options: SessionPoolOptions,
  client: ClientOptions = {},
) {
  const pool = new SessionPool(options);
  limitHeapOfNewThreads(SMALL_HEAP);
  try {
    const bomb = await open([onControl("interrupt", "ignore"), ...script], { pool, ...client });
    return { pool, bomb };
  } finally {
    limitHeapOfNewThreads(USUAL_HEAP);
  }
}

/** Until it is disposed every thread that starts has too little memory for {@link exhaust}. */
export function fragileThreads(): Disposable {
  limitHeapOfNewThreads(SMALL_HEAP);
  return { [Symbol.dispose]: () => limitHeapOfNewThreads(USUAL_HEAP) };
}

/** Ends a thread of the pool, with all that runs in it. */
export async function endThread(pool: SessionPool): Promise<void> {
  await exhaust(await open([onControl("interrupt", "ignore")], { pool }));
}

/**
 * Fills the heap of the client's thread with calls that the child never answers. A single enormous frame would
 * do as well, but running out of memory within JSON.parse ends the whole process, whatever the thread's limits.
 */
export async function exhaust(client: AsyncClient): Promise<void> {
  const calls = Array.from({ length: 30_000 }, () => client.interrupt());
  const outcomes = await inTime("interrupt()", Promise.allSettled(calls), 3 * PATIENCE_MS);
  const codes = new Set(outcomes.map((outcome) => (outcome as PromiseRejectedResult).reason?.code));
  assert.equal([...codes], ["WORKER_CRASHED"]);
}
