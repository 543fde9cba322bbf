/** The task of a pool thread: one session, from the spawn of its child to the last frame. */

import type { SessionTask } from "../src/channel/control-contract.js";
import type { SessionEnd } from "../src/channel/session-end.js";
import { SessionLedger } from "../src/channel/session-ledger.js";
import type { Transport } from "./transport.js";

/**
 * Starts the child before anything else is loaded: it needs hundreds of milliseconds to boot, in which the rest
 * of this thread's code is compiled.
 */
export default async function runSession(task: SessionTask): Promise<SessionEnd> {
  const ledger = new SessionLedger(task.ledger);
  let transport: Transport | undefined;
  let failure: unknown;
  try {
    transport = await openChild(task, ledger);
  } catch (error) {
    failure = error;
  }
  const { Session, failSession } = await import("./session-loop.js");
  if (transport === undefined) return failSession(task, failure);
  return new Session(task, ledger, transport).run();
}

async function openChild({ child }: SessionTask, ledger: SessionLedger): Promise<Transport> {
  if ("spawn" in child) {
    const { spawnChild } = await import("./spawned-child.js");
    return spawnChild(child.spawn, ledger);
  }
  const { AttachedChild } = await import("./attached-child.js");
  if (child.pid !== undefined) ledger.started(child.pid);
  return new AttachedChild(child.relay, child.pid);
}
