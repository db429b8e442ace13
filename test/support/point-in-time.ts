import { chmod, chown, cp, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import * as path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { freePort } from '../../src/drill/processes/free-port';
import type { ManagedProcess, Supervisor } from '../../src/drill/processes/supervisor';
import type { RunningPostgres } from '../../src/drill/services/postgres';
import { findPostgres, otherUser } from '../../src/drill/services/postgres-programs';
import { asLogin } from './postgres';

/** Where a server puts what it has written, so that it can be written again: as Amazon RDS does every five minutes. */
export interface Archive {
  readonly folder: string;
  /** For `startPostgres`. */
  readonly parameters: Readonly<Record<string, string>>;
}

/** A whole copy of a running server. */
export interface BaseBackup {
  readonly folder: string;
}

/** In a folder of its own, which whoever runs the server may write to. */
export async function archiveIn(within: string): Promise<Archive> {
  const folder = await privateTo(within, 'archive-');
  return { folder, parameters: { wal_level: 'replica', archive_mode: 'on', archive_command: `cp %p ${folder}/%f` } };
}

/**
 * Copies a server while it runs, by PostgreSQL's own functions (documentation, "Making a Base Backup Using the Low Level API"): Amazon RDS takes a snapshot
 * of the disk, which is the same to a server that is started from it.
 */
export async function baseBackup(postgres: RunningPostgres, within: string): Promise<BaseBackup> {
  const folder = await privateTo(within, 'base-');
  await asLogin(postgres, postgres.superuser, async (client) => {
    const { rows: [place] } = await client.query<{ data_directory: string }>('SHOW data_directory');
    if (!place) throw new Error('The server does not say where its data are.');
    await client.query('SELECT pg_backup_start($1, true)', ['restore']);
    const data = path.join(folder, 'data');
    const left = new Set(['postmaster.pid', 'postmaster.opts', 'pg_wal'].map((name) => path.join(place.data_directory, name)));
    await cp(place.data_directory, data, { recursive: true, filter: (from) => !left.has(from) });
    const { rows: [label] } = await client.query<{ labelfile: string }>('SELECT labelfile FROM pg_backup_stop(true)');
    if (!label) throw new Error('The server gives no label for its backup.');
    await writeFile(path.join(data, 'backup_label'), label.labelfile, { mode: 0o600 });
    await mkdir(path.join(data, 'pg_wal', 'archive_status'), { recursive: true });
  });
  await give(folder);
  return { folder };
}

/** Waits until everything that was written so far is in the archive. */
export async function archived(postgres: RunningPostgres): Promise<void> {
  await asLogin(postgres, postgres.superuser, async (client) => {
    const { rows: [last] } = await client.query<{ file: string }>('SELECT pg_walfile_name(pg_switch_wal()) AS file');
    for (;;) {
      const { rows: [row] } = await client.query<{ done: boolean | null }>('SELECT last_archived_wal >= $1 AS done FROM pg_stat_archiver', [last?.file]);
      if (row?.done) return;
      await sleep(20);
    }
  });
}

export interface Moment {
  readonly supervisor: Supervisor;
  readonly backup: BaseBackup;
  readonly archive: Archive;
  /** As PostgreSQL writes times. */
  readonly until: string;
}

/** Starts a second server from a copy of the first, and lets it do again what that did until a moment. The first one is left as it is. */
export async function restoredTo(postgres: RunningPostgres, { supervisor, backup, archive, until }: Moment): Promise<RunningPostgres> {
  const data = path.join(backup.folder, 'data');
  const port = await freePort();
  const settings = { archive_mode: 'off', restore_command: `cp ${archive.folder}/%f %p`, recovery_target_time: until, recovery_target_action: 'promote' };
  await writeFile(path.join(data, 'recovery.signal'), '');
  await give(backup.folder);
  const args = ['-D', data, '-c', `port=${port}`, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])];
  const [command = '', ...all] = [...otherUser()?.prefix ?? [], findPostgres().postgres, ...args];
  let written = '';
  const started = supervisor.start('postgres-restored', command, all, {}, (text) => {
    written += text;
  });
  const restored = { ...postgres, port, log: () => written, stop: () => started.stop() };
  await open(restored, started, () => written);
  return restored;
}

/** Until it has come to the moment and takes writes. */
async function open(postgres: RunningPostgres, started: ManagedProcess, written: () => string): Promise<void> {
  for (;;) {
    const ended = await Promise.race([started.exited.then(() => true), sleep(20, false)]);
    if (ended) throw new Error(`The restored server ended: ${written()}${started.output()}`);
    const { host, port, caPem, superuser } = postgres;
    const client = new Client({ host, port, database: 'postgres', user: superuser.username, password: superuser.password, ssl: { ca: caPem } });
    client.on('error', () => undefined);
    try {
      await client.connect();
      const { rows: [row] } = await client.query<{ replaying: boolean }>('SELECT pg_is_in_recovery() AS replaying');
      if (row && !row.replaying) return;
    } catch {
      // It is still reading what was written.
    } finally {
      await client.end().catch(() => undefined);
    }
  }
}

async function privateTo(within: string, prefix: string): Promise<string> {
  const folder = await mkdtemp(path.join(within, prefix));
  const user = otherUser();
  if (user) await chown(folder, user.uid, user.gid);
  return folder;
}

/** Everything in a folder, to whoever runs servers here; nobody else may look into it, or PostgreSQL does not start. */
async function give(folder: string): Promise<void> {
  const user = otherUser();
  for (const entry of [folder, ...(await readdir(folder, { recursive: true })).map((name) => path.join(folder, name))]) {
    if (user) await chown(entry, user.uid, user.gid);
  }
  await chmod(path.join(folder, 'data'), 0o700);
}

/** A copy serves once. */
export const forget = (backup: BaseBackup): Promise<void> => rm(backup.folder, { recursive: true, force: true });
