import type { LoadKind, OpenKind } from '../../../tools/rotation-load/kind';
import { LOAD_KINDS } from '../../../tools/rotation-load/kinds';
import { openRedisUser } from '../../../tools/rotation-load/redis-kind';
import { openRing } from '../../../tools/rotation-load/ring-kind';
import { type Outcome, rotateUnderLoad, type RunParts } from '../../../tools/rotation-load/run';
import { type EmulatedSecrets, openSecrets } from '../../../tools/rotation-load/secrets';

/** The long run is `npm run test:rotation`: twenty of each, and fast enough. */
const ROTATIONS = 3;
const RATE = 200;
/** For a machine that does other things too. */
const PATIENCE_MS = 180_000;

let secrets: EmulatedSecrets;
beforeAll(async () => {
  secrets = await openSecrets();
}, 60_000);
afterAll(() => secrets.stop());

const rotated = (open: OpenKind, more: Partial<RunParts> = {}): Promise<Outcome> => rotateUnderLoad(open, { secrets: secrets.client, rotations: ROTATIONS, rate: RATE, ...more });

type Strategy = LoadKind['strategy'];
type Say = (line: { readonly event: string; readonly value: string }) => void;

/** The same kind, with a strategy that does one thing otherwise. */
const spoiled = (open: OpenKind, spoil: (strategy: Strategy, say: Say) => Partial<Strategy>): OpenKind => async (parts) => {
  const kind = await open(parts);
  return { ...kind, strategy: { ...kind.strategy, ...spoil(kind.strategy, parts.log) } };
};

describe.each(LOAD_KINDS)('a secret of kind %s', (_name, open) => {
  test('is rotated again and again while it is used, and nobody notices but who holds an old value', async () => {
    const { failed, failures, letIn, leaked, refused, values } = await rotated(open);
    expect({ failed, failures, letIn, leaked, refused }).toEqual({ failed: 0, failures: [], letIn: 0, leaked: 0, refused: ROTATIONS });
    // Each rotation was used, and so was what was there before the first.
    expect(values).toBeGreaterThan(ROTATIONS);
  }, PATIENCE_MS);

  test('fails those who use it where a rotation does not wait until the one before it is settled', async () => {
    const { failed, requests } = await rotated(open, { isGated: false, rotations: 2 });
    expect(failed).toBeGreaterThan(0);
    expect(failed).toBeLessThan(requests);
  }, PATIENCE_MS);
});

describe('what is looked for is found', () => {
  test('where an old value is let in on', async () => {
    const { letIn, failed } = await rotated(spoiled(openRedisUser, () => ({ retire: () => Promise.resolve({ outcome: 'retired' }) })), { rotations: 1 });
    expect([letIn, failed]).toEqual([1, 0]);
  }, PATIENCE_MS);

  test('where the new password is let in instead of the current one: neither those who hold that are served, nor can one of them be started', async () => {
    const open = spoiled(openRedisUser, (strategy) => ({
      set: async (values) => {
        await strategy.set(values);
        await strategy.retire({ current: values.pending, previous: values.current });
      },
    }));
    await expect(rotated(open, { rotations: 1 })).rejects.toThrow(/^WRONGPASS/);
  }, PATIENCE_MS);

  test('where an old value is shut out while tasks that hold it still run', async () => {
    const open = spoiled(openRedisUser, (strategy) => {
      let [old, isTested] = ['', false];
      return {
        set: async (values) => {
          old = values.current;
          await strategy.set(values);
        },
        test: async (pending) => {
          await strategy.test(pending);
          // The second time it is the last step, after which everybody is told the new one.
          if (isTested) await strategy.retire({ current: pending, previous: old });
          isTested = !isTested;
        },
      };
    });
    const { failed, failures } = await rotated(open, { rotations: 1 });
    expect(failed).toBeGreaterThan(0);
    expect(failures.join()).toContain('WRONGPASS');
  }, PATIENCE_MS);

  test('where somebody writes a value to a log', async () => {
    const open = spoiled(openRing('hex'), (strategy, say) => ({
      test: async (pending) => {
        say({ event: 'chatty', value: pending });
        await strategy.test(pending);
      },
    }));
    expect((await rotated(open, { rotations: 1 })).leaked).toBeGreaterThan(0);
  }, PATIENCE_MS);
});
