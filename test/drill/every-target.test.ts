import { setTimeout as after } from 'node:timers/promises';
import type { AttackOn } from '../../src/drill/attack';
import { onEveryTarget, recordOf, withoutTarget } from '../../src/drill/every-target';

type TestAttack = AttackOn<readonly string[], string, null>;

const attack = (aspect: string, changes: Partial<TestAttack> = {}): TestAttack => ({
  id: `IDN-1.${aspect}`, control: 'IDN-1', tries: 'Tries.', expects: 'Nothing.', evidence: 'template-intent', needs: 'door', targets: (doors) => doors,
  run: () => Promise.resolve({ verdict: 'withstood', saw: 'Out.' }), saboteurs: [{ name: 'none', sabotage: () => undefined }], ...changes,
});

const record = (of: TestAttack, target: string): ReturnType<typeof recordOf> => recordOf(of, { stack: 'Stack', logicalId: target }, { verdict: 'withstood', saw: 'Out.' }, []);

/** How many targets of an attack were under way at once, each of them in a lane of its own. */
async function mostAtOnce(changes: Partial<TestAttack>): Promise<number> {
  const state = { running: 0, most: 0 };
  await onEveryTarget([attack('a', changes)], ['one', 'two', 'three'], (target) => target, async (of, target) => {
    state.running += 1;
    state.most = Math.max(state.most, state.running);
    await after(5);
    state.running -= 1;
    return record(of, target);
  });
  return state.most;
}

test('targets in different lanes are attacked side by side, unless others would feel it', async () => {
  expect(await mostAtOnce({})).toBe(3);
  expect(await mostAtOnce({ isAlone: true })).toBe(1);
});

/** What began and ended, in order. `slow` takes its time at the door `one`. */
async function course(attacks: readonly TestAttack[], laneOf: (door: string) => string): Promise<{ readonly events: readonly string[]; readonly records: readonly string[] }> {
  const events: string[] = [];
  const records = await onEveryTarget(attacks, ['one', 'two'], laneOf, async (of, target) => {
    const name = `${of.id.slice('IDN-1.'.length)} ${target}`;
    events.push(`+${name}`);
    await after(name === 'slow one' ? 30 : 1);
    events.push(`-${name}`);
    return record(of, target);
  });
  return { events, records: records.map(({ attack: id, target }) => `${id.slice('IDN-1.'.length)} ${target.logicalId}`) };
}

const IN_ORDER = ['slow one', 'slow two', 'fast one', 'fast two'];

test('within a lane one ends before the next begins', async () => {
  const { events, records } = await course([attack('slow'), attack('fast')], () => 'all');
  expect(events).toEqual(IN_ORDER.flatMap((name) => [`+${name}`, `-${name}`]));
  expect(records).toEqual(IN_ORDER);
});

test('no lane waits for another, and records are in the order of attacks and targets all the same', async () => {
  const { events, records } = await course([attack('slow'), attack('fast')], (door) => door);
  expect(events.indexOf('-fast two')).toBeLessThan(events.indexOf('-slow one'));
  expect(events.indexOf('-slow one')).toBeLessThan(events.indexOf('+fast one'));
  expect(records).toEqual(IN_ORDER);
});

test('one that others would feel begins when all before it have ended, and all after it begin then', async () => {
  const { events } = await course([attack('slow'), attack('loud', { isAlone: true }), attack('fast')], (door) => door);
  expect(events.slice(4, 8)).toEqual(['+loud one', '-loud one', '+loud two', '-loud two']);
  expect(events.slice(0, 4)).toContain('-slow one');
});

test('attacks without a target are named with what they need', () => {
  expect(withoutTarget([attack('a'), attack('b', { targets: () => [] })], ['one'])).toEqual([{ attack: 'IDN-1.b', control: 'IDN-1', reason: 'The templates have no door.' }]);
});

test('a record says what an attack is, where it was and what it saw, and no more of it', () => {
  const transcript = ['So far.'];
  expect(recordOf(attack('a'), { stack: 'Stack', logicalId: 'one' }, { verdict: 'succeeded', saw: 'In.' }, transcript)).toEqual({
    attack: 'IDN-1.a', control: 'IDN-1', evidence: 'template-intent', tries: 'Tries.', expects: 'Nothing.', target: { stack: 'Stack', logicalId: 'one' }, verdict: 'succeeded', saw: 'In.', transcript,
  });
});
