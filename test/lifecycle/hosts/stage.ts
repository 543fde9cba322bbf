/** How a host program talks with the test that started it, and brings its clients into position. */

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
export function toldToGo(): Promise<void> {
  return new Promise((resolve) => {
    process.stdin.once("data", () => {
      process.stdin.pause();
      resolve();
    });
    process.stdin.resume();
  });
}

/** Opens a client for every launch, brings it into position and says so. */
export async function openClients(options: ClientOptions = {}): Promise<AsyncClient[]> {
  const clients = await Promise.all(launches.map((launch) => openClient(launch, options)));
  tell("ready", { pids: clients.map((client) => client.pid()) });
  return clients;
}

/** Opens a client and asks it something: it is in position when it has answered, or begun to. */
export async function openClient(launch: LaunchSpec, options: ClientOptions = {}): Promise<AsyncClient> {
  const client = await AsyncClient.spawn(launch, options);
  const turn = await client.queryStream("go to work");
  for (;;) {
    const { value, done } = await turn.next();
    if (done || value.type === "assistant") return client;
  }
}
