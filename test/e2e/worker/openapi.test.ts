import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { RING_FIELDS } from '../../../src/secrets/contract';
import { prepareSchemathesis } from '../../../tools/schemathesis';
import { BrokerStand, type StandBroker } from '../../support/broker-stand';
import { ROOT } from '../../support/examples';

/** Of each operation, beside those that cover the schemas: enough for every field to be wrong in many ways, and no more than a minute. */
const EXAMPLES = 25;
const SEED = 20261123;
const PATIENCE_MS = 600_000;
const WORKER = 'schema';

/** What answers have to be, whatever is asked. */
const CHECKS = ['not_a_server_error', 'status_code_conformance', 'content_type_conformance', 'response_headers_conformance', 'response_schema_conformance'];

let stand: BrokerStand;
let broker: StandBroker;
let schemathesis: string;
let folder: string;

beforeAll(async () => {
  schemathesis = prepareSchemathesis((line) => console.log(line));
  folder = mkdtempSync(path.join(tmpdir(), 'schemathesis-'));
  stand = await BrokerStand.open();
  // As many requests as it makes up, of one worker.
  broker = await stand.broker({ environments: 2, configure: (configuration) => ({ ...configuration, requestsPerMinute: 1_000_000 }) });
}, PATIENCE_MS);
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await stand.stop();
});

interface Run {
  readonly code: number;
  readonly output: string;
}

function ask(checks: readonly string[], env: Readonly<Record<string, string>>): Promise<Run> {
  const args = [
    'run', path.join(ROOT, 'docs/worker-protocol.openapi.json'), '--url', broker.url, '--checks', checks.join(','), '--phases', 'examples,coverage,fuzzing',
    '--max-examples', String(EXAMPLES), '--seed', String(SEED), '--workers', '2', '--continue-on-failure', '--no-color',
  ];
  return new Promise((resolve) => {
    execFile(schemathesis, args, { cwd: folder, env: { PATH: process.env.PATH, HOME: folder, PYTHONDONTWRITEBYTECODE: '1', ...env }, maxBuffer: 1e8, encoding: 'utf8' }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), output: `${stdout}${stderr}` });
    });
  });
}

/** How often each status was answered, by the broker's records. */
function statuses(from: number): ReadonlyMap<number | undefined, number> {
  const counted = new Map<number | undefined, number>();
  for (const { status } of stand.records.slice(from)) counted.set(status, (counted.get(status) ?? 0) + 1);
  return counted;
}

/** Also of answers that were as they should be, and had a credential in them. */
function expectNoSecretIn(output: string): void {
  for (const secret of [...stand.credentials.map(({ canary }) => canary), ...RING_FIELDS.map((field) => stand.shared[field])]) expect(output + stand.output).not.toContain(secret);
}

test('whoever has no key is answered as it is documented, and what is none of the protocol is never taken', async () => {
  const { code, output } = await ask([...CHECKS, 'negative_data_rejection'], {});
  if (code !== 0) throw new Error(output);
  expectNoSecretIn(output);
  const counted = statuses(0);
  expect(counted.get(200)).toBeUndefined();
  expect(counted.get(400)).toBeGreaterThan(EXAMPLES);
  expect(counted.get(401)).toBeGreaterThan(0);
}, PATIENCE_MS);

test('whoever has the key is answered as it is documented, whatever it asks, and whoever has another one is not', async () => {
  await broker.worker(WORKER).register();
  const from = stand.records.length;
  const { code, output } = await ask([...CHECKS, 'only_with_the_key'], {
    SCHEMATHESIS_HOOKS: 'signing', PYTHONPATH: path.join(__dirname, 'openapi'),
    WORKER_ID: WORKER, WORKER_KEY: stand.shared.current, JOB_ID: await stand.job({ worker: WORKER }), CREDENTIAL_ID: 'router',
  });
  if (code !== 0) throw new Error(output);
  expectNoSecretIn(output);
  const counted = statuses(from);
  for (const status of [200, 400, 403]) expect(counted.get(status)).toBeGreaterThan(1);
  // Each of these was asked for once more, with another key.
  expect(counted.get(401)).toBeGreaterThanOrEqual((counted.get(200) ?? 0) + (counted.get(403) ?? 0));
}, PATIENCE_MS);
