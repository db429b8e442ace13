import fc from 'fast-check';
import { RotationError } from '../../../src/runtime/rotation/ports';
import { type KeyRing, RING_FIELDS } from '../../../src/secrets/contract';
import { type Kind, KINDS, SECRET, settle, type Step, STEPS, type World, worldOf } from '../../support/rotations';
import { Broken, type Fault } from '../../support/secret-versions';

const FAULTS: readonly Omit<Fault, 'nth'>[] = (['before', 'after'] as const).flatMap((when) => [true, false].map((dies) => ({ when, dies })));
const WORDS = (fault: Omit<Fault, 'nth'>): string => `${fault.when} it happened, and ${fault.dies ? 'ends the invocation' : 'the invocation goes on'}`;

/** What may come of an invocation that is disturbed. Anything else is a fault of ours. */
async function disturbed(work: Promise<unknown>): Promise<void> {
  await work.catch((error: unknown) => {
    if (!(error instanceof Broken) && !(error instanceof RotationError)) throw error;
  });
}

/** As it has to look after one rotation, whatever happened on the way. */
function expectRotated(world: World, kind: Kind, before: string): void {
  expect(world.wrongs()).toEqual([]);
  expect(world.secret.stagesNow).toMatchObject({ current: 'token', previous: 'first' });
  expect(world.secret.value('previous')).toBe(before);
  if (kind !== 'a ring') return;
  const [old, ring] = [JSON.parse(before), JSON.parse(world.secret.value('current') ?? '')] as KeyRing[];
  expect(ring).toMatchObject({ current: old?.next, previous: old?.current });
  expect(new Set(RING_FIELDS.map((field) => ring?.[field])).size).toBe(3);
}

/** As it has to look when all of it is over. */
function expectSettled(world: World, kind: Kind, rotated: string): void {
  expect(world.wrongs()).toEqual([]);
  expect(world.secret.stagesNow.previous).toBeUndefined();
  const { pending, current } = world.secret.stagesNow;
  expect([undefined, current]).toContain(pending);
  if (kind === 'a ring') {
    const [before, after] = [JSON.parse(rotated), JSON.parse(world.secret.value('current') ?? '')] as KeyRing[];
    expect(after).toEqual({ ...before, previous: before?.current });
  } else {
    expect(world.secret.value('current')).toBe(rotated);
  }
}

