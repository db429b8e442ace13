import { createServer, type IncomingMessage } from 'node:http';
import { ECSClient } from '@aws-sdk/client-ecs';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { quietly } from '../../../src/drill/emulator/quietly';
import { type LoopbackServer, listenOnLoopback } from '../../../src/drill/services/loopback';
import { AwsRotations } from '../../../src/runtime/rollout/aws-rotation';
import { AwsSecrets } from '../../../src/runtime/rollout/aws-secrets';
import { AwsServices } from '../../../src/runtime/rollout/aws-services';

/** Answers are in the shapes of the API references, not recorded from AWS: no emulator here has tasks that stop, nor functions that fail. */
interface Asked {
  /** The action, or the path where an API has paths. */
  readonly what: string;
  readonly body: Readonly<Record<string, unknown>>;
}
interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: unknown;
}

let aws: LoopbackServer;
let asked: Asked[];
let answers: (asked: Asked) => Answer | object;

beforeEach(async () => {
  asked = [];
  const server = createServer((request, response) => {
    read(request).then((body) => {
      const target = request.headers['x-amz-target'];
      const one: Asked = { what: typeof target === 'string' ? target.replace(/^.*\./, '') : request.url ?? '', body };
      asked.push(one);
      const found = answers(one);
      const { status = 200, headers = {}, body: answered } = 'body' in found ? found : { body: found };
      response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1', ...headers }).end(JSON.stringify(answered));
    }).catch(() => response.destroy());
  });
  aws = await listenOnLoopback(server);
});
afterEach(() => aws.stop());

async function read(request: IncomingMessage): Promise<Asked['body']> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return JSON.parse(Buffer.concat(chunks).toString() || '{}') as Asked['body'];
}

const options = () => ({ endpoint: `http://127.0.0.1:${aws.port}`, region: 'eu-central-1', credentials: { accessKeyId: 'test', secretAccessKey: 'test' }, maxAttempts: 1 });
const services = (): AwsServices => new AwsServices(quietly(() => new ECSClient(options())));
const fault = (type: string): Answer => ({ status: 400, body: { __type: type, message: 'no' } });

const CLUSTER = 'arn:aws:ecs:eu-central-1:111122223333:cluster/core';
const SERVICE = { clusterArn: CLUSTER, serviceArn: 'arn:aws:ecs:eu-central-1:111122223333:service/core/core' };
const RUNNING = { a: { desiredStatus: 'RUNNING', lastStatus: 'RUNNING' } };
const taskArn = (id: number | string): string => `arn:aws:ecs:eu-central-1:111122223333:task/core/${id}`;

