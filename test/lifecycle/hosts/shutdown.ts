import { openClients, tell } from "./stage.js";

/** Ends its clients well, and has nothing more to do; the threads stay warm for half a minute. */
const clients = await openClients();
const ends = await Promise.all(clients.map((client) => client.shutdown({ graceMs: 200, termMs: 200 })));
tell("done", { ends });
