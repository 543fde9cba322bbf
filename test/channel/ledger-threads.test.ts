import { once } from "node:events";
import { MessageChannel, type MessagePort, Worker } from "node:worker_threads";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { SessionLedger } from "../../src/channel/session-ledger.js";
import type { Parcel, PeerData, PeerNotice, PeerReport } from "./ledger-peer.js";

const PLAY_MS = 1_000;
/** Two threads that are both awake need microseconds; whoever waits this long waits for ever. */
const LOST_MS = 5_000;

const threads = suite("ledger: two threads at full speed");

/** The worker thread's side: posts as an outbox does, and stops for credit past the limit. */
class Producer {
  readonly ledger = new SessionLedger();
  readonly data: MessagePort;
  readonly notice: MessagePort;
  rings = 0;
  waits = 0;
  posted = 0;
  #credited: () => void = () => {};
  readonly report: Promise<PeerReport>;

  constructor(data: MessagePort, notice: MessagePort) {
    this.data = data;
    this.notice = notice;
    this.report = new Promise((resolve) => {
      notice.on("message", (what: PeerNotice) => {
        if (what.kind === "credit") this.#credited();
        if (what.kind === "report") resolve(what);
      });
    });
  }

  post(weight: number, last = false): void {
    this.ledger.posted(weight);
    const parcel: Parcel = { number: this.posted++, weight, last };
    this.data.postMessage(parcel);
    if (!this.ledger.takeDoorbell()) return;
    this.rings += 1;
    this.notice.postMessage({ kind: "ring" } satisfies PeerNotice);
  }

  /** Waits until no more than `level` lies unread; a wake-up that does not come is a failure. */
  async credit(level: number): Promise<void> {
    const credited = new Promise<void>((resolve) => {
      this.#credited = resolve;
    });
    if (!this.ledger.awaitCredit(level)) return;
    this.waits += 1;
    await within(credited, `credit ${this.waits} at level ${level}, ${this.ledger.unreadBytes} unread`);
  }
}

async function within<T>(promise: Promise<T>, what: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const lost = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`a wake-up was lost: ${what}`)), LOST_MS);
  });
  try {
    return await Promise.race([promise, lost]);
  } finally {
    clearTimeout(timer);
  }
}

async function play(run: (producer: Producer, until: number) => Promise<void>): Promise<Producer> {
  const data = new MessageChannel();
  const notice = new MessageChannel();
  const producer = new Producer(data.port1, notice.port1);
  const peer = new Worker(new URL("./ledger-peer.js", import.meta.url), {
    workerData: {
      ledger: producer.ledger.buffer,
      data: data.port2,
      notice: notice.port2,
    } satisfies PeerData,
    transferList: [data.port2, notice.port2],
  });
  try {
    await once(peer, "online");
    await run(producer, performance.now() + PLAY_MS);
    producer.post(1, true);
    const report = await within(producer.report, "the end was not read: the doorbell failed");
    assert.is(report.received, producer.posted);
    assert.ok(report.inOrder);
    assert.is(producer.ledger.unreadBytes, 0);
    return producer;
  } finally {
    producer.notice.close();
    producer.data.close();
    await peer.terminate();
  }
}

threads("no credit is lost when the reader is as fast as the writer", async () => {
  const producer = await play(async (producer, until) => {
    // Levels from nothing to nearly the limit: sometimes met before the request, sometimes long after it.
    for (let round = 0; performance.now() < until; round++) {
      for (let i = 0; i < 1 + (round % 7); i++) producer.post(100);
      await producer.credit((round * 37) % 600);
    }
  });
  assert.ok(producer.waits > 50, `${producer.waits} waits are too few to mean anything`);
});

threads("no ring of the doorbell is lost", async () => {
  const producer = await play(async (producer, until) => {
    for (let round = 0; performance.now() < until; round++) {
      producer.post(10);
      // The next parcel is posted at the moment at which the reader has this one and is about to sleep.
      const lost = performance.now() + LOST_MS;
      while (producer.ledger.unreadBytes > 0) {
        if (performance.now() > lost) throw new Error(`a wake-up was lost: nobody reads parcel ${round}`);
      }
      for (let spin = 0; spin < (round * 7) % 300; spin++) producer.ledger.alive;
    }
  });
  assert.ok(producer.rings > 50, `${producer.rings} rings are too few to mean anything`);
});

threads.run();
