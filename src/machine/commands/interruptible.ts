/** Work that Ctrl+C ends in good order: what it began is taken back. A second Ctrl+C ends the program at once. */
export async function interruptible<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const ended = new AbortController();
  const stop = (): void => ended.abort();
  process.once('SIGINT', stop);
  try {
    return await work(ended.signal);
  } finally {
    process.off('SIGINT', stop);
  }
}
