import { openClients, tell, toldToGo } from "./stage.js";

/** Handlers of the host's own, put up before or after the clients are opened; the host lives on. */
const [when, way, signal] = process.argv.slice(3) as ["before" | "after", "on" | "once", NodeJS.Signals];
const listen = () => process[way](signal, () => tell("handled"));

if (when === "before") listen();
const clients = await openClients();
if (when === "after") listen();
tell("listening");
await toldToGo();
for (const client of clients) await client.query("still there?");
tell("answered", { alive: clients.map((client) => client.isAlive()) });
await toldToGo();
process.exit(3);
