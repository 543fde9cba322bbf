import { openClients, tell } from "./stage.js";

/** The usual way to end well: tidy up on the signal, and then exit. */
process.once("SIGTERM", async () => {
  const ends = await Promise.all(clients.map((client) => client.shutdown({ graceMs: 200, termMs: 200 })));
  tell("shut down", { ends });
  process.exit(5);
});
const keepAlive = setInterval(() => {}, 60_000);
const clients = await openClients();
void keepAlive;
