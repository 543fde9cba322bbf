import { openClients, tell, toldToGo } from "./stage.js";

process.on("exit", (code) => tell("exit", { code }));
await openClients();
await toldToGo();
setTimeout(() => {
  throw new Error("nobody catches this");
});
