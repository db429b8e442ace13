import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import * as path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { codeOf } from '../message-of';
import { ToolboxError } from './toolbox-error';

const LOOK_AGAIN_MS = 200;
const PATIENCE_MS = 10 * 60_000;

/** Locks that this process holds or tries to get: one of its own at a time, so that its number in a lock that it does not hold is a dead owner's. */
const claimed = new Set<string>();

/**
 * Does the work while no other process does it. The lock is a folder with its owner's number in it, which only one can bring into place; the
 * lock of a dead owner is taken over.
 */
export async function withLock(lock: string, onWait: () => void, work: () => Promise<void>): Promise<void> {
  const wait = waitingFor(lock, onWait);
  while (claimed.has(lock)) await wait();
  claimed.add(lock);
  try {
    while (!await taken(lock) && !await takenOver(lock)) await wait();
    try {
      await work();
    } finally {
      await release(lock);
    }
  } finally {
    claimed.delete(lock);
  }
}

function waitingFor(lock: string, onWait: () => void): () => Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  let said = false;
  return async () => {
    if (Date.now() > deadline) throw new ToolboxError(`Another run has held ${lock} for ${PATIENCE_MS / 60_000} minutes: if there is none, delete that folder.`);
    if (!said) onWait();
    said = true;
    await sleep(LOOK_AGAIN_MS);
  };
}

/** Brought into place by renaming, so that nobody ever sees a lock without an owner. */
async function taken(lock: string): Promise<boolean> {
  const mine = await mkdtemp(`${lock}-`);
  await sign(mine);
  const done = await succeeds(rename(mine, lock), ['ENOTEMPTY', 'EEXIST']);
  if (!done) await rm(mine, { recursive: true });
  return done;
}

/** Moved away before it is emptied: an empty folder would let the next one in, whose lock would then be deleted. */
async function release(lock: string): Promise<void> {
  const gone = await mkdtemp(`${lock}-`);
  await rename(lock, gone);
  await rm(gone, { recursive: true });
}

/** Of those that wait, one may mark the lock as his; he looks again afterwards, for another may have been through with all this before. */
async function takenOver(lock: string): Promise<boolean> {
  const mark = path.join(lock, 'takeover');
  if (!await isAbandoned(lock) || !await succeeds(mkdir(mark), ['EEXIST', 'ENOENT'])) return false;
  const abandoned = await isAbandoned(lock);
  if (abandoned) {
    await sign(mark);
    await rename(ownerFile(mark), ownerFile(lock));
  }
  await rm(mark, { recursive: true, force: true });
  return abandoned;
}

async function isAbandoned(lock: string): Promise<boolean> {
  try {
    const owner = Number(await readFile(ownerFile(lock), 'utf8'));
    // In a container a dead owner's number is easily one's own.
    return owner === process.pid || !isAlive(owner);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false;
    throw error;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
}

function sign(folder: string): Promise<void> {
  return writeFile(ownerFile(folder), String(process.pid));
}

function ownerFile(folder: string): string {
  return path.join(folder, 'owner');
}

async function succeeds(deed: Promise<unknown>, expected: readonly string[]): Promise<boolean> {
  try {
    await deed;
    return true;
  } catch (error) {
    if (expected.some((code) => code === codeOf(error))) return false;
    throw error;
  }
}