describe.each(KINDS)('a rotation of %s', (kind) => {
  async function rotatedWorld(): Promise<World> {
    const world = worldOf(kind);
    world.secret.begin('token');
    for (const step of STEPS) await world.step(step, 'token');
    return world;
  }

  test('goes through without faults, and settles', async () => {
    const world = worldOf(kind);
    const before = world.secret.value('current') ?? '';
    world.secret.begin('token');
    for (const step of STEPS) await world.step(step, 'token');
    expectRotated(world, kind, before);
    const rotated = world.secret.value('current') ?? '';
    expect(await settle(world)).toEqual(kind === 'a ring' ? ['replaced', 'retired', 'nothing'] : ['retired', 'nothing']);
    expectSettled(world, kind, rotated);
  });

  describe.each(FAULTS.map((fault) => [WORDS(fault), fault] as const))('when a call fails %s', (_words, fault) => {
    test.each(STEPS)('ends as without it once %s is repeated, and locks nobody out meanwhile', async (broken) => {
      const counting = worldOf(kind);
      counting.secret.begin('token');
      for (const step of STEPS.slice(0, STEPS.indexOf(broken))) await counting.step(step, 'token');
      const calls = await counting.calls(() => counting.rotation.rotate({ Step: broken, SecretId: SECRET, ClientRequestToken: 'token' }));
      expect(calls).toBeGreaterThan(1);
      for (let nth = 1; nth <= calls; nth++) {
        const world = worldOf(kind);
        const before = world.secret.value('current') ?? '';
        world.secret.begin('token');
        for (const step of STEPS) {
          if (step === broken) await disturbed(world.step(step, 'token', { ...fault, nth }));
          expect(world.wrongs()).toEqual([]);
          const kept = world.secret.values.get('token');
          await world.step(step, 'token');
          expect(world.wrongs()).toEqual([]);
          if (kept !== undefined) expect(world.secret.values.get('token')).toBe(kept);
        }
        expectRotated(world, kind, before);
        expect(world.secret.history).toHaveLength(2);
        const rotated = world.secret.value('current') ?? '';
        await settle(world);
        expectSettled(world, kind, rotated);
      }
    });

    test('ends as without it once retiring is repeated, and locks nobody out meanwhile', async () => {
      const counting = await rotatedWorld();
      const calls = await counting.calls(() => settle(counting));
      expect(calls).toBeGreaterThan(3);
      for (let nth = 1; nth <= calls; nth++) {
        const world = await rotatedWorld();
        const rotated = world.secret.value('current') ?? '';
        // In the first round, and in the second, where there is one.
        await disturbed(world.retire({ ...fault, nth }));
        expect(world.wrongs()).toEqual([]);
        await disturbed(world.retire({ ...fault, nth }));
        expect(world.wrongs()).toEqual([]);
        await settle(world);
        expectSettled(world, kind, rotated);
      }
    });
  });

  test.each(STEPS)('does not mind %s twice at once', async (doubled) => {
    const world = worldOf(kind);
    const before = world.secret.value('current') ?? '';
    world.secret.begin('token');
    for (const step of STEPS) {
      await Promise.all(Array.from({ length: step === doubled ? 2 : 1 }, () => world.step(step, 'token')));
      expect(world.wrongs()).toEqual([]);
    }
    expectRotated(world, kind, before);
    expect(world.secret.history).toHaveLength(2);
  });

  test('does not mind being retired twice at once', async () => {
    const world = await rotatedWorld();
    const rotated = world.secret.value('current') ?? '';
    await Promise.all([disturbed(world.retire()), disturbed(world.retire())]);
    expect(world.wrongs()).toEqual([]);
    await settle(world);
    expectSettled(world, kind, rotated);
  });

  test('locks nobody out whatever is called, in whatever order, broken wherever, given up or repeated', async () => {
    const fault = fc.option(fc.record<Fault>({ nth: fc.integer({ min: 1, max: 8 }), when: fc.constantFrom('before', 'after'), dies: fc.boolean() }), { nil: undefined });
    const back = fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.integer({ min: 1, max: 3 }) });
    const action = fc.oneof(
      { weight: 2, arbitrary: fc.constant({ does: 'begin' } as const) },
      // Mostly of the rotation that runs, sometimes of one that was given up or is long over.
      { weight: 10, arbitrary: fc.record({ does: fc.constant('step' as const), step: fc.constantFrom<Step>(...STEPS), back, fault, isDoubled: fc.boolean() }) },
      { weight: 3, arbitrary: fc.record({ does: fc.constant('retire' as const), fault }) },
    );
    await fc.assert(fc.asyncProperty(fc.boolean(), fc.array(action, { maxLength: 40 }), async (isRolledOut, actions) => {
      const world = worldOf(kind, isRolledOut);
      const begun: string[] = ['never'];
      const givenUp = new Set<string>();
      for (const next of actions) {
        const before = world.secret.stagesNow;
        if (next.does === 'begin') {
          const latest = begun.at(-1) ?? '';
          if (before.current !== latest) givenUp.add(latest);
          begun.push(`token-${begun.length}`);
          world.secret.begin(begun.at(-1) ?? '');
        } else if (next.does === 'step') {
          const token = begun.at(-1 - next.back) ?? 'never';
          await Promise.all(Array.from({ length: next.isDoubled ? 2 : 1 }, () => disturbed(world.step(next.step, token, next.fault))));
          if (isRolledOut && before.previous !== undefined && world.secret.stagesNow.current !== before.current) throw new Error('a value was dropped that was not retired');
        } else {
          await disturbed(world.retire(next.fault));
        }
        const wrongs = world.wrongs();
        if (wrongs.length > 0) throw new Error(wrongs.join(', '));
        if (givenUp.has(world.secret.stagesNow.current ?? '')) throw new Error('a value was promoted whose rotation was given up');
      }
      await settle(world);
      world.secret.begin('last');
      for (const step of STEPS) await world.step(step, 'last');
      expect(world.secret.stagesNow.current).toBe('last');
      await settle(world);
      expect(world.wrongs()).toEqual([]);
    }), { numRuns: 200 });
  });
});
