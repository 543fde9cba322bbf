/** Loads the user's module into this thread. */

import type { WorkerModule } from "../src/approvals/worker-module.js";
import { InvalidArgumentError } from "../src/errors.js";

/**
 * Loads a module once per thread, by its URL.
 * @throws InvalidArgumentError when it cannot be loaded, or exports nothing that is known
 */
export async function loadHostModule(url: string): Promise<WorkerModule> {
  let found: Readonly<Record<string, unknown>>;
  try {
    found = (await import(url)) as typeof found;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new InvalidArgumentError(`The worker module ${url} cannot be loaded: ${reason}`, { cause });
  }
  const { onToolApproval, hooks } = found;
  if (onToolApproval !== undefined && typeof onToolApproval !== "function")
    throw new InvalidArgumentError(`The worker module ${url} exports an onToolApproval that is no function.`);
  if (hooks !== undefined && (typeof hooks !== "object" || hooks === null))
    throw new InvalidArgumentError(`The worker module ${url} exports hooks that are no object.`);
  if (onToolApproval === undefined && hooks === undefined)
    throw new InvalidArgumentError(
      `The worker module ${url} exports nothing that is known: neither onToolApproval nor hooks.`,
    );
  return found;
}
