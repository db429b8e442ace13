import { type ChildProcess, execFile } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { DescribeSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { CreateFunctionCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { buildSync } from 'esbuild';
import { awsClients, type AwsClients } from '../../src/drill/emulator/aws-clients';
import { startMinistack } from '../../src/drill/emulator/ministack';
import { quietly } from '../../src/drill/emulator/quietly';
import { EmulatedStack } from '../../src/drill/emulator/stack';
import { zipFolder } from '../../src/drill/emulator/zip';
import { Supervisor } from '../../src/drill/processes/supervisor';
import { openToolbox } from '../../src/drill/toolbox/toolbox';
import { ROTATING_TAG, ROTATION_EXEMPT_METADATA, ROTATION_VARIABLE } from '../../src/secrets/contract';
import { bundleRuntime } from '../../tools/bundle-runtime';
import type { Ran } from '../support/command-line';
import { EmulatedSecret } from '../support/emulated-secrets';
import { type RotatingAws, startRotatingAws } from '../support/rotating-aws';

const ROOT = path.resolve(__dirname, '../..');
const ENVIRONMENT = { account: '111122223333', region: 'eu-central-1' };
const SEED = '0123456789abcdef'.repeat(4);
const SECRETS = ['Alpha', 'Beta'] as const;
/** Rotations take a few looks of the command, which are five seconds apart. */
const PATIENCE_MS = 120_000;

let folder: string;
let supervisor: Supervisor;
let clients: AwsClients;
let secrets: SecretsManagerClient;
let lambda: LambdaClient;
let aws: RotatingAws;
const arns = new Map<string, string>();

/** The command as it is published, with nobody at the terminal; it gives up before a test does, and says why. */
function start(args: readonly string[]): { readonly child: ChildProcess; readonly ran: Promise<Ran> } {
  const env = { PATH: process.env.PATH, AWS_ENDPOINT_URL: aws.endpoint, AWS_REGION: ENVIRONMENT.region, AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test', CI: 'true' };
  const child: { process?: ChildProcess } = {};
  const ran = new Promise<Ran>((resolve) => {
    child.process = execFile(process.execPath, [path.join(folder, 'cli.js'), 'rotate', ...args, '--timeout', '1'], { env }, (error, out, err) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, out, err });
    });
    child.process.stdin?.end();
  });
  if (!child.process) throw new Error('It was not started.');
  return { child: child.process, ran };
}

const rotate = (...args: readonly string[]): Promise<Ran> => start(args).ran;
const arnOf = (name: string): string => arns.get(name) ?? '';

async function currentIds(): Promise<string[]> {
  return Promise.all(SECRETS.map(async (name) => {
    const { VersionIdsToStages = {} } = await secrets.send(new DescribeSecretCommand({ SecretId: arnOf(name) }));
    return Object.entries(VersionIdsToStages).find(([, labels]) => labels.includes('AWSCURRENT'))?.[0] ?? '';
  }));
}

/** The function as it is deployed, for one secret. */
async function deploy(name: string, secretArn: string): Promise<string> {
  const { FunctionArn = '' } = await lambda.send(new CreateFunctionCommand({
    FunctionName: `rotate-${name}`, Runtime: 'nodejs24.x', Handler: 'index.handler', Role: 'arn:aws:iam::111122223333:role/rotation', Timeout: 60,
    Code: { ZipFile: await zipFolder(path.join(folder, 'rotation')) },
    Environment: { Variables: { [ROTATION_VARIABLE]: JSON.stringify({ kind: 'ring', format: 'hex', secretArn, isRolledOut: true, metricName: `Core/${name}` }) } },
  }));
  return FunctionArn;
}

beforeAll(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'rotate-test-'));
  bundleRuntime(folder);
  buildSync({ entryPoints: [path.join(ROOT, 'src/cli/main.ts')], bundle: true, platform: 'node', target: 'node20', outfile: path.join(folder, 'cli.js'), logLevel: 'error' });
  const [opened, { ministack }] = await Promise.all([Supervisor.open(), openToolbox(() => undefined)]);
  supervisor = opened;
  const emulator = await startMinistack({ supervisor, ministack, ...ENVIRONMENT });
  const options = { endpoint: emulator.endpoint, region: emulator.region, credentials: { accessKeyId: 'test', secretAccessKey: 'test' } };
  [secrets, lambda] = quietly(() => [new SecretsManagerClient(options), new LambdaClient(options)]);
  clients = awsClients(emulator);
  const secret = (name: string, more: object): object => ({ Type: 'AWS::SecretsManager::Secret', Properties: { Name: `core/${name}`, SecretString: JSON.stringify({ seed: SEED }), ...more } });
  const { physicalIds } = await new EmulatedStack('Core', clients.cloudFormation, clients.s3).put({
    Resources: {
      ...Object.fromEntries(SECRETS.map((name) => [name, secret(name, { Tags: [{ Key: ROTATING_TAG, Value: 'ring' }] })])),
      Master: { ...secret('Master', {}), Metadata: { [ROTATION_EXEMPT_METADATA]: 'what it has encrypted could not be read any more' } },
    },
  }, new Map());
  aws = await startRotatingAws(emulator.endpoint, secrets, lambda);
  for (const name of SECRETS) {
    // The emulator's CloudFormation calls a secret by its name, and the real one by its ARN.
    const { ARN: arn = '' } = await secrets.send(new DescribeSecretCommand({ SecretId: physicalIds.get(name) }));
    arns.set(name, arn);
    const functionArn = await deploy(name, arn);
    await new EmulatedSecret(secrets, arn).turnOn(functionArn);
    await aws.deployed(arn);
  }
}, 180_000);
afterAll(async () => {
  await aws.stop();
  clients.close();
  secrets.destroy();
  lambda.destroy();
  await supervisor.stop();
  fs.rmSync(folder, { recursive: true, force: true });
});
/** Whoever runs the command need not be able to read a secret; and no rotation failed by itself. */
afterEach(() => {
  expect(aws.asked.filter((action) => /GetSecretValue/.test(action))).toEqual([]);
  expect(aws.faults).toEqual([]);
});

