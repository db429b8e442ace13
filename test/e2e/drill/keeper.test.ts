import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { Keeper } from '../../../src/drill/processes/keeper';

const started: ChildProcess[] = [];

async function group(): Promise<{ readonly pid: number; readonly ended: () => boolean }> {
  const child = spawn(process.execPath, ['-e', "setInterval(() => {}, 1000); console.log('up')"], { detached: true, stdio: ['ignore', 'pipe', 'ignore'] });
  started.push(child);
  await once(child.stdout, 'data');
  return { pid: child.pid ?? Number.NaN, ended: () => child.signalCode !== null };
}

function folder(): string {
  const made = mkdtempSync(path.join(tmpdir(), 'keeper-test-'));
  writeFileSync(path.join(made, 'file'), '');
  return made;
}

afterEach(() => started.splice(0).forEach((child) => child.kill('SIGKILL')));

test('the keeper kills what it watches and removes the folder', async () => {
  const [kept, child] = [folder(), await group()];
  const keeper = await Keeper.start(kept);
  keeper.watch(child.pid);
  await keeper.end();
  expect([child.ended(), existsSync(kept)]).toEqual([true, false]);
});

test('a group that it was told to forget is no longer its own, for the number may be somebody else\'s by then', async () => {
  const [forgotten, watched] = [await group(), await group()];
  const keeper = await Keeper.start(folder());
  keeper.watch(forgotten.pid);
  keeper.watch(watched.pid);
  keeper.forget(forgotten.pid);
  await keeper.end();
  expect([forgotten.ended(), watched.ended()]).toEqual([false, true]);
});

test('to end it twice is to end it once', async () => {
  const keeper = await Keeper.start(folder());
  await keeper.end();
  await expect(keeper.end()).resolves.toBeUndefined();
});
