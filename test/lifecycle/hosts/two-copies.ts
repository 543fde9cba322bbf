import * as ours from "../../../src/index.js";
import { args, launches, openClient, tell, toldToGo } from "./stage.js";

/** Two copies of the package in one process; the arguments tell where the other is and whose client is closed. */
const [where = "", closes] = args;
const listeners = () =>
  ["exit", "SIGINT", "SIGTERM", "SIGHUP"].map((event) => process.listenerCount(event)).join();
const before = listeners();
const other: typeof ours = await import(where);

const faults = await Promise.all(
  [ours, other].map(({ AsyncClient }) =>
    AsyncClient.spawn({ command: "/no/such/file", args: [] }).catch((error: unknown) => error),
  ),
);
tell("errors", {
  recognised: faults.flatMap((fault) => [ours, other].map((copy) => copy.isClaudeError(fault))),
  instances: faults.flatMap((fault) => [ours, other].map((copy) => fault instanceof copy.ClaudeError)),
});
const [launch] = launches;
if (launch === undefined) throw new Error("one launch is needed");
const mine = await openClient(launch, {}, ours.AsyncClient);
const theirs = await openClient(launch, {}, other.AsyncClient);
if (closes === "ours" || closes === "both") await mine.shutdown({ graceMs: 100, termMs: 100 });
if (closes === "other" || closes === "both") await theirs.shutdown({ graceMs: 100, termMs: 100 });
tell("ready", { alive: [mine.isAlive(), theirs.isAlive()], released: listeners() === before });
await toldToGo();
if (closes !== "both") process.exit(7);
