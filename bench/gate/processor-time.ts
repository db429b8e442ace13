import { readdirSync, readFileSync } from 'node:fs';

/** What `sysconf(_SC_CLK_TCK)` says on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;
const PAGE_BYTES = 4096;

export interface Process {
  readonly pid: number;
  readonly parent: number;
  /** Of all its threads, and of children that have ended. */
  readonly ticks: number;
  readonly residentPages: number;
}

/** What processes and all that they have started have used so far, in microseconds of processor time. */
export function processorMicros(roots: readonly number[]): number {
  return treeOf(roots).reduce((sum, { ticks }) => sum + ticks, 0) / TICKS_PER_SECOND * 1e6;
}

/** What is in memory of them now. What two of them share counts twice. */
export function residentBytes(roots: readonly number[]): number {
  return treeOf(roots).reduce((sum, { residentPages }) => sum + residentPages, 0) * PAGE_BYTES;
}

function treeOf(roots: readonly number[]): Process[] {
  return withDescendants(readdirSync('/proc').filter((name) => /^\d+$/.test(name)).flatMap((name) => read(Number(name))), roots);
}

/** Processes and all that they have started. */
export function withDescendants(all: readonly Process[], roots: readonly number[]): Process[] {
  const inTree = new Set(roots);
  // A child's number may be below its parent's.
  for (let size = -1; size !== inTree.size;) {
    size = inTree.size;
    for (const { pid, parent } of all) if (inTree.has(parent)) inTree.add(pid);
  }
  return all.filter(({ pid }) => inTree.has(pid));
}

function read(pid: number): Process[] {
  try {
    return [parseStat(pid, readFileSync(`/proc/${pid}/stat`, 'utf8'))];
  } catch {
    // It has ended meanwhile.
    return [];
  }
}

/** proc(5): the name, in brackets, may hold anything; 14 to 17 are the times, 24 is the resident set. */
export function parseStat(pid: number, line: string): Process {
  const fields = line.slice(line.lastIndexOf(')') + 2).split(' ').map(Number);
  const field = (number: number): number => fields[number - 3] ?? 0;
  return { pid, parent: field(4), ticks: field(14) + field(15) + field(16) + field(17), residentPages: field(24) };
}
