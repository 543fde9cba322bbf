/** How much the heavy tests of batches do. */

/** True with the variable `BATCH_FULL` set to 1: then they run for as long as it takes, so give no deadline. */
export const FULL_SIZE = process.env.BATCH_FULL === "1";

/** What is quick enough for every day, or the size that the promises name. */
export function sized(usual: number, full: number): number {
  return FULL_SIZE ? full : usual;
}
