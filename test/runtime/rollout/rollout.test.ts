import type { RetireAnswer, RolledSecret } from '../../../src/secrets/contract';
import { RotationError } from '../../../src/runtime/rotation/ports';
import type { SecretState, ServiceState } from '../../../src/runtime/rollout/ports';
import { createRollout, STUCK_MS } from '../../../src/runtime/rollout/rollout';
import { SKEW_MS } from '../../../src/runtime/rollout/verdict';

const CHANGED = 10_000_000;
const OLD = { createdAt: CHANGED - 1, isStopping: false };
const NEW = { createdAt: CHANGED + SKEW_MS + 1, isStopping: false };
const UNSETTLED: SecretState = { current: 'v2', previous: 'v1', changedAt: CHANGED };
const SETTLED: SecretState = { current: 'v2', changedAt: CHANGED };

const service = (tasks: ServiceState['tasks'], deployments: ServiceState['deployments'] = [], isActive = true): ServiceState => ({ isActive, deployments, tasks });

interface Scene {
  readonly secrets?: Readonly<Record<string, SecretState | Error>>;
  readonly services?: Readonly<Record<string, ServiceState | Error | undefined>>;
  readonly uses?: Readonly<Record<string, readonly string[]>>;
  readonly answer?: RetireAnswer['outcome'] | Error;
  readonly now?: number;
  readonly rollFails?: boolean;
}

async function look({ secrets = { a: UNSETTLED }, services = {}, uses = { a: Object.keys(services) }, answer = 'retired', now = CHANGED + 2 * SKEW_MS, rollFails = false }: Scene) {
  const did: string[] = [];
  const lines: Readonly<Record<string, unknown>>[] = [];
  const orThrow = <T>(found: T | Error): Promise<T> => (found instanceof Error ? Promise.reject(found) : Promise.resolve(found));
  const configured: RolledSecret[] = Object.entries(uses).map(([secretArn, names]) => (
    { secretArn, rotationFunctionArn: `fn-${secretArn}`, services: names.map((serviceArn) => ({ clusterArn: 'c', serviceArn })) }
  ));
  const rollout = createRollout({
    configuration: { secrets: configured },
    secrets: { describe: (arn) => orThrow(secrets[arn] ?? new Error('unknown secret')) },
    services: {
      describe: ({ serviceArn }) => {
        did.push(`look at ${serviceArn}`);
        return orThrow(services[serviceArn]);
      },
      roll: ({ serviceArn }) => {
        did.push(`roll ${serviceArn}`);
        return rollFails ? Promise.reject(new Error('ROLL canary')) : Promise.resolve();
      },
    },
    rotation: {
      retire: ({ rotationFunctionArn }, current) => {
        did.push(`retire ${rotationFunctionArn} ${current}`);
        return orThrow(answer);
      },
    },
    log: (line) => void lines.push(line),
    clock: () => now,
    wait: (milliseconds) => {
      did.push(`wait ${milliseconds}`);
      return Promise.resolve();
    },
  });
  const failed = await rollout.look().then(() => undefined, (error: unknown) => (error instanceof Error ? error.message : 'no error'));
  return { did, lines, failed, acts: did.filter((what) => !what.startsWith('look')) };
}

const inProgress = (createdAt: number): ServiceState['deployments'][number] => ({ createdAt, state: 'in-progress' });

