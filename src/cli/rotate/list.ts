import type { FoundSecrets } from './find-secrets';
import { type Phase, phaseOf } from './turn';
import type { RotateWorld } from './world';

const DAY_MS = 24 * 60 * 60 * 1000;

const STATES: Readonly<Record<Phase, string>> = { settled: 'settled', pending: 'ROTATING', unretired: 'OLD VALUE STILL LET IN' };

/** Shows every secret of a stack; true where no rotation is under way. */
export async function listSecrets({ rotating, exempt }: FoundSecrets, { aws, now, paint, print }: Pick<RotateWorld, 'aws' | 'now' | 'paint' | 'print'>): Promise<boolean> {
  const width = Math.max(0, ...[...rotating, ...exempt].map(({ path }) => path.length));
  let isSettled = true;
  for (const secret of rotating) {
    const { current, lastRotatedAt, nextRotationAt } = secret.found;
    const phase = phaseOf(secret.found, secret);
    const madeAt = current === undefined ? undefined : await aws.madeAt(secret.arn, current);
    const age = madeAt === undefined ? 'of unknown age' : `${Math.floor((now().getTime() - madeAt.getTime()) / DAY_MS)} days old`;
    const state = phase === 'settled' ? paint.green(STATES[phase]) : paint.yellow(STATES[phase]);
    print(`${secret.path.padEnd(width)}  ${secret.kind.padEnd('postgres-user'.length)}  ${age}, rotated ${dayOf(lastRotatedAt, 'never')}, next ${dayOf(nextRotationAt, 'unknown')}  ${state}`);
    isSettled &&= phase === 'settled';
  }
  for (const { path, reason } of exempt) print(`${path.padEnd(width)}  ${paint.dim(`not rotated: ${reason}`)}`);
  if (rotating.length + exempt.length === 0) print('The stack has no secret.');
  return isSettled;
}

function dayOf(date: Date | undefined, otherwise: string): string {
  return date === undefined ? otherwise : date.toISOString().slice(0, 10);
}
