import { createRotation } from '../../../src/runtime/rotation/handle';
import { RotationError } from '../../../src/runtime/rotation/ports';
import { ringStrategy } from '../../../src/runtime/rotation/ring';
import { FIRST_RING, hex, KINDS, ringText, SECRET, settle, STEPS, worldOf } from '../../support/rotations';
import { Faults, MemorySecret } from '../../support/secret-versions';
import { TwoPasswords } from '../../support/two-passwords';

const OTHER = 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:other-AbCdEf';

/** Of the steps, those that change something. */
const CHANGING = ['createSecret', 'setSecret', 'finishSecret'] as const;

const codeOf = (work: Promise<unknown>): Promise<unknown> => work.then(() => 'it succeeded', (error: unknown) => (error instanceof RotationError ? error.code : error));

describe('an event', () => {
  test.each(STEPS)('of another secret is refused (%s)', async (Step) => {
    const { rotation, secret } = worldOf('a ring');
    secret.begin('token');
    expect(await codeOf(rotation.rotate({ Step, SecretId: OTHER, ClientRequestToken: 'token' }))).toBe('WRONG_SECRET');
    expect([...secret.values.keys()]).toEqual(['first']);
  });

  test('of another secret retires nothing', async () => {
    const world = await rotated();
    expect(await codeOf(world.rotation.retire({ retire: { secretArn: OTHER } }))).toBe('WRONG_SECRET');
    expect(world.secret.stagesNow.previous).toBe('first');
  });

  test.each(['create_secret', 'CREATESECRET', '', 'constructor', '__proto__'])('with the step "%s" is refused', async (Step) => {
    const { rotation, secret } = worldOf('a ring');
    secret.begin('token');
    expect(await codeOf(rotation.rotate({ Step, SecretId: SECRET, ClientRequestToken: 'token' }))).toBe('UNKNOWN_STEP');
  });

  test.each(STEPS)('is refused where rotation is not turned on (%s)', async (step) => {
    const world = worldOf('a ring');
    world.secret.begin('token');
    world.secret.isRotated = false;
    expect(await codeOf(world.step(step, 'token'))).toBe('NOT_ROTATED');
  });

  test.each(STEPS)('of a version without a label, or with an older one, is refused (%s)', async (step) => {
    const world = await rotated();
    await settle(world);
    world.secret.begin('newer');
    for (const token of ['first', 'token', 'unknown']) expect(await codeOf(world.step(step, token))).toBe('NOT_PENDING');
    expect(world.secret.value('pending')).toBeUndefined();
  });

  test.each(STEPS)('of the version that is current is done before, and changes nothing (%s)', async (step) => {
    const world = await rotated();
    const before = [...world.secret.labels];
    await world.step(step, 'token');
    expect([...world.secret.labels]).toEqual(before);
    expect(world.lines.at(-1)).toContain('rotation-step-done-before');
  });

  test.each(['setSecret', 'finishSecret'] as const)('of a step before whose time there is no value is refused (%s)', async (step) => {
    const world = worldOf('a store of two passwords');
    world.secret.begin('token');
    expect(await codeOf(world.step(step, 'token'))).toBe('NO_VALUE');
    expect(world.secret.stagesNow.current).toBe('first');
  });
});

async function rotated(isRolledOut = true): Promise<ReturnType<typeof worldOf>> {
  const world = worldOf('a ring', isRolledOut);
  world.secret.begin('token');
  for (const step of STEPS) await world.step(step, 'token');
  return world;
}

