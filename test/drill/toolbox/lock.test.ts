import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { withLock } from '../../../src/drill/toolbox/lock';

const folder = mkdtempSync(path.join(tmpdir(), 'lock-test-'));
const lock = path.join(folder, 'tools.lock');
const nobodyWaits = () => {
  throw new Error('This one had to wait.');
};

afterEach(() => readdirSync(folder).forEach((left) => rmSync(path.join(folder, left), { recursive: true })));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function lockOf(pid: number): void {
  mkdirSync(lock);
  writeFileSync(path.join(lock, 'owner'), String(pid));
}

function deadPid(): number {
  return spawnSync(process.execPath, ['-e', '']).pid;
}

test('of five at once one works at a time, and nothing is left behind', async () => {
  let working = 0;
  const seen: number[] = [];
  await Promise.all(Array.from({ length: 5 }, () => withLock(lock, () => undefined, async () => {
    working += 1;
    seen.push(working);
    await sleep(20);
    working -= 1;
  })));
  expect(seen).toEqual([1, 1, 1, 1, 1]);
  expect(readdirSync(folder)).toEqual([]);
});

test('work that fails lets the next one in', async () => {
  await expect(withLock(lock, nobodyWaits, () => Promise.reject(new Error('no disk')))).rejects.toThrow('no disk');
  await expect(withLock(lock, nobodyWaits, () => Promise.resolve())).resolves.toBeUndefined();
});

test('the lock of a dead owner is taken over at once', async () => {
  lockOf(deadPid());
  await expect(withLock(lock, nobodyWaits, () => Promise.resolve())).resolves.toBeUndefined();
  expect(readdirSync(folder)).toEqual([]);
});

test('of several here that find a dead owner one works at a time', async () => {
  lockOf(deadPid());
  let working = 0;
  const seen: number[] = [];
  await Promise.all(Array.from({ length: 5 }, () => withLock(lock, () => undefined, async () => {
    working += 1;
    seen.push(working);
    await sleep(20);
    working -= 1;
  })));
  expect(seen).toEqual([1, 1, 1, 1, 1]);
});

test('one who finds a dead owner, but is overtaken by another, leaves the lock to that one', async () => {
  lockOf(deadPid());
  // Between the look at the owner and the mark.
  const overtaken = jest.spyOn(fs, 'mkdir').mockImplementationOnce((mark) => {
    writeFileSync(path.join(lock, 'owner'), String(process.ppid));
    mkdirSync(mark);
    return Promise.resolve(undefined);
  });
  const done: string[] = [];
  const waiting = withLock(lock, () => done.push('waiting'), () => {
    done.push('worked');
    return Promise.resolve();
  });
  await sleep(500);
  expect(overtaken).toHaveBeenCalledTimes(1);
  expect(done).toEqual(['waiting']);
  expect(readdirSync(lock)).toEqual(['owner']);
  rmSync(lock, { recursive: true });
  await waiting;
});

test("a lock with this process's number, which it does not hold, is a dead one's", async () => {
  lockOf(process.pid);
  await expect(withLock(lock, nobodyWaits, () => Promise.resolve())).resolves.toBeUndefined();
});

test('the lock of a living owner is waited for, which is said once', async () => {
  lockOf(process.ppid);
  const done: string[] = [];
  const waiting = withLock(lock, () => done.push('waiting'), () => {
    done.push('worked');
    return Promise.resolve();
  });
  await sleep(500);
  expect(done).toEqual(['waiting']);
  rmSync(lock, { recursive: true });
  await waiting;
  expect(done).toEqual(['waiting', 'worked']);
});
