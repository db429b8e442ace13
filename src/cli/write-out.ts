import * as fs from 'node:fs';
import * as path from 'node:path';
import { UsageError } from './usage-error';

/** Writes where the user says, folders and all. Throws a UsageError where that cannot be. */
export function writeOut(file: string, text: string): void {
  try {
    fs.mkdirSync(path.dirname(path.resolve(file)), { recursive: true });
    fs.writeFileSync(file, text);
  } catch (error) {
    throw new UsageError(`--out ${file} cannot be written: ${error instanceof Error ? error.message : 'for an unknown reason'}`);
  }
}
