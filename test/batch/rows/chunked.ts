import type { ReadRow } from "../../../src/batch/rows/row.js";

/** Bytes in chunks of these sizes, the rest in one. */
export async function* chunked(
  bytes: Buffer | string,
  sizes: readonly number[] = [],
): AsyncGenerator<Buffer, void> {
  let rest = Buffer.from(bytes);
  for (const size of sizes) {
    if (rest.length > 0) yield rest.subarray(0, size);
    rest = rest.subarray(size);
  }
  if (rest.length > 0) yield rest;
}

/** All that a reader gives; an error ends the list, as its message. */
export async function collect(rows: AsyncIterable<ReadRow>): Promise<(ReadRow | string)[]> {
  const all: (ReadRow | string)[] = [];
  try {
    for await (const row of rows) all.push(row);
  } catch (error) {
    all.push(error instanceof Error ? error.message : String(error));
  }
  return all;
}
