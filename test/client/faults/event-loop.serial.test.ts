import { once } from "node:events";
import { type AddressInfo, connect, createServer } from "node:net";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { AsyncClient } from "../../../src/index.js";
import { emit, type FloodKind, flood, onUser, result } from "../../../src/testing/index.js";
import { assertNothingRuns, open, PATIENCE_MS, user } from "../../support/scripted.js";

const PATIENCE = { timeoutMs: PATIENCE_MS };
const TICK_MS = 10;

/** What else the event loop gets done. */
interface Life {
  /** Ticks of a timer of 10 ms. */
  readonly ticks: number;
  /** Round trips of a byte over a loopback socket, one at a time. */
  readonly echoes: number;
  readonly tookMs: number;
}

/** Runs something and counts what else happens meanwhile. */
async function beside(run: () => Promise<void>): Promise<Life> {
  const server = createServer((peer) => peer.on("error", () => {}).pipe(peer)).listen(0, "127.0.0.1");
  await once(server, "listening");
  const socket = connect((server.address() as AddressInfo).port, "127.0.0.1");
  await once(socket, "connect");
  socket.setNoDelay(true);
  let [ticks, echoes] = [0, 0];
  socket.on("data", () => {
    echoes += 1;
    socket.write("x");
  });
  const timer = setInterval(() => {
    ticks += 1;
  }, TICK_MS);
  socket.write("x");
  const began = performance.now();
  await run();
  const tookMs = performance.now() - began;
  clearInterval(timer);
  socket.destroy();
  server.close();
  return { ticks, echoes, tookMs };
}

/** Generous: a loop that a flood has to itself gives none of either. */
function assertAlive({ ticks, echoes, tookMs }: Life, what: string): void {
  assert.ok(tookMs > 20 * TICK_MS, `${what}: a flood of ${tookMs} ms proves nothing`);
  assert.ok(ticks > (0.3 * tookMs) / TICK_MS, `${what}: ${ticks} ticks in ${tookMs} ms`);
  assert.ok(echoes > (0.5 * tookMs) / TICK_MS, `${what}: ${echoes} round trips in ${tookMs} ms`);
}

/** Looks into everything up to the last message, as fast as it comes. */
async function drain(client: AsyncClient): Promise<void> {
  for (;;) {
    const message = await client.receive(PATIENCE);
    JSON.stringify(message);
    if (String(message.type) === "end") return;
  }
}

const loop = suite("the event loop beside a consumer that loops over a flood");

const FLOODS: readonly (readonly [FloodKind, number, number])[] = [
  ["stream_event", 100_000, 500],
  ["text", 60_000, 2_000],
  ["structured", 800, 100_000],
];

for (const [kind, count, bytes] of FLOODS) {
  loop(`runs timers and sockets, ${kind} frames of ${bytes} bytes`, async () => {
    await using client = await open([onUser([flood({ kind, count, bytes }), emit({ type: "end" })])]);
    await client.send(user("now"));
    assertAlive(await beside(() => drain(client)), kind);
  });
}

loop("runs timers and sockets while everything lies ready before", async () => {
  const count = 60_000;
  await using client = await open([onUser([flood({ count, bytes: 1_000 }), emit({ type: "end" })])], {
    highWaterMark: 256 * 1024 * 1024,
  });
  await client.send(user("now"));
  while (client.stats().framesReceived <= count) await new Promise((done) => setTimeout(done, 20));
  assertAlive(await beside(() => drain(client)), "unread frames");
});

loop("runs timers and sockets during a query", async () => {
  const script = [onUser([flood({ count: 60_000, bytes: 1_000 }), result()])];
  await using client = await open(script);
  const life = await beside(async () => {
    assert.is((await client.query("x", PATIENCE)).length, 60_001);
  });
  assertAlive(life, "query()");
});

loop("runs timers and sockets with eight such consumers", async () => {
  const script = [onUser([flood({ count: 12_000, bytes: 1_000 }), emit({ type: "end" })])];
  const clients = await Promise.all(Array.from({ length: 8 }, () => open(script)));
  await Promise.all(clients.map((client) => client.send(user("now"))));
  const life = await beside(async () => {
    await Promise.all(clients.map((client) => drain(client)));
  });
  assertAlive(life, "eight consumers");
  await Promise.all(clients.map((client) => client.shutdown()));
});

loop.run();

const afterwards = suite("afterwards");
afterwards("nothing runs any more", assertNothingRuns);
afterwards.run();
