import { Worker } from "node:worker_threads";
import { args, launches, tell, toldToGo } from "./stage.js";

/** Uses the library in a thread of its own, and ends that thread, or itself. */
const [way = ""] = args;
const worker = new Worker(new URL("./in-thread-worker.js", import.meta.url), {
  argv: [JSON.stringify(launches), ...args],
});
worker.on("error", (error) => tell("thread error", { message: error.message }));
worker.on("exit", (code) => tell("thread exit", { code }));
await toldToGo();
if (way === "terminate") await worker.terminate();
else if (way === "main-exit") process.exit(7);
else if (way === "main-throw") throw new Error("nobody catches this");
else worker.postMessage(way);
await toldToGo();
tell("done");
