import * as fs from 'node:fs';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import * as os from 'node:os';
import * as path from 'node:path';
import { text } from 'node:stream/consumers';
import { type LoopbackServer, listenOnLoopback } from '../../../src/drill/services/loopback';
import { SKEW_MS } from '../../../src/runtime/rollout/verdict';
import { AGE_SECRETS_VARIABLE, ROLLOUT_VARIABLE, type WrittenRollout } from '../../../src/secrets/contract';
import { bundleRuntime } from '../../../tools/bundle-runtime';
import { type FunctionRun, runFunction } from '../../support/run-function';

interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: object;
}
type Body = Readonly<Record<string, unknown>>;

const CANARY = 'canary-0123456789';
const DENIED: Answer = { status: 400, body: { __type: 'AccessDeniedException', message: `User: ${CANARY} is not authorized` } };
const SECRET_ARNS = 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:';
const ARN = `${SECRET_ARNS}core/Key-AbCdEf`;
const seconds = (milliseconds: number): number => milliseconds / 1000;

let folder: string;
let aws: LoopbackServer;
/** What stands in for AWS: the answer to each action. */
let answers: Readonly<Record<string, (body: Body) => Answer>>;
let asked: { readonly action: string; readonly body: Body }[];

/** An action of a service that speaks JSON, or a call of a function. */
function actionOf({ 'x-amz-target': target }: IncomingHttpHeaders, url = ''): string {
  return typeof target === 'string' ? target.slice(target.indexOf('.') + 1) : decodeURIComponent(url);
}

beforeAll(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'functions-test-'));
  bundleRuntime(folder);
  aws = await listenOnLoopback(createServer((request, response) => {
    void text(request).then((sent) => {
      const [action, body] = [actionOf(request.headers, request.url), JSON.parse(sent) as Body];
      asked.push({ action, body });
      const { status = 200, headers = {}, body: said } = answers[action]?.(body) ?? { status: 400, body: { __type: 'UnexpectedException', message: action } };
      response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1', ...headers }).end(JSON.stringify(said));
    });
  }));
}, 60_000);
afterAll(async () => {
  await aws.stop();
  fs.rmSync(folder, { recursive: true, force: true });
});
beforeEach(() => {
  asked = [];
});

const run = (name: string, variables: Readonly<Record<string, string>>): Promise<FunctionRun> => runFunction(path.join(folder, name, 'index.js'), `http://127.0.0.1:${aws.port}`, variables);
const linesOf = ({ log }: FunctionRun): Body[] => log.trim().split('\n').map((line) => JSON.parse(line) as Body);
const actions = (): string[] => asked.map(({ action }) => action);

describe('the roll-out function as it is deployed', () => {
  const FUNCTION_ARNS = 'arn:aws:lambda:eu-central-1:111122223333:function:';
  const RETIRE = `/2015-03-31/functions/${FUNCTION_ARNS}rotation/invocations`;
  const SERVICE = 'arn:aws:ecs:eu-central-1:111122223333:service/core/core';
  const CONFIGURATION: WrittenRollout = {
    secretArns: SECRET_ARNS, functionArns: FUNCTION_ARNS, services: [{ clusterArn: 'core', serviceArn: SERVICE }], secrets: [{ name: 'core/Key-AbCdEf', rotation: 'rotation', services: [0] }],
  };
  const look = (): Promise<FunctionRun> => run('rollout', { [ROLLOUT_VARIABLE]: JSON.stringify(CONFIGURATION) });

  /** One secret that was changed, and one task of the one service. @param retired what the rotation function answers */
  function world(changedAt: number, taskAt: number, retired: Answer = { body: { outcome: 'retired' } }): void {
    answers = {
      DescribeSecret: () => ({ body: { ARN, LastChangedDate: seconds(changedAt), VersionIdsToStages: { v1: ['AWSPREVIOUS'], v2: ['AWSCURRENT'] } } }),
      DescribeServices: () => ({ body: { services: [{ status: 'ACTIVE', deployments: [{ createdAt: seconds(taskAt), rolloutState: 'COMPLETED' }] }] } }),
      ListTasks: ({ desiredStatus }) => ({ body: { taskArns: desiredStatus === 'RUNNING' ? ['task'] : [] } }),
      DescribeTasks: () => ({ body: { tasks: [{ taskArn: 'task', createdAt: seconds(taskAt), desiredStatus: 'RUNNING', lastStatus: 'RUNNING' }] } }),
      UpdateService: () => ({ body: {} }),
      [RETIRE]: () => retired,
    };
  }

  test('lives through its wait where nothing else is open, then replaces the tasks that hold the old value', async () => {
    const changedAt = Date.now() - SKEW_MS + 1500;
    world(changedAt, changedAt - 60_000);
    const ran = await look();
    expect(ran).toMatchObject({ log: expect.stringContaining('rollout-deployment') as string });
    expect(ran.failure).toBeUndefined();
    expect(Date.now()).toBeGreaterThan(changedAt + SKEW_MS);
    expect(asked.filter(({ action }) => action === 'UpdateService').map(({ body }) => body)).toEqual([{ cluster: 'core', service: SERVICE, forceNewDeployment: true }]);
    expect(actions()).not.toContain(RETIRE);
  });

  test('has the old value retired where no task holds it, by naming the version that the tasks hold', async () => {
    world(Date.now() - 120_000, Date.now() - 60_000);
    const ran = await look();
    expect(ran.failure).toBeUndefined();
    expect(asked.find(({ action }) => action === RETIRE)?.body).toEqual({ retire: { secretArn: ARN, versionId: 'v2' } });
    expect(actions()).not.toContain('UpdateService');
    expect(linesOf(ran)).toContainEqual({ event: 'rollout', secret: ARN, outcome: 'retired' });
  });

  test('does nothing where the secret is settled', async () => {
    answers = { DescribeSecret: () => ({ body: { ARN, LastChangedDate: seconds(Date.now()), VersionIdsToStages: { v2: ['AWSCURRENT'] } } }) };
    expect(await look()).toEqual({ log: '' });
    expect(actions()).toEqual(['DescribeSecret']);
  });

  test.each<[string, Partial<typeof answers>, Answer | undefined, string]>([
    ['the secret may not be looked at', { DescribeSecret: () => DENIED }, undefined, '"error":"AccessDeniedException"'],
    ['the service may not be looked at', { DescribeServices: () => DENIED }, undefined, '"error":"AccessDeniedException"'],
    ['the rotation function fails', {}, { headers: { 'x-amz-function-error': 'Unhandled' }, body: { errorMessage: CANARY } }, '"code":"RETIRE_FAILED"'],
    ['the rotation function answers something else', {}, { body: { outcome: CANARY } }, '"code":"RETIRE_FAILED"'],
  ])('fails where %s, and says so in words of its own', async (_, others, retired, logged) => {
    world(Date.now() - 120_000, Date.now() - 60_000, retired);
    answers = { ...answers, ...others } as typeof answers;
    const ran = await look();
    expect(ran.failure).toContain('1 calls failed; the log says which.');
    expect(ran.log).toContain(logged);
    expect(ran.log + (ran.failure ?? '')).not.toContain(CANARY);
  });

  test('refuses a variable that is none, and does not repeat it', async () => {
    const ran = await run('rollout', { [ROLLOUT_VARIABLE]: JSON.stringify({ ...CONFIGURATION, secrets: CANARY }) });
    expect(ran.failure).toContain('ROLLOUT.secrets');
    expect(ran.log + (ran.failure ?? '')).not.toContain(CANARY);
    expect(actions()).toEqual([]);
  });
});

