import { spawn } from 'node:child_process';
import * as fs from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as os from 'node:os';
import * as path from 'node:path';
import { gunzipSync } from 'node:zlib';

const ROOT = path.resolve(__dirname, '../..');

interface Answer {
  readonly status: number;
  readonly body: string;
}

let folder: string;
let registry: Server;
/** What the registry says when it is asked for advisories, and with which packages it was. */
let answer: Answer;
let asked: string[];

beforeAll(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'audit-dependencies-'));
  fs.writeFileSync(path.join(folder, 'package.json'), JSON.stringify({ name: 'x', version: '1.0.0', dependencies: { 'of-acme': '1.0.0' } }));
  fs.writeFileSync(path.join(folder, 'package-lock.json'), JSON.stringify({
    name: 'x', version: '1.0.0', lockfileVersion: 3, requires: true,
    packages: { '': { name: 'x', version: '1.0.0', dependencies: { 'of-acme': '1.0.0' } }, 'node_modules/of-acme': { version: '1.0.0' } },
  }));
  registry = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => {
      if (request.method === 'GET') {
        // npm asks which versions of a package with an advisory there are.
        response.writeHead(200, { 'content-type': 'application/json' })
          .end(JSON.stringify({ 'name': 'of-acme', 'dist-tags': { latest: '1.0.0' }, 'versions': { '1.0.0': { name: 'of-acme', version: '1.0.0' } } }));
        return;
      }
      const body = Buffer.concat(chunks);
      asked.push(request.headers['content-encoding'] === 'gzip' ? gunzipSync(body).toString() : body.toString());
      response.writeHead(answer.status, { 'content-type': 'application/json' }).end(answer.body);
    });
  });
  await new Promise<void>((resolve) => registry.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  registry.closeAllConnections();
  await new Promise((resolve) => registry.close(resolve));
  fs.rmSync(folder, { recursive: true, force: true });
});
beforeEach(() => { asked = []; });

/** The script as `.ci/run` calls it, with another registry, and with a pip-audit that says what it is told, or none. */
async function run(npm: Answer, pip?: string, ...args: string[]): Promise<{ readonly code: number | null; readonly out: string }> {
  answer = npm;
  const bin = fs.mkdtempSync(path.join(folder, 'bin-'));
  for (const name of ['node', 'npm', 'sh', 'env']) {
    const found = (process.env.PATH ?? '').split(':').map((place) => path.join(place, name)).find((file) => fs.existsSync(file));
    if (found !== undefined) fs.symlinkSync(found, path.join(bin, name));
  }
  if (pip !== undefined) {
    const said = path.join(bin, 'said.json');
    fs.writeFileSync(said, pip);
    fs.writeFileSync(path.join(bin, 'pip-audit'), `#!${process.execPath}\nprocess.stdout.write(require('node:fs').readFileSync(${JSON.stringify(said)}))`, { mode: 0o755 });
  }
  const env = {
    PATH: bin, HOME: folder, npm_config_registry: `http://127.0.0.1:${(registry.address() as AddressInfo).port}/`, npm_config_cache: path.join(bin, 'cache'),
    npm_config_update_notifier: 'false', npm_config_fetch_retries: '0',
  };
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [path.join(ROOT, 'node_modules/tsx/dist/cli.mjs'), path.join(ROOT, 'tools/audit-dependencies.ts'), folder, ...args],
      { env, stdio: ['ignore', 'pipe', 'pipe'] });
    let out = '';
    child.stdout.on('data', (chunk: Buffer) => { out += chunk.toString(); });
    child.on('close', (code) => resolve({ code, out }));
  });
}

const advisory = (severity: string): Answer => ({
  status: 200,
  body: JSON.stringify({ 'of-acme': [{ id: 1, url: 'https://advisories.acme.test/1', title: 'It lets everybody in', severity,
    vulnerable_versions: '<2.0.0', cwe: [], cvss: { score: 9, vectorString: null } }] }),
});
const NONE: Answer = { status: 200, body: '{}' };

describe('an audit of the dependencies', () => {
  test('ends well where nothing is known, and has asked for what is in the lock file', async () => {
    const { code, out } = await run(NONE);
    expect([code, out]).toEqual([0, expect.stringMatching(/^npm: no known vulnerability of high or critical severity in \d+ packages of npm\.$/m)]);
    expect(asked.map((body) => JSON.parse(body) as unknown)).toEqual([{ 'of-acme': ['1.0.0'] }]);
  }, 60_000);

  test.each(['high', 'critical'])('fails where something is, of %s severity', async (severity) => {
    const { code, out } = await run(advisory(severity));
    expect([code, out]).toEqual([1, expect.stringMatching(new RegExp(`^npm: VULNERABLE\\n {2}of-acme \\(${severity}\\): It lets everybody in https://advisories\\.acme\\.test/1$`, 'm'))]);
  }, 60_000);

  test('passes what is less than that', async () => expect(await run(advisory('moderate')))
    .toMatchObject({ code: 0, out: expect.stringContaining('npm: no known vulnerability of high') as string }), 60_000);

  test.each<[string, Answer]>([
    ['does not know the question', { status: 405, body: '{"error":"Method Not Allowed"}' }], ['has no such place', { status: 404, body: '{}' }], ['is broken', { status: 500, body: 'oops' }],
    ['answers with something else', { status: 200, body: '<html>hello</html>' }],
  ])('says that nothing was audited, and goes on, where the registry %s; and fails where it is required', async (_, npm) => {
    expect(await run(npm)).toMatchObject({ code: 0, out: expect.stringMatching(/^npm: NOTHING WAS AUDITED, since .+\.$/m) as string });
    expect(await run(npm, undefined, '--required')).toMatchObject({ code: 1 });
  }, 120_000);

  test('says that the pins of Python were not looked at where pip-audit is not installed, and fails where it is required', async () => {
    expect(await run(NONE)).toMatchObject({ code: 0, out: expect.stringContaining('Python: NOTHING WAS AUDITED, since pip-audit is not installed.') as string });
    expect(await run(NONE, undefined, '--required')).toMatchObject({ code: 1 });
  }, 120_000);

  test.each<[string, string, number, RegExp]>([
    ['a finding', JSON.stringify({ dependencies: [{ name: 'urllib3', version: '1', vulns: [{ id: 'PYSEC-1' }] }] }), 1, /^Python: VULNERABLE\n {2}urllib3 1: PYSEC-1$/m],
    ['no JSON', 'oops', 0, /^Python: NOTHING WAS AUDITED, since pip-audit answered with something that is no JSON/m],
    ['fewer packages than there are pins', JSON.stringify({ dependencies: [{ name: 'urllib3', version: '1', vulns: [] }] }), 0, /^Python: NOTHING WAS AUDITED, since pip-audit has looked at 1 of \d+ packages\.$/m],
    ['all of them, and nothing', JSON.stringify({ dependencies: Array.from({ length: 100 }, () => ({ name: 'a', version: '1', vulns: [] })) }), 0, /^Python: no known vulnerability of high or critical severity in \d+ packages of PyPI\.$/m],
  ])('takes pip-audit at its word: %s', async (_, pip, code, said) => {
    expect(await run(NONE, pip)).toEqual({ code, out: expect.stringMatching(said) as string });
  }, 60_000);
});
