import type { ContainerDefinition } from '@aws-sdk/client-ecs';
import type { JsonMap } from '../../../src/checks/template/template';
import type { AttackResult } from '../../../src/drill/attack';
import { OBSERVED_ATTACKS } from '../../../src/drill/keeping/attacks/observed';
import { clientsThat, graphOf, partOf } from './stand-in';

const [ERRORS, TELEMETRY] = OBSERVED_ATTACKS;
const OTLP = 'OTEL_EXPORTER_OTLP_ENDPOINT';
const SECRET = 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:dsn-AbCdEf';
const KEY = '0123456789abcdef0123456789abcdef';
const DSN = `https://${KEY}@sentry.example/1`;

const TOLD: JsonMap = { Name: 'core', Environment: [{ Name: OTLP, Value: 'https://otlp.example' }], Secrets: [{ Name: 'SENTRY_DSN', ValueFrom: SECRET }] };
const taskWith = (...ContainerDefinitions: readonly JsonMap[]): JsonMap => ({ Type: 'AWS::ECS::TaskDefinition', Properties: { ContainerDefinitions } });
const GRAPH = graphOf(['S', { Task: taskWith(TOLD) }]);

/** @param value of the secret */
async function attacked(attack: (typeof OBSERVED_ATTACKS)[number], container: ContainerDefinition, value?: string): Promise<AttackResult> {
  const [target] = attack.targets({ graph: GRAPH });
  if (target === undefined) throw new Error('It has no target.');
  const aws = clientsThat(() => ({ taskDefinition: { executionRoleArn: 'role', containerDefinitions: [container, { name: 'gate' }] } }));
  const role = clientsThat(() => ({ SecretString: value }));
  return attack.run(target, partOf({ graph: GRAPH, aws, now: ({ resource }) => resource, id: () => 'task', as: () => Promise.resolve(role), note: () => undefined }));
}

const filledFrom = (valueFrom: string): ContainerDefinition => ({ secrets: [{ name: 'SENTRY_DSN', valueFrom }] });
const fromSecret = filledFrom(SECRET);
const inSight = (value: string): ContainerDefinition => ({ environment: [{ name: 'SENTRY_DSN', value }] });

describe('error tracking', () => {
  test.each([
    ['a DSN', SECRET, DSN], ['a value that was generated here', SECRET, 'aGeneratedValue0123456789'], ['a field', `${SECRET}:dsn::`, JSON.stringify({ name: 'core', dsn: DSN })],
  ])('that has %s from a secret is withstood', async (_, valueFrom, value) => {
    await expect(attacked(ERRORS, filledFrom(valueFrom), value)).resolves.toMatchObject({ verdict: 'withstood', saw: expect.stringMatching(/^The program's own report arrives, unread/) as unknown });
  });

  test('whose secret is still empty is withstood, and so is one that is off', async () => {
    await expect(attacked(ERRORS, fromSecret)).resolves.toMatchObject({ verdict: 'withstood', saw: 'It has no DSN before somebody puts one.' });
    await expect(attacked(ERRORS, inSight(''))).resolves.toMatchObject({ verdict: 'withstood' });
  });

  test.each<[string, ContainerDefinition, string | undefined]>([
    ['in plain sight', inSight(DSN), undefined],
    ['in a secret and on a command line as well', { ...fromSecret, command: [`serve --report-to=${DSN}`] }, DSN],
    ['in a field of which the key stands in plain sight', { ...filledFrom(`${SECRET}:dsn::`), environment: [{ name: 'REPORT_TO', value: DSN }] }, JSON.stringify({ name: 'core', dsn: DSN })],
    ['of which the key goes in clear', fromSecret, DSN.replace('https', 'http')],
  ])('with a DSN %s is not', async (_, container, value) => {
    const result = await attacked(ERRORS, container, value);
    expect(result.verdict).toBe('succeeded');
    expect(JSON.stringify(result)).not.toContain(KEY);
  });

  test('that is filled from anything else decides nothing', async () => {
    await expect(attacked(ERRORS, filledFrom('arn:aws:ssm:eu-central-1:111122223333:parameter/dsn'))).rejects.toThrow(/comes from no secret of Secrets Manager/);
  });
});

describe('telemetry', () => {
  const told = (...values: readonly string[]): ContainerDefinition => ({ environment: values.map((value) => ({ name: OTLP, value })) });

  test.each(['https://otlp.example.com:4318', 'http://localhost:4317', 'http://127.0.0.1:4317', 'http://[::1]:4317', ''])('to "%s" is withstood', async (endpoint) => {
    await expect(attacked(TELEMETRY, told(endpoint))).resolves.toMatchObject({ verdict: 'withstood' });
  });

  test.each([
    ['http://collector:4317', /is read along by whoever is on the way/], ['http://localhost.example.com:4317', /is read along/], ['https://key@otlp.example.com', /reads the key in OTEL_EXPORTER_OTLP_ENDPOINT/],
  ])('to %s is not', async (endpoint, saw) => {
    await expect(attacked(TELEMETRY, told('http://localhost:4317', endpoint))).resolves.toEqual({ verdict: 'succeeded', saw: expect.stringMatching(saw) as unknown });
  });

  test('without a scheme decides nothing', async () => {
    await expect(attacked(TELEMETRY, told('collector:4317'))).rejects.toThrow(/has no scheme/);
  });
});

test('a task that tells nobody anything is no target', () => {
  for (const attack of OBSERVED_ATTACKS) expect(attack.targets({ graph: graphOf(['S', { Task: taskWith({ Name: 'core', Environment: [{ Name: 'LOG_LEVEL', Value: 'info' }] }) }]) })).toEqual([]);
});

test('saboteurs put the DSN into plain sight and have telemetry leave in clear, and touch nothing else', () => {
  const body: JsonMap = { Resources: { Task: taskWith(TOLD, { Name: 'gate' }) } };
  const after = ({ saboteurs }: (typeof OBSERVED_ATTACKS)[number]): unknown[] => saboteurs.map((saboteur) => saboteur.sabotage(body));
  expect(after(ERRORS)).toEqual([{ Resources: { Task: taskWith({
    Name: 'core', Environment: [{ Name: OTLP, Value: 'https://otlp.example' }, { Name: 'SENTRY_DSN', Value: expect.stringMatching(/^https:\/\//) as unknown as string }],
  }, { Name: 'gate' }) } }]);
  expect(after(TELEMETRY)).toEqual(['http://collector.drill.test:4318', 'https://key@collector.drill.test:4318'].map((Value) => (
    { Resources: { Task: taskWith({ ...TOLD, Environment: [{ Name: OTLP, Value }] }, { Name: 'gate' }) } }
  )));
  for (const saboteur of OBSERVED_ATTACKS.flatMap(({ saboteurs }) => [...saboteurs])) expect(saboteur.sabotage({ Resources: { Task: taskWith({ Name: 'gate', Environment: [] }) } })).toBeUndefined();
});
