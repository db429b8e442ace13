import * as fc from 'fast-check';
import type { RolledSecret, RolledService } from '../../../src/secrets/contract';
import { createRollout } from '../../../src/runtime/rollout/rollout';
import { type Happening, World } from './world';

/** What happens where something may: the first is what usually does. */
type Choose = (options: number) => number;

class Failed extends Error {}

interface Layout {
  readonly secrets: readonly { readonly arn: string; readonly isRing: boolean; readonly services: readonly string[] }[];
  readonly tasks: number;
}

const LAYOUTS: Readonly<Record<string, Layout>> = {
  'one secret of one service': { secrets: [{ arn: 'password', isRing: false, services: ['core'] }], tasks: 1 },
  'one secret of two services': { secrets: [{ arn: 'password', isRing: false, services: ['core', 'gate'] }], tasks: 1 },
  'two secrets of one service': { secrets: [{ arn: 'password', isRing: false, services: ['core'] }, { arn: 'ring', isRing: true, services: ['core'] }], tasks: 1 },
  'a ring of two services': { secrets: [{ arn: 'ring', isRing: true, services: ['core', 'gate'] }], tasks: 2 },
};

/** Quarters of an hour after which nothing may be open any more, however bad the day was. */
const ROUNDS = 60;
const QUARTER_MS = 900_000;
/** After an event, before the next look at the latest. */
const STEPS_BETWEEN = 40;

interface Life {
  readonly world: World;
  readonly surprises: number;
}

/** Runs a world from a rotation of every secret to where all is settled; returns how many surprises there were. */
async function live(layout: Layout, choose: Choose, atOnce = 1): Promise<Life> {
  const world = new World(layout.secrets, layout.tasks);
  let surprises = 0;
  let isDead = false;

  /** Whatever may happen between two calls does, if it is its turn. */
  const meanwhile = (extra: readonly Happening[]): void => {
    world.tick();
    const options = [...world.nextSteps(), ...world.surprises(), ...extra];
    const choice = choose(options.length + 1);
    const option = options[choice - 1];
    if (!option) return;
    surprises += 1;
    option.happen();
    world.assertSafe();
  };
  const fails = (name: string, forGood: boolean): Happening => ({
    name,
    happen: () => {
      isDead = forGood;
      throw new Failed();
    },
  });
  const around = <A extends unknown[], T>(ask: (...asked: A) => Promise<T>) => async (...asked: A): Promise<T> => {
    if (isDead) throw new Failed();
    meanwhile([fails('the function dies before', true), fails('the call fails', false)]);
    const answered = await ask(...asked);
    world.assertSafe();
    meanwhile([fails('the function dies after', true), fails('the answer is lost', false)]);
    return answered;
  };
  const rollout = createRollout({
    configuration: { secrets: world.rolled() },
    secrets: { describe: around((arn: string) => world.asSecrets.describe(arn)) },
    services: { describe: around((service: RolledService) => world.asServices.describe(service)), roll: around((service: RolledService) => world.asServices.roll(service)) },
    rotation: { retire: around((secret: RolledSecret, current: string) => world.asRotation.retire(secret, current)) },
    log: () => undefined,
    clock: () => world.time,
    wait: (milliseconds) => {
      world.tick(milliseconds);
      return Promise.resolve();
    },
  });

  for (const secret of world.secrets) world.rotate(secret);
  for (let round = 0; round < ROUNDS && !world.isSettled; round++) {
    world.events = 0;
    isDead = false;
    await Promise.allSettled(Array.from({ length: atOnce }, () => rollout.look()));
    world.assertSafe();
    for (let step = 0; step < STEPS_BETWEEN && world.events === 0; step++) {
      const steps = world.nextSteps();
      const choice = choose(steps.length + 1);
      const next = steps[choice === 0 ? 0 : choice - 1];
      if (!next) break;
      world.tick();
      next.happen();
      world.assertSafe();
    }
    if (world.events === 0) world.tick(QUARTER_MS);
  }
  return { world, surprises };
}

/** What must be true of every life. */
function assertEnd({ world, surprises }: Life, atOnce = 1): void {
  expect(world.isSettled).toBe(true);
  for (const { accepted, current } of world.secrets) expect(accepted).toEqual([current]);
  for (const { arn, rolls } of world.services) {
    const changes = world.secrets.filter(({ services }) => services.includes(arn)).reduce((sum, secret) => sum + secret.changes, 0);
    expect(rolls).toBeLessThanOrEqual(atOnce * (changes + surprises));
  }
}

/** All lives in which at most so many things are not what usually happens; returns how many there were. */
async function everyLife(layout: Layout, budget: number): Promise<number> {
  let lives = 0;
  // What was chosen, and among how many.
  let prefix: number[] = [];
  for (;;) {
    const taken: { choice: number; options: number }[] = [];
    let spent = 0;
    const life = await live(layout, (options) => {
      const at = taken.length;
      const choice = prefix[at] ?? 0;
      taken.push({ choice, options: spent < budget || choice > 0 ? options : 1 });
      if (choice > 0) spent += 1;
      return choice;
    });
    lives += 1;
    assertEnd(life);
    let last = taken.length - 1;
    for (; last >= 0; last--) {
      const { choice, options } = taken[last] ?? { choice: 0, options: 1 };
      if (choice + 1 < options) break;
    }
    if (last < 0) return lives;
    prefix = [...taken.slice(0, last).map(({ choice }) => choice), (taken[last]?.choice ?? 0) + 1];
  }
}

const names = Object.keys(LAYOUTS);
const layoutOf = (name: string): Layout => LAYOUTS[name] ?? { secrets: [], tasks: 0 };

/** A life by the dice: each is one choice. */
const byDice = (dice: readonly number[]): Choose => {
  let thrown = 0;
  return (options) => (dice[thrown++] ?? 0) % options;
};

describe.each(names)('the roll-out of %s', (name) => {
  const layout = layoutOf(name);

  test('replaces the tasks once for each change where nothing comes in between', async () => {
    const { world } = await live(layout, () => 0);
    assertEnd({ world, surprises: 0 });
    for (const { arn, rolls } of world.services) {
      // A ring is changed a second time, so that the old value is left out.
      expect(rolls).toBe(world.secrets.some(({ isRing, services }) => isRing && services.includes(arn)) ? 2 : 1);
    }
  });

  test('never shuts a task out and always ends, whatever happens at whatever moment', async () => {
    expect(await everyLife(layout, 1)).toBeGreaterThan(50);
  });

  test.each([[1], [2]])('never shuts a task out and always ends, where nothing goes as it should, with %d looks at once', async (atOnce) => {
    await fc.assert(fc.asyncProperty(fc.array(fc.nat(19), { maxLength: 200 }), async (dice) => assertEnd(await live(layout, byDice(dice), atOnce), atOnce)), { numRuns: 100 });
  });
});

test('one secret of one service survives any two things at any two moments', async () => {
  expect(await everyLife(layoutOf('one secret of one service'), 2)).toBeGreaterThan(2000);
});