/** An ECS with these tasks; whatever is asked for is looked up at that moment. */
function ecs(tasks: () => Readonly<Record<string, { readonly createdAt?: number; readonly desiredStatus: string; readonly lastStatus: string }>>, service: object = {}, pageSize = 100) {
  return ({ what, body }: Asked): object => {
    const held = tasks();
    if (what === 'DescribeServices') return { services: [{ status: 'ACTIVE', deployments: [], ...service }] };
    if (what === 'ListTasks') {
      const all = Object.keys(held).filter((id) => held[id]?.desiredStatus === body.desiredStatus).map(taskArn);
      const from = Number(body.nextToken ?? 0);
      return { taskArns: all.slice(from, from + pageSize), ...(from + pageSize < all.length ? { nextToken: String(from + pageSize) } : {}) };
    }
    const wanted = body.tasks as string[];
    const known = wanted.filter((arn) => arn.replace(/^.*\//, '') in held);
    return { tasks: known.map((arn) => ({ taskArn: arn, ...held[arn.replace(/^.*\//, '')] })), failures: wanted.filter((arn) => !known.includes(arn)).map((arn) => ({ arn, reason: 'MISSING' })) };
  };
}

describe('the services of ECS', () => {
  test('are described with their deployments and with all tasks that have not stopped', async () => {
    answers = ecs(() => ({
      runs: { createdAt: 1.5, desiredStatus: 'RUNNING', lastStatus: 'RUNNING' },
      begins: { desiredStatus: 'RUNNING', lastStatus: 'PROVISIONING' },
      stops: { createdAt: 2, desiredStatus: 'STOPPED', lastStatus: 'DEACTIVATING' },
      gone: { createdAt: 3, desiredStatus: 'STOPPED', lastStatus: 'STOPPED' },
    }), { deployments: [{ createdAt: 10, rolloutState: 'IN_PROGRESS' }, { createdAt: 9, rolloutState: 'FAILED' }, { createdAt: 8, rolloutState: 'COMPLETED' }, { createdAt: 7 }] });
    expect(await services().describe(SERVICE)).toEqual({
      isActive: true,
      deployments: [{ createdAt: 10_000, state: 'in-progress' }, { createdAt: 9000, state: 'failed' }, { createdAt: 8000, state: 'completed' }, { createdAt: 7000, state: 'in-progress' }],
      tasks: [{ createdAt: 1500, isStopping: false }, { createdAt: undefined, isStopping: false }, { createdAt: 2000, isStopping: true }],
    });
    expect(asked.filter(({ what }) => what !== 'DescribeTasks').map(({ what, body }) => [what, body])).toEqual([
      ['DescribeServices', { cluster: CLUSTER, services: [SERVICE.serviceArn] }],
      ['ListTasks', { cluster: CLUSTER, serviceName: 'core', desiredStatus: 'RUNNING', maxResults: 100 }],
      ['ListTasks', { cluster: CLUSTER, serviceName: 'core', desiredStatus: 'STOPPED', maxResults: 100 }],
    ]);
  });

  test('are described page by page, of a hundred tasks at most', async () => {
    const many = Object.fromEntries(Array.from({ length: 250 }, (_, id) => [String(id), { createdAt: id, desiredStatus: 'RUNNING', lastStatus: 'RUNNING' }]));
    answers = ecs(() => many);
    expect((await services().describe(SERVICE))?.tasks.map(({ createdAt }) => createdAt)).toEqual(Array.from({ length: 250 }, (_, id) => id * 1000));
    expect(asked.filter(({ what }) => what === 'DescribeTasks').map(({ body }) => (body.tasks as string[]).length)).toEqual([100, 100, 50]);
  });

  test('lose no task that is told to stop while they are described, at whatever moment', async () => {
    for (let moment = 0; moment < 6; moment++) {
      asked = [];
      const isTold = (): boolean => asked.length > moment;
      answers = ecs(() => ({ a: { createdAt: 1, lastStatus: 'RUNNING', desiredStatus: isTold() ? 'STOPPED' : 'RUNNING' } }));
      expect((await services().describe(SERVICE))?.tasks).toHaveLength(1);
    }
  });

  test('have no task that went while they are described', async () => {
    const missing = { tasks: [], failures: [{ arn: 'a', reason: 'MISSING' }] };
    answers = (one) => (one.what === 'DescribeTasks' ? missing : ecs(() => RUNNING)(one));
    expect((await services().describe(SERVICE))?.tasks).toEqual([]);
  });

  test.each<readonly [string, () => object]>([
    ['was never there', () => ({ services: [], failures: [{ arn: 'a', reason: 'MISSING' }] })],
    ['has been deleted', () => ({ services: [{ status: 'INACTIVE' }] })],
    ['has gone with its cluster', () => fault('ClusterNotFoundException')],
  ])('are nothing where one %s', async (_, answered) => {
    answers = answered;
    expect(await services().describe(SERVICE)).toBeUndefined();
    expect(asked.map(({ what }) => what)).toEqual(['DescribeServices']);
  });

  test('cannot be rolled while one is being deleted, and its tasks count', async () => {
    answers = ecs(() => ({ a: { createdAt: 1, desiredStatus: 'STOPPED', lastStatus: 'STOPPING' } }), { status: 'DRAINING' });
    expect(await services().describe(SERVICE)).toEqual({ isActive: false, deployments: [], tasks: [{ createdAt: 1000, isStopping: true }] });
  });

  test.each(['DescribeServices', 'DescribeTasks'])('are unknown where %s tells of another failure: nobody takes it for none', async (what) => {
    const denied = { services: [], tasks: [], failures: [{ arn: 'a', reason: 'ACCESS_DENIED' }] };
    answers = (one) => (one.what === what ? denied : ecs(() => RUNNING)(one));
    await expect(services().describe(SERVICE)).rejects.toMatchObject({ code: 'ECS_FAILURE' });
  });

  test('get a new deployment, and nothing else is changed', async () => {
    answers = () => ({ service: {} });
    await services().roll(SERVICE);
    expect(asked).toEqual([{ what: 'UpdateService', body: { cluster: CLUSTER, service: SERVICE.serviceArn, forceNewDeployment: true } }]);
  });
});

describe('the secrets', () => {
  const describeSecret = (body: object): Promise<unknown> => {
    answers = () => body;
    return new AwsSecrets(quietly(() => new SecretsManagerClient(options()))).describe('arn');
  };

  test('tell which versions are in use, and when they were changed; nobody reads one', async () => {
    const VersionIdsToStages = { a: ['AWSPREVIOUS'], b: ['AWSCURRENT', 'other'], c: ['AWSPENDING'] };
    expect(await describeSecret({ VersionIdsToStages, LastChangedDate: 12.345 })).toEqual({ current: 'b', previous: 'a', changedAt: 12_345 });
    expect(asked.map(({ what }) => what)).toEqual(['DescribeSecret']);
  });

  test('are settled where nothing is previous', async () => {
    expect(await describeSecret({ VersionIdsToStages: { b: ['AWSCURRENT'] }, LastChangedDate: 1 })).toEqual({ current: 'b', previous: undefined, changedAt: 1000 });
  });

  test.each([[{ LastChangedDate: 1 }], [{ VersionIdsToStages: { b: ['AWSCURRENT'] } }]])('are no secrets without a value or a day: %j', async (body) => {
    await expect(describeSecret(body)).rejects.toMatchObject({ code: 'NO_CURRENT' });
  });
});

describe('the rotation functions', () => {
  const SECRET = { secretArn: 'secret', rotationFunctionArn: 'arn:aws:lambda:eu-central-1:111122223333:function:rotate', services: [] };
  const retire = (answer: Answer): Promise<unknown> => {
    answers = () => answer;
    return new AwsRotations(quietly(() => new LambdaClient(options()))).retire(SECRET, 'v2');
  };

  test.each(['retired', 'replaced', 'held', 'nothing'])('are asked for one secret, of one version, and answer "%s"', async (outcome) => {
    expect(await retire({ body: { outcome } })).toBe(outcome);
    expect(asked).toEqual([{ what: `/2015-03-31/functions/${encodeURIComponent(SECRET.rotationFunctionArn)}/invocations`, body: { retire: { secretArn: 'secret', versionId: 'v2' } } }]);
  });

  test('have failed where they say so, whatever else they say; their words stay in their own log', async () => {
    const failing = retire({ headers: { 'x-amz-function-error': 'Unhandled' }, body: { outcome: 'retired', errorMessage: 'canary' } });
    await expect(failing).rejects.toMatchObject({ code: 'RETIRE_FAILED' });
    await expect(failing).rejects.not.toThrow(/canary/);
  });

  test.each([[null], [{}], [{ outcome: 'done' }], ['retired'], [{ outcome: ['retired'] }]])('have failed where they answer %j', async (body) => {
    await expect(retire({ body })).rejects.toMatchObject({ code: 'RETIRE_FAILED' });
  });
});
