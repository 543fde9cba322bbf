const MIB = 1024 * 1024;
const KIB_PER_MIB = 1024;

/** Memory of this whole process, worker threads included, in MiB beyond what it had at the start. */
export interface MemoryUse {
  /** Most at any time, also while the loop was held. */
  readonly peakMiB: number;
}

/** Starts to watch this process's resident memory. */
export function peakMemory(): () => MemoryUse {
  const before = residentMiB();
  // The kernel's own mark: no timer of ours could look while the loop is held. It knows no reset that works
  // everywhere, so a process that was larger before would show that.
  return () => ({ peakMiB: Math.max(0, process.resourceUsage().maxRSS / KIB_PER_MIB - before) });
}

/** Resident memory of this whole process in MiB. */
export function residentMiB(): number {
  return process.memoryUsage.rss() / MIB;
}
