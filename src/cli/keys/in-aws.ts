import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs';
import { asker, type AwsOptions, clientOptions, explained } from '../in-aws';
import { UsageError } from '../usage-error';
import { colorsOf } from '../colors';
import { createKey } from './create';
import { showIdentity } from './identities';
import { importKeys } from './import';
import { listKeys } from './list';
import { RealKeysAws } from './real-aws';
import { revoke } from './revoke';
import type { KeysWorld } from './world';

/** Longer than any map that somebody keeps in a variable, and than any manifest; in bytes. */
const MAX_TEXT_BYTES = 4 * 1024 * 1024;

export const ACTIONS = { createKey, importKeys, listKeys, revoke, showIdentity };

/** A command with the world as it is. */
export function keysInAws(options: AwsOptions, run: (world: KeysWorld) => Promise<boolean>): Promise<boolean> {
  return explained(() => run({
    aws: new RealKeysAws(clientOptions(options)),
    now: () => new Date(),
    random: randomBytes,
    read: readText,
    ...asker(2),
    paint: colorsOf(process.stdout),
    print: (line) => process.stdout.write(`${line}\n`),
    say: (line) => process.stderr.write(`${line}\n`),
  }));
}

/** The text of a file, or of standard input for `-`. */
export function readText(file: string): string {
  let text: string;
  try {
    text = fs.readFileSync(file === '-' ? 0 : file, 'utf8');
  } catch (error) {
    throw new UsageError(`${file === '-' ? 'Standard input' : file} cannot be read: ${error instanceof Error && 'code' in error ? String(error.code) : 'unknown'}.`);
  }
  if (Buffer.byteLength(text) > MAX_TEXT_BYTES) throw new UsageError(`${file === '-' ? 'Standard input' : file} is larger than ${MAX_TEXT_BYTES / 1024 / 1024} MiB.`);
  return text;
}
