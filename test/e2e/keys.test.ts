import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { type AttributeValue, DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { App, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import { buildSync } from 'esbuild';
import type { JsonMap } from '../../src/checks/template/template';
import { type AwsClients, awsClients } from '../../src/drill/emulator/aws-clients';
import type { Emulator } from '../../src/drill/emulator/emulator';
import { startMinistack } from '../../src/drill/emulator/ministack';
import { quietly } from '../../src/drill/emulator/quietly';
import { EmulatedStack } from '../../src/drill/emulator/stack';
import { Supervisor } from '../../src/drill/processes/supervisor';
import { openToolbox } from '../../src/drill/toolbox/toolbox';
import { GateTable } from '../../src/gate/gate-table';
import type { Ran } from '../support/command-line';

const ROOT = path.resolve(__dirname, '../..');
const ENVIRONMENT = { account: '111122223333', region: 'eu-central-1' };
const ISSUER = 'https://login.acme.com/';

let folder: string;
let supervisor: Supervisor;
let emulator: Emulator;
let aws: AwsClients;
let dynamo: DynamoDBClient;

/** The command as it is published, with nobody at the terminal. */
function keys(input: string, ...args: readonly string[]): Promise<Ran> {
  const env = { PATH: process.env.PATH, AWS_ENDPOINT_URL: emulator.endpoint, AWS_REGION: ENVIRONMENT.region, AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test', CI: 'true' };
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [path.join(folder, 'cli.js'), 'keys', ...args], { env }, (error, out, err) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, out, err });
    });
    child.stdin?.end(input);
  });
}

/** The table as a gate has it, and one of somebody else's beside it. */
function template(): JsonMap {
  const edge = new Stack(new App({ outdir: path.join(folder, 'cdk') }), 'Edge', { env: ENVIRONMENT });
  new GateTable(edge, 'GateTable', { removalPolicy: RemovalPolicy.DESTROY });
  new dynamodb.Table(edge, 'Other', { partitionKey: { name: 'pk', type: dynamodb.AttributeType.STRING } });
  // The parameter and the rule about the CDK's bootstrap stack are left out: there is none.
  const { Resources } = (edge.node.root as App).synth().getStackByName('Edge').template as { readonly Resources: JsonMap };
  return { Resources };
}

async function items(): Promise<Record<string, AttributeValue>[]> {
  const { out } = await keys('', 'list', 'Edge', '--json');
  expect(JSON.parse(out)).toBeInstanceOf(Array);
  return (await dynamo.send(new ScanCommand({ TableName: tableName, ConsistentRead: true }))).Items ?? [];
}

let tableName: string;
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const seconds = (item: Record<string, AttributeValue> | undefined, name: string): number => Number(item?.[name]?.N);

beforeAll(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'keys-test-'));
  buildSync({ entryPoints: [path.join(ROOT, 'src/cli/main.ts')], bundle: true, platform: 'node', target: 'node20', outfile: path.join(folder, 'cli.js'), logLevel: 'error' });
  const [opened, { ministack }] = await Promise.all([Supervisor.open(), openToolbox(() => undefined)]);
  supervisor = opened;
  emulator = await startMinistack({ supervisor, ministack, ...ENVIRONMENT });
  aws = awsClients(emulator);
  dynamo = quietly(() => new DynamoDBClient({ endpoint: emulator.endpoint, region: ENVIRONMENT.region, credentials: { accessKeyId: 'test', secretAccessKey: 'test' } }));
  const stack = new EmulatedStack('Edge', aws.cloudFormation, aws.s3);
  const { physicalIds } = await stack.put(template(), new Map());
  tableName = [...physicalIds].find(([logicalId]) => logicalId.startsWith('GateTable'))?.[1] ?? '';
}, 180_000);
afterAll(async () => {
  aws.close();
  dynamo.destroy();
  await supervisor.stop();
  fs.rmSync(folder, { recursive: true, force: true });
});

