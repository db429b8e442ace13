import { Refusal } from '../refusal';
import type { Output } from './output';

/** Above it new requests wait: some 3000 records. */
const MAX_WAITING_BYTES = 1024 * 1024;
/** After which they are refused. */
const PATIENCE_MS = 5000;

/** Waits where what is said does not get out as fast as it is made; undefined where it does. Rejects (503) where that takes too long, and at once where nobody takes anything. */
export function createRoom(output: Output): () => Promise<void> | undefined {
  const waiting = new Set<() => void>();
  output.onDrain(() => {
    if (waiting.size === 0 || output.waitingBytes > MAX_WAITING_BYTES) return;
    for (const goOn of waiting) goOn();
    waiting.clear();
  });
  return () => {
    const { waitingBytes } = output;
    if (waitingBytes <= MAX_WAITING_BYTES) return undefined;
    if (waitingBytes === Infinity) return Promise.reject(stuck());
    return new Promise((resolve, reject) => {
      const goOn = (): void => {
        clearTimeout(patience);
        resolve();
      };
      const patience = setTimeout(() => {
        waiting.delete(goOn);
        reject(stuck());
      }, PATIENCE_MS);
      waiting.add(goOn);
    });
  };
}

const stuck = (): Refusal => new Refusal('unavailable', 'audit-stuck', { 'retry-after': '5' });
