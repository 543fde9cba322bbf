import { readFileSync } from "node:fs";

const MiB = 1024 * 1024;
/** Of all systems whose `statm` we read; those with larger pages only recycle later. */
const PAGE_BYTES = 4096;

/** Resident memory of a process in MiB; undefined when it is gone, or where only a costly tool could tell. */
export function residentMegabytes(pid: number): number | undefined {
  if (process.platform !== "linux") return undefined;
  try {
    const [, pages] = readFileSync(`/proc/${pid}/statm`, "latin1").split(" ");
    return (Number(pages) * PAGE_BYTES) / MiB;
  } catch {
    return undefined;
  }
}