describe('the function that tells ages as it is deployed', () => {
  const AGED = [{ secretArn: ARN, metricName: 'Core/Key' }, { secretArn: `${ARN}-other`, metricName: 'Core/Other' }];
  const tell = (): Promise<FunctionRun> => run('secret-age', { [AGE_SECRETS_VARIABLE]: JSON.stringify(AGED) });
  const version = (stages: readonly string[], createdAt: number): object => ({ VersionId: stages.join('-'), VersionStages: stages, CreatedDate: seconds(createdAt) });

  test('writes a metric for each, of the version that is current, on whatever page that stands', async () => {
    const twoDaysAgo = Date.now() - 172_800_000;
    answers = {
      ListSecretVersionIds: ({ NextToken }) => (NextToken === undefined
        ? { body: { Versions: [version(['AWSPREVIOUS'], 0)], NextToken: 'more' } }
        : { body: { Versions: [version(['AWSCURRENT'], twoDaysAgo)] } }),
    };
    const ran = await tell();
    expect(ran.failure).toBeUndefined();
    expect(linesOf(ran).map(({ Secret }) => Secret).sort()).toEqual(['Core/Key', 'Core/Other']);
    for (const line of linesOf(ran)) {
      expect(line.AgeDays).toBeCloseTo(2, 1);
      expect(line._aws).toMatchObject({ CloudWatchMetrics: [{ Namespace: 'SecureCore/Secrets', Dimensions: [['Secret']], Metrics: [{ Name: 'AgeDays', Unit: 'None' }] }] });
    }
    expect(new Set(actions())).toEqual(new Set(['ListSecretVersionIds']));
  });

  test('fails for one that cannot be looked at after it has told of the other, and repeats nothing of what AWS said', async () => {
    answers = { ListSecretVersionIds: ({ SecretId }) => (SecretId === ARN ? DENIED : { body: { Versions: [version(['AWSCURRENT'], Date.now())] } }) };
    const ran = await tell();
    expect(ran.failure).toContain('The age of 1 of 2 secrets could not be told; the log says of which.');
    expect(linesOf(ran).map(({ event }) => event).sort()).toEqual(['secret-age', 'secret-age-unknown']);
    expect(linesOf(ran)).toContainEqual({ event: 'secret-age-unknown', secret: 'Core/Key', error: 'AccessDeniedException' });
    expect(ran.log + (ran.failure ?? '')).not.toContain(CANARY);
  });

  test('gives up an AWS that does not answer, and says so, before Lambda gives up the function without a word', async () => {
    const silent = createServer(() => undefined);
    const deaf = await listenOnLoopback(silent);
    const ran = await runFunction(path.join(folder, 'secret-age/index.js'), `http://127.0.0.1:${deaf.port}`, { [AGE_SECRETS_VARIABLE]: JSON.stringify(AGED) });
    await deaf.stop();
    expect(linesOf(ran)).toMatchObject(AGED.map(({ metricName }) => ({ event: 'secret-age-unknown', secret: metricName, error: 'TimeoutError' })));
    expect(ran.failure).toContain('The age of 2 of 2 secrets could not be told');
  });

  test('refuses a variable that is none, and does not repeat it', async () => {
    const ran = await run('secret-age', { [AGE_SECRETS_VARIABLE]: CANARY });
    expect(ran.failure).toContain('SECRETS must be a JSON list');
    expect(ran.log + (ran.failure ?? '')).not.toContain(CANARY);
  });
});
