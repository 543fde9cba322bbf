import { createHash } from "node:crypto";
import { Flood, type FloodManifest } from "../child/flood.js";
import { FrameDigest, IdentityDigest, uuidOf } from "../payload/digest.js";
import type { PayloadSpec } from "../payload/payload.js";
import { loadPeer, type PeerSession, type TurnSink } from "../peers/peer.js";
import type { PeerName } from "../scenario.js";
import { collectGarbage } from "./collect-garbage.js";
import { expectSame } from "./expect-same.js";
import { TOUCH, type Touch } from "./touch.js";

/** What is read, by whom. */
export interface FloodInput {
  readonly peer: PeerName;
  /** Each session gets the seed that its number adds to. */
  readonly payload: PayloadSpec;
  readonly sessions: number;
  readonly touch: Touch;
}

/** What all sessions together have read. */
export interface FloodTotals {
  readonly frames: number;
  readonly bytes: number;
}

/** A session, its child, and what one look at all its messages has seen. */
interface OpenSession {
  readonly flood: Flood;
  readonly session: PeerSession;
  readonly manifest: FloodManifest;
  readonly seen: number;
}

/**
 * Sessions whose children write the same bytes turn after turn. The first turn is not for the clock: a digest of
 * all that arrives is compared with the child's, and code gets warm. Later turns are counted, and the messages'
 * ids compared, which costs next to nothing while the clock runs.
 */
export class FloodSessions implements AsyncDisposable {
  readonly #look: (message: unknown) => number;
  readonly #open: readonly OpenSession[];

  private constructor(touch: Touch, open: readonly OpenSession[]) {
    this.#look = TOUCH[touch];
    this.#open = open;
  }

  /** Opens the sessions and checks a turn of each. */
  static async open({ peer, payload, sessions, touch }: FloodInput): Promise<FloodSessions> {
    const { open } = await loadPeer(peer);
    const opened = await Promise.all(
      Array.from({ length: sessions }, async (_, index) => {
        const flood = new Flood({ ...payload, seed: payload.seed + index });
        const session = await open(flood);
        const manifest = await flood.manifest();
        const seen = await verifyTurn(session, manifest, TOUCH[touch]);
        return { flood, session, manifest, seen };
      }),
    );
    collectGarbage();
    return new FloodSessions(touch, opened);
  }

  /**
   * All sessions read at the same time, each turn after turn: as many as `atLeast`, and until `forMs` milliseconds are over.
   * The returned function checks what has arrived and adds it up: call it when the clock has stopped.
   * @throws Error, by that function, when something is missing, doubled or out of order
   */
  async read({ atLeast = 1, forMs = 0 } = {}): Promise<() => FloodTotals> {
    const end = performance.now() + forMs;
    const readings = await Promise.all(
      this.#open.map(async ({ session, manifest, seen }) => {
        const turns: CountingSink[] = [];
        do {
          const sink = new CountingSink(this.#look);
          turns.push(sink);
          await session.turn(sink);
        } while (turns.length < atLeast || performance.now() < end);
        return { turns, manifest, seen };
      }),
    );
    return () => {
      const totals = { frames: 0, bytes: 0 };
      for (const { turns, manifest, seen } of readings) {
        for (const sink of turns) sink.check(manifest, seen);
        totals.frames += turns.length * manifest.frames;
        totals.bytes += turns.length * manifest.bytes;
      }
      return totals;
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#open.map(({ session }) => session.close()));
    for (const { flood } of this.#open) flood[Symbol.dispose]();
  }
}

/** Counts what arrives and keeps the ids. */
class CountingSink implements TurnSink {
  readonly #look: (message: unknown) => number;
  readonly #uuids: string[] = [];
  #bytes = 0;
  #seen = 0;

  constructor(look: (message: unknown) => number) {
    this.#look = look;
  }

  message(message: unknown): void {
    this.#uuids.push(uuidOf(message));
    this.#seen += this.#look(message);
  }

  bytes(chunk: Uint8Array): void {
    this.#bytes += chunk.length;
  }

  check({ frames, bytes, identity }: FloodManifest, seen: number): void {
    if (this.#bytes > 0) {
      expectSame("bytes", this.#bytes, bytes);
      return;
    }
    expectSame("frames", this.#uuids.length, frames);
    const digest = new IdentityDigest();
    for (const uuid of this.#uuids) digest.add(uuid);
    expectSame("digest of ids", digest.end(), identity);
    expectSame("touched characters and values", this.#seen, seen);
  }
}

/** Reads a turn and compares every byte of it, by digest; returns what `look` has seen. */
async function verifyTurn(
  session: PeerSession,
  manifest: FloodManifest,
  look: (message: unknown) => number,
): Promise<number> {
  const digest = new FrameDigest();
  const raw = createHash("sha256");
  let rawBytes = 0;
  let seen = 0;
  await session.turn({
    message(message) {
      seen += look(message);
      digest.add(message);
    },
    bytes(chunk) {
      raw.update(chunk);
      rawBytes += chunk.length;
    },
  });
  if (rawBytes > 0) {
    expectSame("digest of bytes", raw.digest("hex"), manifest.hash);
    return 0;
  }
  const arrived = digest.end();
  expectSame("frames", arrived.frames, manifest.frames);
  expectSame("digest of messages", arrived.hash, manifest.hash);
  return seen;
}
