import * as fs from 'node:fs';
import * as path from 'node:path';
import type { Program } from '../src/report/catalogue/cover';
import { coveragePage } from '../src/report/catalogue/page';
import { unsafePrograms } from './compile-unsafe';

/** What each unsafe program says of itself. That none of them compiles is a test's to show. */
export function programHeaders(): Program[] {
  return unsafePrograms().map((file) => ({
    id: path.basename(file, '.ts'),
    controls: /^\/\/ control: (.+)$/m.exec(fs.readFileSync(file, 'utf8'))?.[1]?.split(', ') ?? [],
  }));
}

if (require.main === module) fs.writeFileSync(path.resolve(__dirname, '../docs/coverage.md'), coveragePage(programHeaders()));
