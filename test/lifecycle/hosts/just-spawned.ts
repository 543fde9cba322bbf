import { readdirSync, readFileSync } from "node:fs";
import { AsyncClient, SessionPool } from "../../../src/index.js";
import { args, launches, tell } from "./stage.js";

/** Ends the moment that its children's processes exist, before the opening is through. */
const pool = new SessionPool({ threads: 1 });
const [launch] = launches;
// The thread is warmed up: what it starts from now on are the launches.
if (launch !== undefined)
  await (await AsyncClient.spawn(launch, { pool })).shutdown({ graceMs: 0, termMs: 0 });
for (const each of launches) AsyncClient.spawn(each, { pool }).catch(() => {});
while (children().length < launches.length) await new Promise(setImmediate);
tell("leaves", { children: children() });
const [signal] = args;
if (signal === undefined) process.exit(7);
process.kill(process.pid, signal);

function children(): string[] {
  return readdirSync("/proc/self/task").flatMap((thread) =>
    readFileSync(`/proc/self/task/${thread}/children`, "latin1").split(" ").filter(Boolean),
  );
}