describe('a rotation', () => {
  test('waits until the value before is retired, where tasks are replaced', async () => {
    const world = await rotated();
    world.secret.begin('next');
    for (const step of CHANGING) expect(await codeOf(world.step(step, 'next'))).toBe('UNSETTLED');
    expect(world.secret.values.has('next')).toBe(false);
    await settle(world);
    for (const step of STEPS) await world.step(step, 'next');
    expect(world.secret.stagesNow.current).toBe('next');
  });

  test('says which version it waits for, and where to look', async () => {
    const world = await rotated();
    world.secret.begin('next');
    await expect(world.step('createSecret', 'next')).rejects.toThrow(/\(version first\) is not retired yet.*roll-out function/);
  });

  test('waits for nobody where nobody replaces tasks', async () => {
    const world = await rotated(false);
    world.secret.begin('next');
    for (const step of STEPS) await world.step(step, 'next');
    expect(world.secret.stagesNow).toMatchObject({ current: 'next', previous: 'token' });
  });

  test('never promotes what a rotation that was given up left behind', async () => {
    const world = worldOf('a store of two passwords');
    world.secret.begin('given-up');
    await world.step('createSecret', 'given-up');
    await world.step('setSecret', 'given-up');
    const left = world.secret.values.get('given-up');
    world.secret.begin('token');
    expect(await codeOf(world.step('finishSecret', 'given-up'))).toBe('NOT_PENDING');
    for (const step of STEPS) await world.step(step, 'token');
    expect(world.secret.history).toHaveLength(2);
    expect(world.secret.history).not.toContain(left);
  });

  test('is not finished where the new value is not let in any more, whatever its test had found', async () => {
    const faults = new Faults();
    const secret = new MemorySecret('canary-password-first', faults);
    const store = new TwoPasswords('canary-password-first', faults);
    const rotation = createRotation({ configuration: { secretArn: SECRET, isRolledOut: true }, versions: secret, strategy: store, log: () => undefined, randomId: () => 'put' });
    secret.begin('token');
    const step = (Step: string): Promise<void> => rotation.rotate({ Step, SecretId: SECRET, ClientRequestToken: 'token' });
    for (const Step of STEPS.slice(0, 3)) await step(Step);
    store.accepted = ['canary-password-first'];
    expect(await codeOf(step('finishSecret'))).toBe('NOT_LET_IN');
    expect(secret.stagesNow.current).toBe('first');
    await step('setSecret');
    await step('finishSecret');
    expect(secret.stagesNow.current).toBe('token');
  });

  test('of a ring is not finished by a step that comes without the ones before', async () => {
    const world = worldOf('a ring');
    world.secret.begin('token');
    world.secret.values.set('token', FIRST_RING);
    expect(await codeOf(world.step('finishSecret', 'token'))).toBe('NOT_NEW');
  });

  test('makes no second value for the same version', async () => {
    const world = worldOf('a ring');
    world.secret.begin('token');
    await world.step('createSecret', 'token');
    const put = jest.spyOn(world.secret, 'putPending');
    await world.step('createSecret', 'token');
    expect(put).not.toHaveBeenCalled();
  });

  test.each(['putPending', 'makeCurrent'] as const)('does not take for done what has failed (%s)', async (call) => {
    const world = worldOf('a ring');
    world.secret.begin('token');
    jest.spyOn(world.secret, call).mockRejectedValue(new Error('refused'));
    const steps = call === 'putPending' ? STEPS.slice(0, 1) : STEPS;
    for (const step of steps.slice(0, -1)) await world.step(step, 'token');
    await expect(world.step(steps.at(-1) ?? 'createSecret', 'token')).rejects.toThrow('refused');
    expect(world.secret.stagesNow.current).toBe('first');
  });

  test('stops where somebody moves the labels while it works', async () => {
    const secret = new MemorySecret('canary-password-first');
    const store = new TwoPasswords('canary-password-first', new Faults());
    jest.spyOn(store, 'set').mockImplementation(() => {
      secret.begin('newer');
      return Promise.resolve();
    });
    const rotation = createRotation({ configuration: { secretArn: SECRET, isRolledOut: true }, versions: secret, strategy: store, log: () => undefined, randomId: () => 'put' });
    secret.begin('token');
    await rotation.rotate({ Step: 'createSecret', SecretId: SECRET, ClientRequestToken: 'token' });
    expect(await codeOf(rotation.rotate({ Step: 'setSecret', SecretId: SECRET, ClientRequestToken: 'token' }))).toBe('OVERTAKEN');
  });

  test('says that a secret without a value has none', async () => {
    const world = worldOf('a ring');
    world.secret.begin('token');
    world.secret.labels.delete('AWSCURRENT');
    expect(await codeOf(world.step('createSecret', 'token'))).toBe('NO_CURRENT');
    expect(await codeOf(world.rotation.ensure())).toBe('NO_CURRENT');
  });
});

