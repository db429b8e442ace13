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
  fs.writeFileSync(path.join(home, 'package.json'), JSON.stringify({ name: 'cdk-secure-core', version: '0.0.0', main: 'lib/index.js' }));
}, 60_000);
afterAll(() => fs.rmSync(app, { recursive: true, force: true }));

function compile(name: string, program: string): { readonly status: number | null; readonly stdout: string } {
  const file = path.join(app, name);
  fs.writeFileSync(file, program);
  // Without `skipLibCheck`: the declarations have to be whole.
  const options = ['--noEmit', '--strict', '--target', 'ES2022', '--module', 'node16', '--typeRoots', path.join(ROOT, 'node_modules/@types'), '--types', 'node'];
  return spawnSync(process.execPath, [require.resolve('typescript/bin/tsc'), ...options, file], { cwd: app, encoding: 'utf8' });
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

test('a program compiles against its declarations alone', () => {
  expect(compile('good.ts', GOOD)).toMatchObject({ stdout: '', status: 0 });
}, 120_000);

test('a checkout that names no credential does not compile (WCC-2)', () => {
  expect(compile('bad.ts', BAD).stdout).toContain("Property 'credentialId' is missing");
}, 120_000);
