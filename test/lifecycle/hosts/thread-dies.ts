import { setTimeout as sleep } from "node:timers/promises";
import { BroadcastChannel } from "node:worker_threads";
import { type AsyncClient, SessionPool } from "../../../src/index.js";
import { args, launches, openClient, tell, toldToGo } from "./stage.js";

/** Two threads with sessions on both; the first thread dies. */
const pool = new SessionPool({ threads: 2 });
const clients: AsyncClient[] = [];
// One after the other, so that it is known who is where: they alternate.
for (const launch of launches)
  clients.push(await openClient(launch, { pool, shutdown: { graceMs: 200, termMs: 300 } }));
tell("ready", { pids: clients.map((client) => client.pid()) });
await toldToGo();

const calls = clients.map((client) => {
  const call = client.receive().then(
    () => "message",
    (error) => error.code as string,
  );
  return () => Promise.race([call, sleep(100, "waits")]);
});
const doom = new BroadcastChannel("doom");
doom.postMessage({ thread: 1, doom: args[0] });
doom.close();
const [first] = clients;
tell("crashed", { exited: await first?.exited });
// The last of them goes when it is killed.
await Promise.all(clients.filter((_, at) => at % 2 === 0).map((client) => client.exited));
tell("state", {
  alive: clients.map((client) => client.isAlive()),
  calls: await Promise.all(calls.map((call) => call())),
  later: await first?.query("anybody?", { timeoutMs: 1_000 }).catch((error) => error.code),
});
const [launch] = launches.slice(-1);
if (launch !== undefined) clients.push(await openClient(launch, { pool }));
tell("goes on", { alive: clients.map((client) => client.isAlive()), stats: pool.stats() });
await toldToGo();
await pool.close();
