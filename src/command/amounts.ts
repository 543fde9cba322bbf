/** Numbers in the words of a terminal. */

/** `12,345`. */
export function count(value: number): string {
  return value.toLocaleString("en-US");
}

/** `12,345 prompts`, `1 prompt`. */
export function counted(value: number, noun: string): string {
  return `${count(value)} ${noun}${value === 1 ? "" : "s"}`;
}

/** `0.4 s`, `35 s`, `4 min 10 s`, `2 h 5 min`. */
export function duration(ms: number): string {
  if (ms < 10_000) return `${(ms / 1_000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1_000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 60
    ? `${minutes} min ${seconds % 60} s`
    : `${count(Math.floor(minutes / 60))} h ${minutes % 60} min`;
}

/** `$0.0123`. */
export function dollars(amount: number): string {
  return `$${amount.toFixed(amount < 100 ? 4 : 2)}`;
}

/** `16.8/s`, and below one a second `12/min`. */
export function pace(perSecond: number): string {
  return perSecond >= 1 || perSecond === 0
    ? `${perSecond.toFixed(1)}/s`
    : `${(perSecond * 60).toFixed(1)}/min`;
}
