import { once } from "node:events";
import { parentPort } from "node:worker_threads";
import { openClients } from "./stage.js";

/** The thread of in-thread.ts. */
const clients = await openClients();
const [way] = parentPort === null ? [] : await once(parentPort, "message");
if (way === "thread-exit") process.exit(4);
if (way === "thread-throw") throw new Error("the thread fails");
// With its clients closed it ends by itself.
await Promise.all(clients.map((client) => client.shutdown({ graceMs: 200, termMs: 200 })));
