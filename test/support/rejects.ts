import * as assert from "uvu/assert";

/** Awaits a promise that must reject, and returns what it rejected with for further assertions. */
export async function rejects<E = Error & { code?: string }>(promise: Promise<unknown>): Promise<E> {
  let outcome: { error: E } | undefined;
  try {
    await promise;
  } catch (error) {
    outcome = { error: error as E };
  }
  if (outcome === undefined) assert.unreachable("expected a rejection, but the promise fulfilled");
  return (outcome as { error: E }).error;
}
