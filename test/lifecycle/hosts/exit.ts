import { openClients, tell, toldToGo } from "./stage.js";

process.on("exit", (code) => tell("exit", { code }));
await openClients();
await toldToGo();
process.exit(7);
