import { createHash } from 'node:crypto';

/** What a fixed piece of work took: the machine's own speed at this moment. */
export interface Calibration {
  /** Of processor time: grows where caches and cores are shared with others. */
  readonly processorMs: number;
  /** Grows beyond that where others had the processor. */
  readonly wallMs: number;
}

const BLOCK = Buffer.alloc(64 * 1024, 7);
/** About 50 ms on a core of 2024. */
const BLOCKS = 800;

export function calibrate(): Calibration {
  const [cpu, start] = [process.cpuUsage(), process.hrtime.bigint()];
  const hash = createHash('sha256');
  for (let block = 0; block < BLOCKS; block += 1) hash.update(BLOCK);
  hash.digest();
  // Branches and memory beside arithmetic, as proxies have them.
  const words = Array.from({ length: 40_000 }, (_, index) => String((index * 7919) % 40_009));
  words.sort();
  const { user, system } = process.cpuUsage(cpu);
  return { processorMs: (user + system) / 1000, wallMs: Number(process.hrtime.bigint() - start) / 1e6 };
}
