import { spawn } from "node:child_process";
import { AsyncClient } from "../../../src/index.js";
import { args, launches, tell } from "./stage.js";

/** Hands over children of its own; they are ended by the client, or end by themselves. */
for (const { command, args: childArgs, env } of launches) {
  const client = await AsyncClient.attach(spawn(command, childArgs, { env: env ?? {}, stdio: "pipe" }));
  await client.query("hello");
  if (args.includes("shutdown")) await client.shutdown({ graceMs: 200, termMs: 200 });
}
tell("done");
