import type { DeployedTask } from '../../src/cli/deployed/aws';
import { exportStack } from '../../src/cli/export';
import { importManifest, type ImportOptions } from '../../src/cli/import';
import type { StackResource } from '../../src/cli/lockdown/aws';
import { alnum, SHAPED } from '../support/credential-shapes';
import { deployedConfiguration, gateTask, SERVICE } from '../support/fake-deployed';
import { FakeKeysAws } from '../support/fake-keys-aws';

const NOW = new Date('2030-01-02T03:04:05Z');
const VLLM = 'Service/Core/INTERNAL_VLLM_API_KEY';
const AUDIT = 'Service/Gate/GATE_AUDIT_KEY';
const DIGEST = 'ab'.repeat(32);

/** An account in which secrets have values or none, and nobody can read one. */
class FakeAccount extends FakeKeysAws {
  public override resources: StackResource[] | undefined = [SERVICE];
  public readonly filled = new Set<string>();
  public readonly put_: [string, string][] = [];
  public hasValue(reference: string): Promise<boolean> { return Promise.resolve(this.filled.has(reference)); }
  public putValue(reference: string, value: string): Promise<void> {
    this.put_.push([reference, value]);
    return Promise.resolve();
  }
}

let aws: FakeAccount;
let said: string[];
beforeEach(() => {
  aws = new FakeAccount();
  said = [];
  deploy(gateTask());
});
const deploy = (task: DeployedTask): void => void aws.tasks.set(SERVICE.physicalId, task);
const references = (): string[] => gateTask().containers.flatMap(({ secrets }) => [...secrets.values()]);

async function manifest(): Promise<Awaited<ReturnType<typeof exportStack>>> {
  return exportStack('Core', { aws, now: () => NOW });
}

function bring(text: string, values?: unknown, options: ImportOptions = {}): Promise<boolean> {
  return importManifest('Core', 'manifest.json', { yes: true, ...(values !== undefined && { values: 'values.json' }), ...options }, {
    aws: {
      resourcesOf: () => aws.resourcesOf(), taskOf: (service) => aws.taskOf(service), keys: () => aws.keys(),
      hasValue: (reference) => aws.hasValue(reference), put: (reference, value) => aws.putValue(reference, value),
    },
    now: () => NOW, read: (file) => (file === 'values.json' ? (typeof values === 'string' ? values : JSON.stringify(values)) : text), say: (line) => said.push(line),
  });
}

describe('an export', () => {
  test('tells what was deployed, with the mark and the flag for each secret, and where it came from', async () => {
    aws.put(DIGEST, 'platform');
    const { containers, gates, ...rest } = await manifest();
    expect(rest).toEqual({ format: 'cdk-secure-core/export', version: 1, stack: 'Core', exportedAt: NOW.toISOString() });
    expect(containers.map(({ path, entries }) => [path, entries])).toEqual([
      ['Service/Gate', [{ name: 'GATE_AUDIT_KEY', value: '[REDACTED]', hadToken: true }]],
      ['Service/Core', [{ name: 'LOG_LEVEL', value: 'info', hadToken: false }, { name: 'PORT', value: '8000', hadToken: false },
        { name: 'INTERNAL_VLLM_API_KEY', value: '[REDACTED]', hadToken: true }]],
    ]);
    expect(containers.flatMap(({ secrets }) => Object.values(secrets))).toEqual(references());
    expect(gates).toMatchObject([{ path: 'Service', configuration: JSON.parse(JSON.stringify(deployedConfiguration())) as object, redacted: [] }]);
    expect(gates[0]?.keys).toEqual([{
      id: DIGEST.slice(0, 12), owner: 'platform', scopes: ['chat'], createdAt: '2029-12-01T00:00:00.000Z', validUntil: '2030-03-01T00:00:00.000Z', state: 'valid', key: '[REDACTED]', hadToken: true,
    }]);
    expect(JSON.stringify([containers, gates])).not.toContain(DIGEST);
  });

  test.each(Object.entries(SHAPED))('has no credential in it that stands where none belongs, and flags exactly these: %s', async (_, make) => {
    const [first, second, third] = [make(), make(), make()];
    const route = { method: 'ANY', path: '/v1', subtree: true, tier: 'light', streams: false } as const;
    const [gate, core] = gateTask(deployedConfiguration({ policy: { routes: [{ ...route, access: { kind: 'scope', scope: second } }] } })).containers;
    if (!gate || !core) throw new Error('The task has no containers.');
    deploy(gateTask(undefined, { containers: [gate, { ...core, environment: new Map([['LOG_LEVEL', 'info'], ['UPSTREAM', `https://a.acme.com/?q=${first}`], ['NOTE', third]]) }] }));
    const { containers, gates } = await manifest();
    const text = JSON.stringify([containers, gates]);
    for (const canary of [first, second, third]) expect(text).not.toContain(canary);
    expect(containers.flatMap(({ entries }) => entries).filter(({ hadToken }) => hadToken).map(({ name }) => name).sort()).toEqual(['GATE_AUDIT_KEY', 'INTERNAL_VLLM_API_KEY', 'NOTE', 'UPSTREAM']);
    expect(gates[0]?.redacted).toEqual(['policy.routes[0].access.scope']);
  });

  test('has no value in it that stands under the name of a secret', async () => {
    const canary = `${alnum(6)}!x`;
    const task = gateTask();
    deploy({ ...task, containers: task.containers.map((container) =>
      (container.name === 'Core' ? { ...container, environment: new Map([['DB_PASSWORD', canary], ['MAX_TOKENS', '512']]) } : container)) });
    const { containers } = await manifest();
    expect(containers[1]?.entries.slice(0, 2)).toEqual([{ name: 'DB_PASSWORD', value: '[REDACTED]', hadToken: true }, { name: 'MAX_TOKENS', value: '512', hadToken: false }]);
    expect(JSON.stringify(containers)).not.toContain(canary);
  });
});

