import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { zipFolder } from '../../../src/drill/emulator/zip';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'zip-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

test('A folder becomes an archive that another program unpacks', async () => {
  const source = path.join(folder, 'source');
  mkdirSync(path.join(source, 'lib'), { recursive: true });
  writeFileSync(path.join(source, 'index.js'), 'x'.repeat(10_000));
  writeFileSync(path.join(source, 'lib', 'ä.txt'), 'umlaut');
  const archive = path.join(folder, 'a.zip');
  writeFileSync(archive, await zipFolder(source));
  const script = 'import sys,zipfile; z=zipfile.ZipFile(sys.argv[1]); assert z.testzip() is None; print([(i.filename,i.file_size) for i in z.infolist()], z.read("lib/ä.txt").decode())';
  expect(execFileSync('python3', ['-c', script, archive], { encoding: 'utf8', env: { ...process.env, PYTHONUTF8: '1' } }).trim()).toBe("[('index.js', 10000), ('lib/ä.txt', 6)] umlaut");
});