/** One story: each test goes on where the one before it ended. */
describe('the secrets of a deployed stack', () => {
  test('are listed with their age, and those with a reason that are not rotated', async () => {
    const { code, out } = await rotate('Core', '--list');
    expect(code).toBe(0);
    for (const name of SECRETS) expect(out).toMatch(new RegExp(`^Core/${name} +ring +0 days old, rotated never, .* settled$`, 'm'));
    expect(out).toContain('Core/Master');
    expect(out).toContain('not rotated: ');
    expect(out).not.toContain(SEED);
  });

  test.each([
    ['where nothing is named', ['Core', '--yes'], /Name the secrets to rotate, or say --all/],
    ['where there is no such stack', ['Nowhere', '--all', '--yes'], /no stack Nowhere/],
    ['where there is no such secret', ['Core', 'Gamma', '--yes'], /has no secret Gamma/],
    ['where it is not rotated', ['Core', 'Master', '--yes'], /Core\/Master is not rotated: /],
    ['where nobody confirms', ['Core', '--all'], /--yes/],
  ] as const)('stay as they are, and the exit code is 2, %s', async (_case, args, said) => {
    const before = await currentIds();
    const { code, err } = await rotate(...args);
    expect([code, err]).toEqual([2, expect.stringMatching(said)]);
    expect(aws.rotated).toEqual([]);
    expect(await currentIds()).toEqual(before);
  });

  test('are rotated one at a time, until nothing knows the old value', async () => {
    const [alpha, beta] = await currentIds();
    const { code, out, err } = await rotate('Core', 'Alpha', '--yes');
    expect([code, out, err]).toEqual([0, expect.stringMatching(/Core\/Alpha\n {2}started\n[^]* {2}done\n$/), '']);
    expect(aws.asked).toContain('RotateSecret');
    const after = await currentIds();
    expect(after[0]).not.toBe(alpha);
    expect(after[1]).toBe(beta);
    expect(await new EmulatedSecret(secrets, arnOf('Alpha')).isSettled()).toBe(true);
    expect(aws.rotated.map(({ arn }) => arn)).toEqual([arnOf('Alpha')]);
  }, PATIENCE_MS);

  test('are left where Secrets Manager refuses: the exit code is 1, and what comes after was not begun', async () => {
    const before = await currentIds();
    aws.isForbidden = true;
    const { code, out } = await rotate('Core', '--all', '--yes');
    aws.isForbidden = false;
    expect([code, out]).toEqual([1, expect.stringMatching(/Core\/Alpha\n {2}STOPPED\. [^]*Go on with: cdk-secure-core rotate Core --all --yes --since \S+ --timeout 1\n/)]);
    expect(out).not.toContain('Core/Beta\n');
    expect(await currentIds()).toEqual(before);
  }, PATIENCE_MS);

  test('are rotated once each where the command is killed in the middle and goes on', async () => {
    aws.rotated.splice(0);
    aws.isHalting = true;
    const first = start(['Core', '--all', '--yes']);
    let said = '';
    first.child.stdout?.on('data', (text: Buffer) => {
      said += text.toString();
    });
    await aws.halted();
    first.child.kill('SIGKILL');
    await first.ran;
    aws.isHalting = false;
    expect((await rotate('Core', '--list'))).toMatchObject({ code: 1, out: expect.stringMatching(/Core\/Alpha .* ROTATING$/m) as string });

    const goOn = /go on with: cdk-secure-core rotate (.*)$/m.exec(said)?.[1]?.split(' ') ?? [];
    expect(goOn).toEqual(['Core', '--all', '--yes', '--since', expect.any(String), '--timeout', '1']);
    const second = await rotate(...goOn);
    expect([second.code, second.out]).toEqual([0, expect.stringMatching(/Core\/Alpha\n {2}an earlier rotation is not complete; it goes on\n[^]*was rotated at [^]*Core\/Beta\n {2}started\n[^]* {2}done\n$/)]);
    const [alpha, again, beta, ...more] = aws.rotated;
    expect(more).toEqual([]);
    // The same version, which was begun and not finished: none is started beside it.
    expect(again).toEqual(alpha);
    expect([alpha?.arn, beta?.arn]).toEqual(SECRETS.map(arnOf));
    expect(await rotate('Core', '--list')).toMatchObject({ code: 0 });
  }, PATIENCE_MS);

  test('are left alone where all was rotated since', async () => {
    const before = await currentIds();
    const { code, out } = await rotate('Core', '--all', '--yes', '--since', new Date(Date.now() - 600_000).toISOString());
    expect(code).toBe(0);
    expect(out.match(/was rotated at /g)).toHaveLength(SECRETS.length);
    expect(await currentIds()).toEqual(before);
  }, PATIENCE_MS);
});
