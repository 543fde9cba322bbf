import { constants } from "node:os";
import { AsyncClient } from "../../../src/index.js";
import { launches, tell } from "./stage.js";

/** What is hooked into the process: listeners by event, and methods that were replaced. */
const EVENTS = [...Object.keys(constants.signals), "exit", "beforeExit", "uncaughtException"];
const { emit } = process;
const reallyExit: unknown = Reflect.get(process, "reallyExit");
function hooks(): Record<string, unknown> {
  const counts = [...EVENTS, "unhandledRejection", "warning", "message", "disconnect", "newListener"].map(
    (event) => [event, process.listenerCount(event)] as const,
  );
  const replaced = process.emit !== emit || Reflect.get(process, "reallyExit") !== reallyExit;
  return { ...Object.fromEntries(counts.filter(([, count]) => count > 0)), replaced };
}

tell("before", hooks());
for (const round of [1, 2]) {
  const clients = await Promise.all(launches.map((launch) => AsyncClient.spawn(launch)));
  tell("open", hooks());
  await Promise.all(clients.map((client) => client.query("hello").catch(() => {})));
  if (round === 1) await Promise.all(clients.map((client) => client.shutdown({ graceMs: 200, termMs: 200 })));
  else
    for (const pid of clients.map((client) => client.pid()))
      pid !== undefined && process.kill(pid, "SIGKILL");
  await Promise.all(clients.map((client) => client.exited));
  tell("closed", hooks());
}
const [launch] = launches;
const failures = await Promise.allSettled([
  AsyncClient.spawn({ command: "/no/such/file", args: [] }),
  AsyncClient.spawn({ command: "/dev/null", args: [] }),
  launch && AsyncClient.spawn(launch, { signal: AbortSignal.abort() }),
]);
tell("failed", { count: failures.filter(({ status }) => status === "rejected").length });
tell("closed", hooks());
