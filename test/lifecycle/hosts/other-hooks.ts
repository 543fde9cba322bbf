import { once } from "node:events";
import { execa } from "execa";
import { args, openClients, tell } from "./stage.js";

/** Has a child of its own beside its clients, over which execa watches by hooks like ours. */
const start = async () => {
  const child = execa(process.execPath, ["-e", "console.log('up'); setTimeout(() => {}, 60_000)"]);
  child.catch(() => {});
  await once(child.stdout, "data");
};
if (args.includes("before")) await start();
await openClients();
if (args.includes("after")) await start();
tell("in position");