describe('a schedule that is made, or changed, without a rotation', () => {
  // Secrets Manager calls this step alone; whether its version holds nothing or a copy is said nowhere.
  const copies = [undefined, ''] as const;

  test.each([...copies, 'a copy'])('has the current value of every kind tried (%s)', async (copy) => {
    for (const kind of KINDS) {
      const world = worldOf(kind);
      world.secret.begin('trial');
      if (copy !== undefined) world.secret.values.set('trial', copy === '' ? '' : world.secret.value('current') ?? '');
      await world.step('testSecret', 'trial');
      expect(world.secret.stagesNow).toMatchObject({ current: 'first', pending: 'trial' });
    }
  });

  test('does not fail while a rotation is being rolled out', async () => {
    const world = await rotated();
    world.secret.begin('trial');
    await world.step('testSecret', 'trial');
    expect(world.secret.stagesNow).toMatchObject({ current: 'token', previous: 'first' });
  });

  test.each([...copies, 'a copy'])('never becomes current (%s)', async (copy) => {
    for (const kind of KINDS) {
      const world = worldOf(kind);
      world.secret.begin('trial');
      if (copy !== undefined) world.secret.values.set('trial', copy === '' ? '' : world.secret.value('current') ?? '');
      expect(await codeOf(world.step('finishSecret', 'trial'))).toBe(copy === 'a copy' ? 'NOT_NEW' : 'NO_VALUE');
      expect(world.secret.stagesNow.current).toBe('first');
    }
  });
});

describe('retiring', () => {
  test('does nothing where there is nothing to be retired', async () => {
    const world = worldOf('a ring');
    expect(await world.retire()).toEqual({ outcome: 'nothing' });
    expect(world.lines).toEqual([]);
  });

  test('leaves everything where somebody is logged in with the old value', async () => {
    const faults = new Faults();
    const secret = new MemorySecret('canary-password-first', faults);
    const store = new TwoPasswords('canary-password-first', faults);
    const rotation = createRotation({ configuration: { secretArn: SECRET, isRolledOut: true }, versions: secret, strategy: store, log: () => undefined, randomId: () => 'put' });
    secret.begin('token');
    for (const Step of STEPS) await rotation.rotate({ Step, SecretId: SECRET, ClientRequestToken: 'token' });
    const accepted = store.accepted;
    store.isHeld = true;
    expect(await rotation.retire({ retire: { secretArn: SECRET } })).toEqual({ outcome: 'held' });
    expect(secret.stagesNow).toMatchObject({ current: 'token', previous: 'first' });
    expect(store.accepted).toEqual(accepted);
    store.isHeld = false;
    expect(await rotation.retire({ retire: { secretArn: SECRET } })).toEqual({ outcome: 'retired' });
    expect(store.accepted).toEqual([secret.value('current')]);
  });

  test('of a ring puts a version that the old value is not in, and then only takes the label off', async () => {
    const world = await rotated();
    const { current, next } = JSON.parse(world.secret.value('current') ?? '') as { readonly current: string; readonly next: string };
    expect(await world.retire()).toEqual({ outcome: 'replaced' });
    expect(world.secret.stagesNow).toEqual({ current: 'put-0', pending: 'put-0', previous: 'token' });
    expect(world.secret.value('current')).toBe(ringText(current, current, next));
    expect(await world.retire()).toEqual({ outcome: 'retired' });
    expect(world.secret.stagesNow).toEqual({ current: 'put-0', pending: 'put-0', previous: undefined });
    expect(await world.retire()).toEqual({ outcome: 'nothing' });
  });

  test('that was decided on a version which is not current any more changes nothing', async () => {
    const world = await rotated();
    const late = { retire: { secretArn: SECRET, versionId: 'token' } };
    expect(await world.rotation.retire(late)).toEqual({ outcome: 'replaced' });
    expect(await world.rotation.retire(late)).toEqual({ outcome: 'held' });
    expect(world.secret.stagesNow).toMatchObject({ current: 'put-0', previous: 'token' });
    expect(await world.rotation.retire({ retire: { secretArn: SECRET, versionId: 'put-0' } })).toEqual({ outcome: 'retired' });
  });

  test('says that a version was replaced although the answer to putting it was lost', async () => {
    const world = await rotated();
    // The labels, both values, the labels again, and then the new version.
    expect(await world.retire({ nth: 5, when: 'after', dies: false })).toEqual({ outcome: 'replaced' });
    expect(world.secret.stagesNow).toMatchObject({ current: 'put-0', previous: 'token' });
  });
});

