import { Bucket } from 'aws-cdk-lib/aws-s3';
import type { ProfiledCoreProps } from '../../src';
import { type Made, TALLY } from '../support/draws/draw';
import { configurations, outcomeOf, runAll } from '../support/random-core';

/** `npm run test:profiles` draws a thousand, and prints how often each prop was drawn. */
const RUNS = 50;
const SEED = 20261123;

/** Below that the draws refuse each other, and little is looked at. */
const LEAST_BUILT = 0.3;

describe('Any configuration of a profile', () => {
  const { built, refusals, faults } = runAll(RUNS, SEED);

  test('is built and has no error of the pack, or is refused by one that says what to do', () => {
    expect(faults).toEqual([]);
  });

  test('is built often enough for that to mean something', () => {
    expect(built).toBeGreaterThanOrEqual(RUNS * LEAST_BUILT);
    expect([...refusals.values()].reduce((sum, times) => sum + times, 0)).toBe(RUNS - built);
  });

  test('has most of what can be drawn in it', () => {
    expect(TALLY.missing.length).toBeLessThan(TALLY.cells.size / 2);
  });
});

/** A configuration of that seed which is built, with something else beside it. */
function spoilt(spoil: (made: Made<ProfiledCoreProps>) => Made<ProfiledCoreProps>): ReturnType<typeof outcomeOf> {
  const drawn = [...configurations(RUNS, SEED)].find((one) => outcomeOf(one).kind === 'built');
  if (!drawn) throw new Error('No configuration of the seed is built.');
  return outcomeOf(spoil(drawn));
}

describe('What the property is held to', () => {
  test('does see a finding of the pack', () => {
    const outcome = spoilt((drawn) => ({ shown: drawn.shown, make: (site) => {
      new Bucket(site.stack, 'Open', { versioned: false });
      return drawn.make(site);
    } }));
    expect(outcome).toMatchObject({ kind: 'fault', says: expect.stringMatching(/^the pack finds /) as string });
  });

  test('does tell a crash from a refusal', () => {
    expect(spoilt(({ shown }) => ({ shown, make: () => { throw new TypeError('Cannot read properties of undefined'); } }))).toMatchObject({ kind: 'fault' });
    expect(spoilt(({ shown }) => ({ shown, make: () => { throw new Error('oops'); } }))).toMatchObject({ kind: 'fault' });
    expect(spoilt((drawn) => ({ shown: drawn.shown, make: (site) => ({ ...drawn.make(site), environment: '' }) }))).toMatchObject({ kind: 'refused' });
  });
});
