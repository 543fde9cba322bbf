import { setImmediate as nextTurn } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

setFlagsFromString("--expose-gc");
/** Collects all garbage at once. */
export const collectGarbage = runInNewContext("gc") as () => void;

/** True once nothing holds the object any more; false when something still does after several collections. */
export async function isCollected(object: WeakRef<object>): Promise<boolean> {
  for (let round = 0; round < 10; round++) {
    // A WeakRef that was looked at holds its object until the turn ends.
    await nextTurn();
    collectGarbage();
    if (object.deref() === undefined) return true;
  }
  return false;
}