/** One story: each test goes on where the one before it ended. */
describe('the keys of a deployed gate', () => {
  let key: string;
  const imported = `ctx_${randomBytes(32).toString('base64url')}:with-a-colon`;

  test('begin with none, in the one table that carries the tag', async () => {
    expect(await keys('', 'list', 'Edge')).toEqual({ code: 0, out: '', err: 'There is no key.\n' });
    expect(await keys('', 'list', 'Nowhere')).toMatchObject({ code: 2, err: 'There is no stack Nowhere in this account and region.\n' });
  });

  test('are made with a scope only', async () => {
    expect(await keys('', 'create', 'Edge', '--owner', 'platform')).toMatchObject({ code: 2, out: '', err: expect.stringContaining('No scope is named') as string });
    expect(await items()).toEqual([]);
  });

  test('are printed once, alone, and kept as their digest', async () => {
    const { code, out, err } = await keys('', 'create', 'Edge', '--owner', 'platform', '--scope', 'chat', '--scope', 'embeddings', '--expires', '30d');
    expect([code, out]).toEqual([0, expect.stringMatching(/^ctx_[\w-]{43}\n$/)]);
    key = out.trim();
    expect(err).not.toContain(key);
    const [item, ...more] = await items();
    expect(more).toEqual([]);
    expect(JSON.stringify(item)).not.toContain(key.slice(4));
    expect(item).toMatchObject({
      pk: { S: `key#${sha256(key)}` }, sk: { S: 'key' }, id: { S: sha256(key).slice(0, 12) }, owner: { S: 'platform' }, scopes: { L: [{ S: 'chat' }, { S: 'embeddings' }] },
      createdBy: { S: expect.stringContaining('arn:aws:') as string },
    });
    expect(seconds(item, 'validUntil')).toBe(Math.floor(Date.parse(item?.createdAt?.S ?? '') / 1000) + 30 * 24 * 60 * 60);
    expect(seconds(item, 'expiresAt')).toBeGreaterThan(seconds(item, 'validUntil'));
  });

  test('are taken over from standard input, as often as anybody wants', async () => {
    const map = JSON.stringify([`${imported}:alice`]);
    for (const said of ['Imported', 'There already']) {
      const { code, out, err } = await keys(map, 'import', 'Edge', '-', '--scope', 'chat');
      expect([code, out, err]).toEqual([0, '', expect.stringMatching(new RegExp(`^${said}`))]);
      expect(err).not.toContain(imported.slice(4, 20));
    }
    expect(await items()).toHaveLength(2);
  });

  test('are not taken over from a map with a guessable key, of which nothing is repeated', async () => {
    const file = path.join(folder, 'map.json');
    fs.writeFileSync(file, JSON.stringify([`ctx_${randomBytes(32).toString('base64url')}:bob`, 'key1:bob']));
    const refused = await keys('', 'import', 'Edge', file, '--scope', 'chat');
    expect(refused).toEqual({ code: 2, out: '', err: expect.stringMatching(/^Nothing was imported: entry 2 has a key of fewer than 32 characters[^"]*\n$/) as string });
    expect(await items()).toHaveLength(2);
  });

  test('are listed by their ids', async () => {
    const { out } = await keys('', 'list', 'Edge', '--json');
    expect(JSON.parse(out)).toMatchObject([{ id: sha256(imported).slice(0, 12), owner: 'alice', state: 'valid' }, {
      id: sha256(key).slice(0, 12), owner: 'platform', scopes: ['chat', 'embeddings'], state: 'valid',
    }]);
    expect(out).not.toContain(sha256(key).slice(0, 13));
  });

  test('stay in force where nobody confirms', async () => {
    expect(await keys('', 'revoke', 'Edge', sha256(key).slice(0, 12))).toMatchObject({ code: 2, err: expect.stringContaining('add --yes') as string });
    expect(await items()).toHaveLength(2);
  });

  test('are revoked on the key and in the list that gates read, for longer than they live, and once', async () => {
    expect(await keys('', 'revoke', 'Edge', sha256(key).slice(0, 12), '--yes')).toMatchObject({ code: 0, out: '', err: expect.stringContaining('within 5 seconds') as string });
    const first = await items();
    const revoked = first.find(({ pk }) => pk?.S === `key#${sha256(key)}`);
    const entry = first.find(({ pk }) => pk?.S === 'revocations');
    expect(revoked).toMatchObject({ owner: { S: 'platform' }, revokedAt: { S: expect.any(String) as string }, revokedBy: { S: expect.stringContaining('arn:aws:') as string } });
    expect(entry).toMatchObject({ sk: { S: `key#${sha256(key)}` }, revokedBy: revoked?.revokedBy });
    expect(seconds(entry, 'expiresAt')).toBeGreaterThan(seconds(revoked, 'validUntil'));
    expect(await keys('', 'revoke', 'Edge', sha256(key).slice(0, 12), '--yes')).toMatchObject({ code: 0, err: expect.stringContaining('already') as string });
    expect((await items()).find(({ pk }) => pk?.S === `key#${sha256(key)}`)).toEqual(revoked);
  });

  test('are revoked beside tokens', async () => {
    expect(await keys('', 'revoke', 'Edge', '--subject', 'u1', '--issuer', ISSUER, '--for', '7d', '--yes')).toMatchObject({ code: 0 });
    expect(await keys('', 'revoke', 'Edge', '--token-id', 't1', '--issuer', ISSUER, '--yes')).toMatchObject({ code: 0 });
    const sorts = (await items()).filter(({ pk }) => pk?.S === 'revocations').map(({ sk }) => sk?.S);
    expect(sorts.sort()).toEqual([`jti#${ISSUER} t1`, `key#${sha256(key)}`, `sub#${ISSUER} u1`]);
  });

  test('say what to do where AWS cannot be reached', async () => {
    expect(await keys('', 'list', 'Edge', '--endpoint-url', 'http://127.0.0.1:1')).toMatchObject({ code: 2, out: '', err: expect.stringContaining('cannot be reached') as string });
  });
});
