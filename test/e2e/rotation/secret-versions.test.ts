import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { randomUUID } from 'node:crypto';
import { CreateFunctionCommand, InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { CreateSecretCommand, GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { Emulator } from '../../../src/drill/emulator/emulator';
import { startMinistack } from '../../../src/drill/emulator/ministack';
import { quietly } from '../../../src/drill/emulator/quietly';
import { zipFolder } from '../../../src/drill/emulator/zip';
import { Supervisor } from '../../../src/drill/processes/supervisor';
import { openToolbox } from '../../../src/drill/toolbox/toolbox';
import { AwsMasterKeySecret } from '../../../src/runtime/master-key/aws-master-key-secret';
import { ensureMasterKey } from '../../../src/runtime/master-key/ensure-master-key';
import { currentSince } from '../../../src/runtime/rotation/age';
import { AwsSecretVersions } from '../../../src/runtime/rotation/aws-secret-versions';
import { createRotation, type Rotation } from '../../../src/runtime/rotation/handle';
import { RotationError } from '../../../src/runtime/rotation/ports';
import { ringStrategy } from '../../../src/runtime/rotation/ring';
import { type KeyRing, type RetireAnswer, ROTATION_VARIABLE } from '../../../src/secrets/contract';
import { bundleRuntime } from '../../../tools/bundle-runtime';
import { EmulatedSecret } from '../../support/emulated-secrets';
import { STEPS } from '../../support/rotations';

const SEED = JSON.stringify({ seed: '0123456789abcdef'.repeat(4) });

let supervisor: Supervisor;
let emulator: Emulator;
let secrets: SecretsManagerClient;
let lambda: LambdaClient;

beforeAll(async () => {
  supervisor = await Supervisor.open();
  const { ministack } = await openToolbox(() => undefined);
  emulator = await startMinistack({ supervisor, ministack, account: '111122223333', region: 'eu-central-1' });
  const options = { endpoint: emulator.endpoint, region: emulator.region, credentials: { accessKeyId: 'test', secretAccessKey: 'test' } };
  [secrets, lambda] = quietly(() => [new SecretsManagerClient(options), new LambdaClient(options)]);
}, 180_000);
afterAll(async () => {
  secrets.destroy();
  lambda.destroy();
  await supervisor.stop();
});

const ringIn = (value: string | undefined): KeyRing => JSON.parse(value ?? '') as KeyRing;

describe('a secret in the emulated Secrets Manager', () => {
  const rotationOf = (secretArn: string): Rotation => createRotation({
    configuration: { secretArn, isRolledOut: true },
    versions: new AwsSecretVersions(secrets, secretArn),
    strategy: ringStrategy('hex'),
    log: () => undefined,
    randomId: randomUUID,
  });

  test('is rotated again and again, and settles each time', async () => {
    const secret = await EmulatedSecret.create(secrets, SEED);
    const { arn } = secret;
    const rotation = rotationOf(arn);
    await rotation.ensure();
    expect((await rotation.retire({ retire: { secretArn: arn } })).outcome).toBe('retired');
    for (let round = 0; round < 3; round++) {
      const before = ringIn(await secret.value('AWSCURRENT'));
      const token = await secret.begin();
      // Each step twice, as after an answer that was lost.
      for (const Step of STEPS.flatMap((step) => [step, step])) await rotation.rotate({ Step, SecretId: arn, ClientRequestToken: token });
      const labels = await secret.labels();
      expect(labels[token]).toContain('AWSCURRENT');
      expect(Object.values(labels).filter((stages) => stages.includes('AWSCURRENT'))).toHaveLength(1);
      expect(ringIn(await secret.value('AWSPREVIOUS'))).toEqual(before);
      const after = ringIn(await secret.value('AWSCURRENT'));
      expect(after).toMatchObject({ current: before.next, previous: before.current });
      const outcomes: RetireAnswer['outcome'][] = [];
      while (outcomes.at(-1) !== 'nothing') outcomes.push((await rotation.retire({ retire: { secretArn: arn } })).outcome);
      expect(outcomes).toEqual(['replaced', 'retired', 'nothing']);
      expect(ringIn(await secret.value('AWSCURRENT'))).toEqual({ ...after, previous: after.current });
      expect(Object.values(await secret.labels()).flat()).not.toContain('AWSPREVIOUS');
    }
  });

  test('keeps its current value where a rotation was given up, and promotes nothing of that', async () => {
    const secret = await EmulatedSecret.create(secrets, SEED);
    const { arn } = secret;
    const rotation = rotationOf(arn);
    await rotation.ensure();
    await rotation.retire({ retire: { secretArn: arn } });
    const before = await secret.value('AWSCURRENT');
    const givenUp = await secret.begin();
    await rotation.rotate({ Step: 'createSecret', SecretId: arn, ClientRequestToken: givenUp });
    const token = await secret.begin();
    await expect(rotation.rotate({ Step: 'finishSecret', SecretId: arn, ClientRequestToken: givenUp })).rejects.toThrow(RotationError);
    expect(await secret.value('AWSCURRENT')).toBe(before);
    for (const Step of STEPS) await rotation.rotate({ Step, SecretId: arn, ClientRequestToken: token });
    expect((await secret.labels())[token]).toContain('AWSCURRENT');
  });

  test('is not rotated on before it is settled', async () => {
    const secret = await EmulatedSecret.create(secrets, SEED);
    const { arn } = secret;
    const rotation = rotationOf(arn);
    await rotation.ensure();
    const token = await secret.begin();
    await expect(rotation.rotate({ Step: 'createSecret', SecretId: arn, ClientRequestToken: token })).rejects.toMatchObject({ code: 'UNSETTLED' });
    await rotation.retire({ retire: { secretArn: arn } });
    await rotation.rotate({ Step: 'createSecret', SecretId: arn, ClientRequestToken: token });
    expect(await secret.value('AWSPENDING')).toBeDefined();
  });

  test('has the age of its current version', async () => {
    const secret = await EmulatedSecret.create(secrets, SEED);
    const { arn } = secret;
    const { CreatedDate } = await secrets.send(new GetSecretValueCommand({ SecretId: arn }));
    expect(await currentSince(secrets)(arn)).toEqual(CreatedDate);
  });
});

describe('a master key in the emulated Secrets Manager', () => {
  test('is made once, in a secret that was created without a value', async () => {
    const { ARN: arn = '' } = await secrets.send(new CreateSecretCommand({ Name: `core/master-${randomUUID()}` }));
    // The emulator labels a version without a value; AWS makes none.
    const secret = new EmulatedSecret(secrets, arn);
    for (const version of Object.keys(await secret.labels())) await secret.unlabel('AWSCURRENT', version);
    const key = new AwsMasterKeySecret(secrets, arn);
    const bytes = (digit: number) => (size: number): Buffer => Buffer.alloc(size, digit);
    expect(await ensureMasterKey(key, bytes(0xff))).toBe('made');
    expect(await ensureMasterKey(key, bytes(0))).toBe('kept');
    expect(await secret.value('AWSCURRENT')).toBe(`${'_'.repeat(42)}8=`);
  });
});

describe('the function as it is deployed', () => {
  let folder: string;
  beforeAll(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'rotation-bundle-'));
    bundleRuntime(folder);
  }, 60_000);
  afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

  interface Answer { readonly failed: boolean; readonly payload: unknown; readonly log: string }

  async function deployed(secretArn: string): Promise<(event?: object) => Promise<Answer>> {
    const FunctionName = `rotation-${randomUUID()}`;
    const configuration = { kind: 'ring', format: 'base64url', secretArn, isRolledOut: true, metricName: 'Core/Key' };
    await lambda.send(new CreateFunctionCommand({
      FunctionName, Runtime: 'nodejs24.x', Handler: 'index.handler', Role: 'arn:aws:iam::111122223333:role/rotation', Timeout: 60,
      Code: { ZipFile: await zipFolder(path.join(folder, 'rotation')) },
      Environment: { Variables: { [ROTATION_VARIABLE]: JSON.stringify(configuration) } },
    }));
    return async (event) => {
      const { FunctionError, Payload, LogResult } = await lambda.send(new InvokeCommand({ FunctionName, LogType: 'Tail', ...(event ? { Payload: JSON.stringify(event) } : {}) }));
      const text = Buffer.from(Payload ?? []).toString();
      return { failed: FunctionError !== undefined, payload: text === '' ? undefined : JSON.parse(text) as unknown, log: Buffer.from(LogResult ?? '', 'base64').toString() };
    };
  }

  test('makes the ring at a deployment, rotates it, retires it, tells its age, and writes no value anywhere', async () => {
    const secret = await EmulatedSecret.create(secrets, SEED);
    const { arn } = secret;
    const invoke = await deployed(arn);
    const answers: Answer[] = [];
    const values: string[] = [];
    const call = async (event?: object): Promise<Answer> => {
      const answer = await invoke(event);
      answers.push(answer);
      values.push(...Object.values(JSON.parse(await secret.value('AWSCURRENT') ?? '') as Record<string, string>));
      return answer;
    };
    expect((await call()).failed).toBe(false);
    const first = ringIn(await secret.value('AWSCURRENT'));
    expect(Buffer.from(first.current, 'base64url').toString('hex')).toBe((JSON.parse(SEED) as { readonly seed: string }).seed);
    expect((await call({ retire: { secretArn: arn } })).payload).toEqual({ outcome: 'retired' });

    const token = await secret.begin();
    for (const Step of STEPS) expect(await call({ Step, SecretId: arn, ClientRequestToken: token, RotationToken: 'token' })).toMatchObject({ failed: false });
    expect(ringIn(await secret.value('AWSCURRENT'))).toMatchObject({ current: first.next, previous: first.current });
    expect((await call({ retire: { secretArn: arn } })).payload).toEqual({ outcome: 'replaced' });
    expect((await call({ retire: { secretArn: arn } })).payload).toEqual({ outcome: 'retired' });

    const age = await call({ source: 'aws.events', 'detail-type': 'Scheduled Event' });
    expect(age.log).toContain('"Namespace":"SecureCore/Secrets"');
    expect(age.log).toMatch(/"Secret":"Core\/Key","AgeDays":0[.}]/);

    const wrong = await call({ Step: 'createSecret', SecretId: `${arn}x`, ClientRequestToken: token });
    expect(wrong.failed).toBe(true);
    expect(JSON.stringify(wrong.payload)).toContain('The event is about another secret');
    expect(await call({ Step: 'createSecret', SecretId: arn, ClientRequestToken: randomUUID() })).toMatchObject({ failed: true });

    expect(answers.map(({ log }) => log).join('')).toContain('rotation-step-done');
    const said = JSON.stringify(answers);
    expect(values.length).toBeGreaterThan(10);
    for (const value of new Set([...values, first.current, first.next])) expect(said).not.toContain(value);
  });

  test('tells a failure of the SDK by its class alone', async () => {
    const invoke = await deployed('arn:aws:secretsmanager:eu-central-1:111122223333:secret:canary-AbCdEf');
    const { failed, payload, log } = await invoke();
    expect(failed).toBe(true);
    expect(payload).toMatchObject({ errorMessage: 'The call failed: ResourceNotFoundException. The log of the service that was called says why.' });
    expect(log).toContain('"event":"rotation-failed","error":"ResourceNotFoundException"');
    expect(log).not.toContain("can't find the specified secret");
  });
});
