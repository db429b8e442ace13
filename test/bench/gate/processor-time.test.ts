import { parseStat, type Process, processorMicros, residentBytes, withDescendants } from '../../../bench/gate/processor-time';

/** proc(5), of which the second field is the name in brackets. */
function statLine(name: string): string {
  const after = Array.from({ length: 50 }, (_, index) => String(1000 + index + 3));
  after[4 - 3] = '7';
  [after[14 - 3], after[15 - 3], after[16 - 3], after[17 - 3]] = ['1', '20', '300', '4000'];
  after[24 - 3] = '55';
  return `42 (${name}) ${after.join(' ')}\n`;
}

const made = (pid: number, parent: number): Process => ({ pid, parent, ticks: 1, residentPages: 1 });
const pidsOf = (processes: readonly Process[]): number[] => processes.map(({ pid }) => pid);

describe('a line of /proc', () => {
  test.each(['node', 'a b', 'a) 1 2 3', '((', ')'])('tells the same whatever the process is called: %s', (name) => {
    expect(parseStat(42, statLine(name))).toEqual({ pid: 42, parent: 7, ticks: 4321, residentPages: 55 });
  });
});

describe('a process counts with', () => {
  test('all that it has started, however they are numbered', () => {
    expect(pidsOf(withDescendants([made(3, 5), made(4, 3), made(5, 9), made(9, 1), made(10, 1)], [9])).sort()).toEqual([3, 4, 5, 9]);
  });
  test('nothing where it has ended', () => expect(withDescendants([made(3, 1)], [9])).toEqual([]));
  test('itself once, where it is named twice', () => expect(pidsOf(withDescendants([made(3, 1), made(4, 3)], [3, 4]))).toEqual([3, 4]));
});

test('this process uses more and more time, and has some memory', () => {
  const before = processorMicros([process.pid]);
  const used = process.cpuUsage();
  for (let spent = process.cpuUsage(used); spent.user + spent.system < 100_000; spent = process.cpuUsage(used)) Math.sqrt(spent.user);
  const grown = processorMicros([process.pid]) - before;
  // In steps of a hundredth of a second.
  expect(grown).toBeGreaterThanOrEqual(80_000);
  expect(residentBytes([process.pid])).toBeGreaterThan(10e6);
});