describe('a deployment', () => {
  const ensured = async (first: string, { isRotated = true, isRolledOut = true } = {}): Promise<{ readonly secret: MemorySecret; readonly ensure: () => Promise<void> }> => {
    const secret = new MemorySecret(first);
    secret.isRotated = isRotated;
    let versions = 0;
    const configuration = { secretArn: SECRET, isRolledOut };
    const rotation = createRotation({ configuration, versions: secret, strategy: ringStrategy('hex'), log: () => undefined, randomId: () => `put-${versions++}` });
    await rotation.ensure();
    return { secret, ensure: () => rotation.ensure() };
  };

  test('makes a ring of what the template has generated, once', async () => {
    const { secret, ensure } = await ensured(JSON.stringify({ seed: hex('a') }));
    expect(JSON.parse(secret.value('current') ?? '')).toEqual({ current: hex('a'), previous: hex('a'), next: expect.stringMatching(/^[0-9a-f]{64}$/) as string });
    const made = secret.value('current');
    await ensure();
    expect(secret.value('current')).toBe(made);
    expect(secret.stagesNow).toMatchObject({ current: 'put-0', previous: 'first' });
  });

  test('leaves nothing to be rolled out of what nobody was told, where it is the first', async () => {
    const { secret } = await ensured(JSON.stringify({ seed: hex('a') }), { isRotated: false });
    expect(secret.stagesNow).toMatchObject({ current: 'put-0', previous: undefined });
  });

  test('leaves a label that was there before, whatever has become of the schedule', async () => {
    const secret = new MemorySecret(FIRST_RING);
    await secret.putCurrent('second', JSON.stringify({ seed: hex('c') }));
    secret.isRotated = false;
    const rotation = createRotation({ configuration: { secretArn: SECRET, isRolledOut: false }, versions: secret, strategy: ringStrategy('hex'), log: () => undefined, randomId: () => 'put' });
    await rotation.ensure();
    expect(secret.stagesNow).toMatchObject({ current: 'put', previous: 'second' });
  });

  test('leaves a ring as it is', async () => {
    const { secret } = await ensured(FIRST_RING);
    expect(secret.history).toEqual([FIRST_RING]);
  });

  test('drops no value that is not retired yet', async () => {
    const secret = new MemorySecret(FIRST_RING);
    await secret.putCurrent('second', JSON.stringify({ seed: hex('c') }));
    const configuration = { secretArn: SECRET, isRolledOut: true };
    const rotation = createRotation({ configuration, versions: secret, strategy: ringStrategy('hex'), log: () => undefined, randomId: () => 'put' });
    expect(await codeOf(rotation.ensure())).toBe('UNSETTLED');
    expect(secret.stagesNow).toMatchObject({ current: 'second', previous: 'first' });
  });
});

describe('the log', () => {
  test.each(['a ring', 'a store of two passwords'] as const)('of %s has a line for each step, and no value in any', async (kind) => {
    const world = worldOf(kind);
    world.secret.begin('token');
    for (const step of STEPS) await world.step(step, 'token');
    await settle(world);
    await world.rotation.ensure();
    const events = world.lines.map((line) => (JSON.parse(line) as { readonly event: string }).event);
    expect(events.slice(0, 4)).toEqual(STEPS.map(() => 'rotation-step-done'));
    expect(events).toContain('rotation-retire');
    expect(events).toContain('rotation-ensured');
    const values = world.secret.history.flatMap((value) => (kind === 'a ring' ? Object.values(JSON.parse(value) as Record<string, string>) : [value]));
    expect(values.length).toBeGreaterThan(1);
    for (const value of values) for (const line of world.lines) expect(line).not.toContain(value);
  });
});
