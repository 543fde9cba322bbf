/** How a host program talks with the test that started it, and brings its clients into position. */

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { writeSync } from "node:fs";
import { AsyncClient, type ClientOptions, type LaunchSpec } from "../../../src/index.js";

/** The children to open. */
export const launches: readonly LaunchSpec[] = JSON.parse(process.argv[2] ?? "[]");

/** The other arguments. */
export const args: readonly string[] = process.argv.slice(3);

/** Says something to the test; at once, so that it is said before an exit. */
export function tell(event: string, facts: Readonly<Record<string, unknown>> = {}): void {
  writeSync(1, `${JSON.stringify({ event, ...facts })}\n`);
}

/** Waits for the test's word; nothing of it holds the host afterwards. */
export async function toldToGo(): Promise<void> {
  process.stdin.ref();
  await once(process.stdin, "data");
  process.stdin.unref();
}

/** Opens a client for every launch, brings it into position and says so. */
export async function openClients(options: ClientOptions = {}): Promise<AsyncClient[]> {
  const clients = await Promise.all(launches.map((launch) => openClient(launch, options)));
  tell("ready", { pids: clients.map((client) => client.pid()) });
  return clients;
}

/**
 * Opens a client and asks it something: it is in position when it has answered, or begun to. With the argument
 * `attach` the host spawns the child itself.
 */
export async function openClient(
  launch: LaunchSpec,
  options: ClientOptions = {},
  Client = AsyncClient,
): Promise<AsyncClient> {
  const client = args.includes("attach")
    ? await Client.attach(spawnHere(launch), options)
    : await Client.spawn(launch, options);
  const turn = await client.queryStream("go to work");
  for (;;) {
    const { value, done } = await turn.next();
    if (done || value.type === "assistant") return client;
  }
}

/** Starts a child as a host does that wants to hand it over. */
function spawnHere({ command, args: childArgs, cwd, env }: LaunchSpec): ChildProcess {
  return spawn(command, childArgs, { stdio: "pipe", env: env ?? {}, ...(cwd !== undefined && { cwd }) });
}
