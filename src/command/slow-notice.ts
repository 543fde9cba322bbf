/** Says what is going on when it takes long, and nothing when it does not. Gives what `work` gives. */
export async function noticeIfSlow<T>(work: Promise<T>, afterMs: number, say: () => void): Promise<T> {
  const timer = setTimeout(say, afterMs);
  try {
    return await work;
  } finally {
    clearTimeout(timer);
  }
}
