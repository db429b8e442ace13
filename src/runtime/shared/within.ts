/** Something did not answer in time. */
export class TimedOut extends Error {
  public constructor() {
    super('timed out');
  }
}

/** Waits for what is asked, and no longer than so many milliseconds: also where the one who is asked does not mind the signal. */
export async function within<T>(milliseconds: number, ask: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new TimedOut());
      controller.abort();
    }, milliseconds);
  });
  try {
    return await Promise.race([ask(controller.signal), late]);
  } finally {
    clearTimeout(timer);
  }
}
