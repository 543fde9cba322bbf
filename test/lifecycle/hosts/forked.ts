import { once } from "node:events";
import { args, openClients, tell } from "./stage.js";

/** A host with a channel to its parent: ends when told to by a message, or when the channel is closed. */
const clients = await openClients();
const event = args[0] ?? "message";
await once(process, event);
tell("ends");
if (event === "disconnect") process.exit(6);
await Promise.all(clients.map((client) => client.shutdown({ graceMs: 200, termMs: 200 })));
