import { AsyncClient, type ClaudeError, SessionPool } from "../../../src/index.js";
import { launches, openClient, tell } from "./stage.js";

/** The first child says more than its thread can hold; the second session has a thread of its own. */
const pool = new SessionPool({ threads: 2 });
const [greedy, modest] = launches;
if (greedy === undefined || modest === undefined) throw new Error("two launches are needed");
const bystander = await openClient(modest, { pool });
const victim = await AsyncClient.spawn(greedy, { pool, lazy: false });
const failure = await victim.query("all of it").then(
  () => undefined,
  (error: ClaudeError) => error,
);
tell("crashed", { code: failure?.code, message: failure?.message, exited: await victim.exited });
await bystander.query("still there?");
await using another = await openClient(modest, { pool });
tell("goes on", { alive: [victim, bystander, another].map((client) => client.isAlive()) });
await pool.close();
