import { openClients, toldToGo } from "./stage.js";

process.on("exit", () => {
  throw new Error("thrown while exiting");
});
await openClients();
await toldToGo();
process.exit(7);
