import { AsyncClient } from "../../../src/index.js";
import { launches, tell } from "./stage.js";

/** Every way in which opening fails: no such file, no program, aborted before, aborted meanwhile, too late. */
const [launch] = launches;
if (launch === undefined) throw new Error("one launch is needed");
const meanwhile = new AbortController();
const attempts = [
  AsyncClient.spawn({ ...launch, command: "/no/such/file" }),
  AsyncClient.spawn({ ...launch, command: "/dev/null" }),
  AsyncClient.spawn(launch, { signal: AbortSignal.abort() }),
  AsyncClient.spawn(launch, { signal: meanwhile.signal }),
  AsyncClient.spawn(launch, { spawnTimeoutMs: 0 }),
];
setTimeout(() => meanwhile.abort(), 20);
const outcomes = await Promise.allSettled(attempts);
tell("done", {
  codes: outcomes.map(
    (outcome) => outcome.status === "rejected" && (outcome.reason as { code?: string }).code,
  ),
});
