/** Signals that end a drill, with the exit code that a shell gives them. */
const EXIT_CODES = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;
const SIGNALS = Object.keys(EXIT_CODES) as readonly (keyof typeof EXIT_CODES)[];

const stops = new Set<() => Promise<void>>();
let stopping = false;

/** Has `stop` called before a signal ends this process. The handlers are there only as long as somebody wants them; returns what takes this one out. */
export function stopOnSignal(stop: () => Promise<void>): () => void {
  if (stops.size === 0) for (const signal of SIGNALS) process.on(signal, onSignal);
  stops.add(stop);
  return () => {
    stops.delete(stop);
    if (stops.size === 0) for (const signal of SIGNALS) process.removeListener(signal, onSignal);
  };
}

function onSignal(signal: keyof typeof EXIT_CODES): void {
  const leave = () => process.exit(EXIT_CODES[signal]);
  // Whoever asks twice does not want to wait; the keeper cleans up.
  if (stopping) leave();
  stopping = true;
  // For the case that an action never ends and nothing else keeps this process.
  process.exitCode = EXIT_CODES[signal];
  void Promise.allSettled([...stops].map((stop) => stop())).then(leave);
}