describe('a look at what is rolled out', () => {
  test('does nothing where no old value is left, and looks at no service', async () => {
    expect(await look({ secrets: { a: SETTLED }, services: { s: service([OLD]) } })).toEqual({ did: [], acts: [], lines: [], failed: undefined });
  });

  test('replaces tasks from before the change', async () => {
    const { did, lines, failed } = await look({ services: { s: service([OLD, NEW]) } });
    expect(did).toEqual(['look at s', 'roll s']);
    expect(failed).toBeUndefined();
    expect(lines).toContainEqual({ event: 'rollout-deployment', service: 's', secrets: ['a'] });
  });

  test('retires the old value, and of what is current now, where all tasks are from after it', async () => {
    const { acts, lines, failed } = await look({ services: { s: service([NEW]), t: service([]) } });
    expect(acts).toEqual(['retire fn-a v2']);
    expect(lines).toEqual([{ event: 'rollout', secret: 'a', outcome: 'retired' }]);
    expect(failed).toBeUndefined();
  });

  test.each<readonly [string, ServiceState | undefined]>([['is no more', undefined], ['has no tasks', service([])]])('retires it where the service %s', async (_, state) => {
    expect((await look({ services: { s: state } })).acts).toEqual(['retire fn-a v2']);
  });

  test.each<readonly [string, ServiceState]>([
    ['old tasks are stopping, which nobody has to stop', service([{ ...OLD, isStopping: true }, NEW], [{ createdAt: NEW.createdAt, state: 'completed' }])],
    ['a deployment from after the change replaces them', service([OLD], [inProgress(CHANGED + SKEW_MS + 1)])],
    ['a task has not begun to start', service([{ isStopping: false }])],
    ['the service is being deleted', service([OLD], [], false)],
  ])('waits where %s', async (_, state) => {
    const { acts, lines, failed } = await look({ services: { s: state } });
    expect([acts, lines, failed]).toEqual([[], [{ event: 'rollout', secret: 'a', outcome: 'waiting' }], undefined]);
  });

  test.each<readonly [string, ServiceState]>([
    ['began before the change', service([OLD], [inProgress(CHANGED - 1)])],
    ['began so soon after it that its tasks may hold the old value', service([OLD], [inProgress(CHANGED + SKEW_MS)])],
    ['has ended', service([OLD], [{ createdAt: CHANGED + SKEW_MS + 1, state: 'completed' }])],
  ])('replaces tasks where the only deployment %s', async (_, state) => {
    expect((await look({ services: { s: state } })).acts).toEqual(['roll s']);
  });

  test('takes a task for old that started just after the change, and none later', async () => {
    expect((await look({ services: { s: service([{ createdAt: CHANGED + SKEW_MS, isStopping: false }]) } })).acts).toEqual(['roll s']);
    expect((await look({ services: { s: service([{ createdAt: CHANGED + SKEW_MS + 1, isStopping: false }]) } })).acts).toEqual(['retire fn-a v2']);
  });

  test('waits until no new task is told the old value, before it looks', async () => {
    expect((await look({ services: { s: service([OLD]) }, now: CHANGED + 1000 })).did).toEqual([`wait ${SKEW_MS - 1000 + 1}`, 'look at s', 'roll s']);
    // Whatever the clocks say.
    expect((await look({ services: { s: service([OLD]) }, now: 0 })).did[0]).toBe(`wait ${SKEW_MS + 1}`);
  });

  test('looks at a service of two secrets once, and replaces its tasks once', async () => {
    const { did, lines } = await look({ secrets: { a: UNSETTLED, b: { ...UNSETTLED, changedAt: CHANGED - 5 } }, uses: { a: ['s'], b: ['s'] }, services: { s: service([OLD]) } });
    expect(did).toEqual(['look at s', 'roll s']);
    expect(lines).toContainEqual({ event: 'rollout-deployment', service: 's', secrets: ['a', 'b'] });
  });

  test('replaces again what a deployment for an earlier change holds', async () => {
    const between = { createdAt: CHANGED - 2 * SKEW_MS, isStopping: false };
    const { acts } = await look({
      secrets: { a: UNSETTLED, b: { ...UNSETTLED, changedAt: CHANGED - 4 * SKEW_MS } },
      uses: { a: ['s'], b: ['s'] },
      services: { s: service([between], [inProgress(between.createdAt)]) },
    });
    expect(acts).toEqual(['roll s', 'retire fn-b v2']);
  });

  test('retires nothing while one of two services holds it', async () => {
    expect((await look({ services: { s: service([NEW]), t: service([OLD]) } })).acts).toEqual(['roll t']);
  });

  describe('fails at its end', () => {
    test('where one secret makes trouble, having done what the others need', async () => {
      const { acts, failed, lines } = await look({ secrets: { a: new RotationError('NO_CURRENT', 'ours'), b: UNSETTLED }, uses: { a: ['s'], b: ['t'] }, services: { t: service([NEW]) } });
      expect(acts).toEqual(['retire fn-b v2']);
      expect(failed).toBe('1 calls failed; the log says which.');
      expect(lines).toContainEqual({ event: 'rollout-failed', secret: 'a', error: 'RotationError', code: 'NO_CURRENT', message: 'ours' });
    });

    test('where a service cannot be looked at, and retires nothing that it may hold', async () => {
      const { acts, failed, lines } = await look({ services: { s: new Error('canary'), t: service([OLD]) } });
      expect(acts).toEqual(['roll t']);
      expect(failed).toContain('1 calls failed');
      expect(JSON.stringify(lines)).not.toContain('canary');
    });

    test('where a deployment cannot be begun', async () => {
      const { failed, lines } = await look({ services: { s: service([OLD]) }, rollFails: true });
      expect(failed).toContain('1 calls failed');
      expect(lines.map(({ event }) => event)).not.toContain('rollout-deployment');
      expect(JSON.stringify(lines)).not.toContain('canary');
    });

    test('where the old value cannot be retired', async () => {
      const { failed, lines } = await look({ services: { s: service([NEW]) }, answer: new Error('canary') });
      expect(failed).toContain('1 calls failed');
      expect(lines).toContainEqual({ event: 'rollout', secret: 'a', outcome: 'failed' });
      expect(JSON.stringify(lines)).not.toContain('canary');
    });

    test('where a deployment for the change has failed, and begins another one', async () => {
      const { acts, failed, lines } = await look({ services: { s: service([OLD], [{ createdAt: CHANGED + SKEW_MS + 1, state: 'failed' }, { createdAt: 0, state: 'completed' }]) } });
      expect(acts).toEqual(['roll s']);
      expect(failed).toBe('1 roll-outs are stuck; the log says which.');
      expect(lines).toContainEqual({ event: 'rollout-stuck', secret: 'a', service: 's', reason: 'deployment-failed' });
    });

    test('where tasks that a rolled back deployment left hold the old value, and not where they hold the new one', async () => {
      const failedOne: ServiceState['deployments'][number] = { createdAt: CHANGED + SKEW_MS + 1, state: 'failed' };
      expect((await look({ services: { s: service([NEW], [failedOne]) } })).acts).toEqual(['retire fn-a v2']);
      expect((await look({ services: { s: service([OLD, NEW], [failedOne]) } })).acts).toEqual(['roll s']);
    });

    test.each<readonly [string, Scene]>([
      ['a task does not stop', { services: { s: service([{ ...OLD, isStopping: true }]) } }],
      ['somebody is logged in with it', { services: { s: service([NEW]) }, answer: 'held' }],
    ])('where after an hour %s, and not before', async (_, scene) => {
      expect((await look({ ...scene, now: CHANGED + STUCK_MS })).failed).toBeUndefined();
      const { failed, lines } = await look({ ...scene, now: CHANGED + STUCK_MS + 1 });
      expect(failed).toContain('1 roll-outs are stuck');
      expect(lines).toContainEqual({ event: 'rollout-stuck', secret: 'a', reason: 'too-long' });
    });
  });

  test.each<RetireAnswer['outcome']>(['held', 'replaced', 'nothing'])('takes "%s" for an answer: the next event goes on', async (answer) => {
    const { acts, failed, lines } = await look({ services: { s: service([NEW]) }, answer });
    expect([acts, failed]).toEqual([['retire fn-a v2'], undefined]);
    expect(lines).toEqual([{ event: 'rollout', secret: 'a', outcome: answer }]);
  });
});