describe('an import', () => {
  const text = async (): Promise<string> => JSON.stringify(await manifest());

  test('is done where the deployment has every secret', async () => {
    for (const reference of references()) aws.filled.add(reference);
    expect(await bring(await text())).toBe(true);
    expect([aws.put_, said]).toEqual([[], [expect.stringContaining('Everything that was redacted is set.')]]);
  });

  test('names everything that was redacted and has no value, and writes nothing while anything is missing', async () => {
    const file = await text();
    await expect(bring(file)).rejects.toThrow(`Set these again, for they were redacted: ${AUDIT}, ${VLLM}. Give them with --values. Nothing was changed.`);
    await expect(bring(file, { [VLLM]: 'new-value' })).rejects.toThrow(`for they were redacted: ${AUDIT}.`);
    expect(aws.put_).toEqual([]);
  });

  test.each(['[REDACTED]', ' [REDACTED] ', 'x[REDACTED]y', '', '  ', 5, null, { a: 1 }])('never takes %j for a value', async (value) => {
    const file = await text();
    await expect(bring(file, { [VLLM]: value, [AUDIT]: 'new-value' })).rejects.toThrow(`The value of ${VLLM} is none`);
    expect(aws.put_).toEqual([]);
  });

  test('puts the values that it is given, and tells none', async () => {
    const [auditReference = '', vllmReference = ''] = references();
    aws.filled.add(auditReference);
    const value = alnum(24);
    expect(await bring(await text(), { [VLLM]: value })).toBe(true);
    expect(aws.put_).toEqual([[vllmReference, value]]);
    expect(said.join()).not.toContain(value);
    expect(said[0]).toBe(`${VLLM} has a value again.`);
  });

  test.each<[string, unknown, RegExp]>([
    ['that is no JSON', '{"a": "secret', /values\.json is no JSON object/], ['that is a list', ['x'], /values\.json is no JSON object/], ['of an entry that nobody has', { 'Service/Core/OTHER': 'x' }, /The manifest has no entry Service\/Core\/OTHER/],
  ])('takes no file of values %s', async (_, values, message) => {
    for (const reference of references()) aws.filled.add(reference);
    await expect(bring(await text(), values)).rejects.toThrow(message);
    expect(aws.put_).toEqual([]);
  });

  test('is not done where the deployment has no such variable, or holds several in one secret', async () => {
    const file = await text();
    const task = gateTask();
    deploy({ ...task, containers: task.containers.filter(({ name }) => name === 'Gate') });
    for (const reference of references()) aws.filled.add(reference);
    expect(await bring(file)).toBe(false);
    expect(said[0]).toBe(`${VLLM} comes from no secret in stack Core: deploy it first.`);
    deploy({ ...task, containers: task.containers.map((one) => (one.name === 'Core' ? { ...one, secrets: new Map([['INTERNAL_VLLM_API_KEY', `${references()[1] ?? ''}:field::`]]) } : one)) });
    await expect(bring(file, { [VLLM]: 'x' })).rejects.toThrow('is one field of a secret');
    expect(aws.put_).toEqual([]);
  });

  test('is not done while nobody has a key for whoever had one', async () => {
    for (const reference of references()) aws.filled.add(reference);
    aws.put(DIGEST, 'platform', { scopes: ['chat', 'embeddings'] });
    aws.put('cd'.repeat(32), 'gone', { revokedAt: '2029-12-31T00:00:00.000Z' });
    const file = await text();
    expect(await bring(file)).toBe(true);
    aws.stored.clear();
    aws.put('ef'.repeat(32), 'platform', { scopes: ['chat'] });
    expect(await bring(file)).toBe(false);
    expect(said.at(-1)).toBe(`Nobody has the key ${DIGEST.slice(0, 12)} any more: make platform a new one with keys create, for chat, embeddings.`);
  });

  test.each(['', '{"password": "x"', '{}', '{"format":"cdk-secure-core/export","version":2}', '[]'])('takes nothing that no export writes: %j', async (file) => {
    await expect(bring(file)).rejects.toThrow(/^manifest\.json is not (?:JSON|what cdk-secure-core export writes)/);
  });

  test('asks before it writes', async () => {
    aws.filled.add(references()[0] ?? '');
    await expect(bring(await text(), { [VLLM]: 'x' }, { yes: false })).rejects.toThrow('add --yes');
    expect(aws.put_).toEqual([]);
  });
});
