import { explainAwsError } from '../aws-errors';
import type { SecretDescription } from './aws';
import type { RotatingSecret } from './find-secrets';
import type { RotateWorld } from './world';

/** Ours: a step of a rotation takes seconds, a deployment of ECS minutes. */
const PAUSE_MS = 5000;
/** In a wait of an hour a network may fail for a moment; ours. */
const MAX_FAILURES = 5;

/** Why a secret is not where it should be; the words are ours. */
export class Stuck extends Error {}

export type Phase = 'pending' | 'unretired' | 'settled';

/** Where a rotation stands. Without a roll-out nobody takes AWSPREVIOUS off, and it says nothing. */
export function phaseOf({ pending, previous }: SecretDescription, { isRolledOut }: Pick<RotatingSecret, 'isRolledOut'>): Phase {
  if (pending !== undefined) return 'pending';
  return isRolledOut && previous !== undefined ? 'unretired' : 'settled';
}

const WAITING: Readonly<Record<Exclude<Phase, 'settled'>, string>> = {
  pending: 'the new value is being made, let in and tried',
  unretired: 'the new value is current; tasks that hold the old one are being replaced, then it is shut out',
};

/** Has a settled secret rotated `turns` times, each time until nothing knows the old value any more. */
export async function rotateSecret(secret: RotatingSecret, from: SecretDescription, turns: number, timeoutMs: number, world: RotateWorld): Promise<void> {
  let state = from;
  for (let turn = 1; turn <= turns; turn += 1) {
    const token = world.randomId();
    const before = state.current;
    const answer = await world.aws.rotate(secret.arn, token);
    world.print(`  ${answer === 'started' ? 'started' : 'was under way already'}${turns > 1 ? ` (${turn} of ${turns})` : ''}`);
    state = await until(secret, (now) => phaseOf(now, secret) === 'settled' && now.current !== before, timeoutMs, world);
  }
}

/** Waits for what was begun before. A rotation that nobody goes on with is taken up again, under its own token, so that none is started twice. */
export async function settle(secret: RotatingSecret, timeoutMs: number, world: RotateWorld): Promise<{ readonly state: SecretDescription; readonly hasRotated: boolean }> {
  const { pending, current } = await world.aws.describe(secret.arn);
  if (pending !== undefined) {
    world.print('  an earlier rotation is not complete; it goes on');
    await world.aws.rotate(secret.arn, pending);
  }
  const state = await until(secret, (now) => phaseOf(now, secret) === 'settled', timeoutMs, world);
  // One that was given up meanwhile has rotated nothing; and settling a ring makes a new version, too.
  return { state, hasRotated: pending !== undefined && state.current !== current };
}

async function until(secret: RotatingSecret, isThere: (state: SecretDescription) => boolean, timeoutMs: number, { aws, now, sleep, print }: RotateWorld): Promise<SecretDescription> {
  const deadline = now().getTime() + timeoutMs;
  let [said, failures] = ['', 0];
  for (;;) {
    let phase: Phase | undefined;
    try {
      const state = await aws.describe(secret.arn);
      if (isThere(state)) return state;
      phase = phaseOf(state, secret);
      failures = 0;
    } catch (error) {
      failures += 1;
      if (failures === MAX_FAILURES) throw error;
    }
    const words = phase === undefined ? said : WAITING[phase === 'settled' ? 'pending' : phase];
    if (words !== said) print(`  ${words}`);
    said = words;
    if (now().getTime() >= deadline) throw new Stuck(stuckText(phase, secret));
    await sleep(PAUSE_MS);
  }
}

/** A session holds the old login, whoever has it: nobody knows whether that is a program that was forgotten, or whoever the password leaked to. */
const STRANGERS = ' If those are over, somebody else is logged in to PostgreSQL with it: find them by usename in pg_stat_activity, and end their sessions by pg_terminate_backend(pid).';

function stuckText(phase: Phase | undefined, { found, kind }: RotatingSecret): string {
  const functionName = found.rotationFunctionArn?.split(':').at(-1) ?? 'its rotation function';
  if (phase === 'unretired') {
    const held = 'The new value is current and the old one is still let in: look at the deployments of the services that hold it, and at the log of the roll-out function.';
    return kind === 'postgres-user' ? held + STRANGERS : held;
  }
  return `The new value is not current, and the old one is still valid: look at the log of ${functionName}.`;
}

/** What a person is told when it went wrong. */
export function reasonOf(error: unknown): string {
  return error instanceof Stuck ? error.message : explainAwsError(error, { service: 'AWS' });
}
