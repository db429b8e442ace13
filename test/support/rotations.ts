import { type KeyRing, RING_FIELDS, type RetireAnswer } from '../../src/secrets/contract';
import { createRotation, type Rotation } from '../../src/runtime/rotation/handle';
import { jsonLog } from '../../src/runtime/rotation/log';
import { ringStrategy } from '../../src/runtime/rotation/ring';
import { type Fault, Faults, MemorySecret } from './secret-versions';
import { TwoPasswords } from './two-passwords';

export const SECRET = 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:core-AbCdEf';
export const STEPS = ['createSecret', 'setSecret', 'testSecret', 'finishSecret'] as const;
export type Step = typeof STEPS[number];
export const KINDS = ['a ring', 'a store of two passwords'] as const;
export type Kind = typeof KINDS[number];

/** A secret, what it opens, and the function that rotates it. */
export interface World {
  readonly secret: MemorySecret;
  readonly rotation: Rotation;
  readonly lines: string[];
  step(step: Step, token: string, fault?: Fault): Promise<void>;
  retire(fault?: Fault): Promise<RetireAnswer>;
  calls(work: () => Promise<unknown>): Promise<number>;
  /** What is wrong now, if anything: whoever holds the current value, or one that is not retired, has to be let in. */
  wrongs(): readonly string[];
}

export const hex = (digit: string): string => digit.repeat(64);
export const ringText = (current: string, previous: string, next: string): string => JSON.stringify({ current, previous, next });
export const FIRST_RING = ringText(hex('a'), hex('a'), hex('b'));

export function worldOf(kind: Kind, isRolledOut = true): World {
  const faults = new Faults();
  const lines: string[] = [];
  const log = jsonLog((line) => lines.push(line));
  const isRing = kind === 'a ring';
  const secret = new MemorySecret(isRing ? FIRST_RING : 'canary-password-first', faults);
  const store = new TwoPasswords('canary-password-first', faults);
  let versions = 0;
  const rotation = createRotation({
    configuration: { secretArn: SECRET, isRolledOut },
    versions: secret,
    strategy: isRing ? ringStrategy('hex') : store,
    log,
    randomId: () => `put-${versions++}`,
  });
  return {
    secret,
    rotation,
    lines,
    step: (Step, ClientRequestToken, fault) => faults.during(fault, () => rotation.rotate({ Step, SecretId: SECRET, ClientRequestToken })),
    retire: (fault) => faults.during(fault, () => rotation.retire({ retire: { secretArn: SECRET } })),
    calls: (work) => faults.count(work),
    wrongs: () => {
      const current = secret.value('current');
      if (current === undefined) return ['there is no current value'];
      const held = [current, secret.value('previous')].flatMap((value) => value ?? []);
      if (!isRing) return [current].filter((value) => !store.accepted.includes(value)).map(() => 'the current password is not let in');
      const rings = held.map((value) => JSON.parse(value) as KeyRing);
      return rings.flatMap((sender) => rings.flatMap((verifier) => (
        RING_FIELDS.some((field) => verifier[field] === sender.current) ? [] : ['somebody does not accept what somebody else sends'])));
    },
  };
}

/** Goes on until nothing is left to be retired, as the roll-out function does. */
export async function settle(world: World): Promise<readonly RetireAnswer['outcome'][]> {
  const outcomes: RetireAnswer['outcome'][] = [];
  for (let round = 0; round < 5; round++) {
    const { outcome } = await world.rotation.retire({ retire: { secretArn: SECRET } });
    outcomes.push(outcome);
    if (outcome === 'nothing') return outcomes;
  }
  throw new Error(`it does not settle: ${outcomes.join(', ')}`);
}
