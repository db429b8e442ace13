import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { bundleWorker } from '../../../tools/bundle-worker';
import { ROOT } from '../../support/examples';

const GOOD = `
import { BrokerRefusal, type Job, type Lease, plainJob, sign, taskWorkerId, WorkerClient } from 'cdk-secure-core/worker';

export async function work(text: string): Promise<string> {
  const job: Job = plainJob(JSON.parse(text));
  const client = new WorkerClient({ url: 'https://broker.example.com', workerId: await taskWorkerId(), key: async () => 'key' });
  const lease: Lease = await client.checkout({ jobId: job.job_id, credentialId: job.credential_id });
  await lease.release();
  try {
    return await client.withLease({ jobId: job.job_id, credentialId: job.credential_id }, async (credential, lost) => (lost.aborted || credential.kind !== 'ssh' ? '' : credential.username));
  } catch (error) {
    return error instanceof BrokerRefusal && error.code === 'forbidden' ? sign.name : '';
  }
}
`;
const BAD = `
import { WorkerClient } from 'cdk-secure-core/worker';
export const lease = new WorkerClient({ url: 'https://broker.example.com', workerId: 'w1', key: 'key' }).checkout({ jobId: 'job-1' });
`;

let app: string;
let home: string;

/** An app with nothing but this package, as it is published. */
beforeAll(() => {
  app = fs.mkdtempSync(path.join(os.tmpdir(), 'worker-package-'));
  home = path.join(app, 'node_modules/cdk-secure-core');
  bundleWorker(path.join(home, 'assets/worker'));
  fs.cpSync(path.join(ROOT, 'worker'), path.join(home, 'worker'), { recursive: true });
  const { main, types, exports } = JSON.parse(fs.readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as Readonly<Record<string, unknown>>;
  fs.writeFileSync(path.join(home, 'package.json'), JSON.stringify({ name: 'cdk-secure-core', version: '0.0.0', main, types, exports }));
}, 300_000);
afterAll(() => fs.rmSync(app, { recursive: true, force: true }));

/** What the compiler says. One program of all, since most of the time goes into what they share. */
function compile(programs: Readonly<Record<string, string>>): string {
  for (const [name, program] of Object.entries(programs)) fs.writeFileSync(path.join(app, name), program);
  // Without `skipLibCheck`: the declarations have to be whole.
  const options = ['--noEmit', '--strict', '--pretty', 'false', '--target', 'ES2022', '--module', 'node16', '--typeRoots', path.join(ROOT, 'node_modules/@types'), '--types', 'node'];
  return spawnSync(process.execPath, [require.resolve('typescript/bin/tsc'), ...options, ...Object.keys(programs)], { cwd: app, encoding: 'utf8' }).stdout;
}

test('it loads without anything else, and exports what is documented', () => {
  const script = "process.stdout.write(JSON.stringify(Object.keys(require('cdk-secure-core/worker')).sort()))";
  const { stdout, stderr } = spawnSync(process.execPath, ['-e', script], { cwd: app, encoding: 'utf8', env: { PATH: process.env.PATH } });
  expect(stderr).toBe('');
  expect(JSON.parse(stdout)).toEqual(['BrokerRefusal', 'WorkerClient', 'plainJob', 'sign', 'taskWorkerId']);
});

test('it is small, and neither the CDK nor the SDK of AWS is in it', () => {
  const text = fs.readFileSync(path.join(home, 'assets/worker/index.js'), 'utf8');
  expect(text.length).toBeLessThan(100_000);
  const required = [...text.matchAll(/require\("([^"]+)"\)/g)].map(([, name]) => name);
  expect([...new Set(required)].filter((name) => !name?.startsWith('node:'))).toEqual([]);
});

test('a program compiles against its declarations alone, and not where a checkout names no credential (WCC-2)', () => {
  const said = compile({ 'good.ts': GOOD, 'bad.ts': BAD });
  expect(said.match(/^.*error TS.*$/gm)).toEqual([expect.stringMatching(/^bad\.ts/)]);
  expect(said).toContain("Property 'credentialId' is missing");
}, 300_000);

test('an ES module imports its names, as whoever runs it has them', () => {
  const names = ['BrokerRefusal', 'plainJob', 'sign', 'taskWorkerId', 'WorkerClient'];
  fs.writeFileSync(path.join(app, 'names.mjs'), `import { ${names.join(', ')} } from 'cdk-secure-core/worker';\nprocess.stdout.write([${names.join(', ')}].map((one) => typeof one).join());\n`);
  const { stdout, stderr } = spawnSync(process.execPath, [path.join(app, 'names.mjs')], { cwd: app, encoding: 'utf8', env: { PATH: process.env.PATH } });
  expect([stderr, stdout]).toEqual(['', names.map(() => 'function').join()]);
});

// CommonJS by node16 is compiled above.
test.each([
  ['an ES module by node16', 'program.mts', ['--module', 'node16']],
  ['what a bundler takes', 'program.ts', ['--module', 'esnext', '--moduleResolution', 'bundler']],
  ['CommonJS as it was of old', 'program.ts', ['--module', 'commonjs', '--moduleResolution', 'node10']],
])('the compiler finds its declarations for %s', (_, name, resolution) => {
  fs.writeFileSync(path.join(app, name), GOOD);
  const options = ['--noEmit', '--strict', '--skipLibCheck', '--pretty', 'false', '--target', 'ES2022', '--typeRoots', path.join(ROOT, 'node_modules/@types'), '--types', 'node', ...resolution];
  expect(spawnSync(process.execPath, [require.resolve('typescript/bin/tsc'), ...options, name], { cwd: app, encoding: 'utf8' }).stdout).toBe('');
}, 300_000);
