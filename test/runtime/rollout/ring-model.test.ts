import { ringStrategy } from '../../../src/runtime/rotation/ring';
import { type KeyRing, RING_FIELDS } from '../../../src/secrets/contract';

/** Tasks of two services, by what they hold: versions of a ring, counted from 0. */
interface State {
  /** What AWSCURRENT is, and AWSPREVIOUS; nothing where it is taken off. */
  readonly current: number;
  readonly previous?: number;
  readonly tasks: readonly (readonly number[])[];
}

/** Two of each service at most: one more holds nothing that these do not. */
const MOST_TASKS = 2;
/** A ring takes two versions for each rotation. */
const VERSIONS = 9;
const SEED = JSON.stringify({ seed: '5'.repeat(64) });

function tasksWith(tasks: State['tasks'], service: number, held: readonly number[]): State['tasks'] {
  return tasks.map((own, index) => (index === service ? [...held].sort((one, other) => one - other) : own));
}

/** Every version that a ring goes through: rotated, retired, rotated, retired… made by the code that makes them in AWS. */
async function versionsOf(wait: boolean): Promise<readonly KeyRing[]> {
  let made = 0;
  const strategy = ringStrategy('hex', (size) => Buffer.alloc(size, made += 1));
  const first = await strategy.ensure(SEED) ?? '';
  const texts = [first];
  while (texts.length < VERSIONS) {
    const current = texts.at(-1) ?? '';
    const retirement = await strategy.retire({ current, previous: texts.at(-2) ?? SEED });
    texts.push(wait && retirement.current !== undefined ? retirement.current : await strategy.create(current));
  }
  return texts.map((text) => JSON.parse(text) as KeyRing);
}

/** Whatever may happen next: tasks start and stop at any pace; a rotation where nothing is unsettled, and retiring where no task is left that holds another version. */
function nextOf({ current, previous, tasks }: State, mayRotate: (state: State) => boolean, rings: readonly KeyRing[]): State[] {
  const state = { current, previous, tasks };
  const next: State[] = [];
  tasks.forEach((held, service) => {
    // Secrets Manager may still answer with the version before: such a task counts as one from before the change.
    if (held.length < MOST_TASKS) for (const version of [current, previous]) if (version !== undefined) next.push({ ...state, tasks: tasksWith(tasks, service, [...held, version]) });
    held.forEach((_, index) => next.push({ ...state, tasks: tasksWith(tasks, service, held.filter((__, other) => other !== index)) }));
  });
  const isClear = tasks.flat().every((version) => version === current);
  const ring = rings[current];
  if (previous !== undefined && isClear) next.push(ring && ring.previous !== ring.current ? { current: current + 1, previous: current, tasks } : { current, tasks });
  if (mayRotate(state)) next.push({ current: current + 1, previous: current, tasks });
  return next.filter((one) => one.current < VERSIONS);
}

interface Walk {
  readonly states: number;
  readonly deepest: number;
  /** Pairs of versions that met, of which one does not accept what the other sends. */
  readonly mismatches: readonly string[];
}

function walk(rings: readonly KeyRing[], mayRotate: (state: State) => boolean): Walk {
  const first: State = { current: 0, tasks: [[], []] };
  const known = new Set([JSON.stringify(first)]);
  const left = [first];
  const mismatches = new Set<string>();
  let deepest = 0;
  for (let state = left.pop(); state; state = left.pop()) {
    deepest = Math.max(deepest, state.current);
    const held = [...new Set(state.tasks.flat())];
    for (const sender of held) for (const verifier of held) if (!RING_FIELDS.some((field) => rings[verifier]?.[field] === rings[sender]?.current)) mismatches.add(`${sender} to ${verifier}`);
    for (const next of nextOf(state, mayRotate, rings)) {
      const text = JSON.stringify(next);
      if (known.has(text)) continue;
      known.add(text);
      left.push(next);
    }
  }
  return { states: known.size, deepest, mismatches: [...mismatches] };
}

describe('the tasks of two services, each replaced at its own pace', () => {
  test('accept whatever the others send, in every state that a ring and they can be in', async () => {
    const { states, deepest, mismatches } = walk(await versionsOf(true), ({ previous }) => previous === undefined);
    expect(mismatches).toEqual([]);
    expect(deepest).toBe(VERSIONS - 1);
    expect(states).toBeGreaterThan(100);
  });

  test('would not, if a rotation did not wait for the one before: by this the test above can fail', async () => {
    expect(walk(await versionsOf(false), () => true).mismatches).toContain('2 to 0');
  });

  test('forget an old value with the roll-out of its retiring, and never what is sent', async () => {
    const rings = await versionsOf(true);
    const [first, rotated, retired] = rings;
    expect(rotated?.previous).toBe(first?.current);
    expect(Object.values(retired ?? {})).not.toContain(first?.current);
    expect(retired?.current).toBe(rotated?.current);
  });
});
