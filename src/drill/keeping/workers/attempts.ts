import type { AttackResult } from '../../attack';
import type { KeepingScene } from '../scene';
import type { BrokerInHand } from './in-hand';
import type { WorkerAnswer, WorkerRequest } from './wire';

/** Something that must be refused. */
export interface Attempt {
  readonly name: string;
  readonly request: WorkerRequest;
}

/** What the answer to an attempt gives away, as a sentence; nothing where it was refused. Throws where nothing was decided. */
export function givenAway(name: string, { status, text }: WorkerAnswer, { credentials }: Pick<BrokerInHand, 'credentials'>): string | undefined {
  if (credentials.some(({ canary }) => text.includes(canary))) return `${name}: a credential is given out.`;
  if (status < 400) return `${name}: it is answered ${status}.`;
  if (status >= 500) throw new Error(`${name}: it is answered ${status}, so that nothing was decided.`);
  return undefined;
}

/** Tries one after the other, until something is given away. */
export async function allRefused(scene: KeepingScene, broker: BrokerInHand, attempts: readonly Attempt[]): Promise<AttackResult> {
  const statuses = new Map<number, number>();
  for (const { name, request } of attempts) {
    const answer = await broker.send(request);
    const saw = givenAway(name, answer, broker);
    if (saw !== undefined) return { verdict: 'succeeded', saw };
    statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
  }
  const counted = [...statuses].sort(([one], [other]) => one - other).map(([status, count]) => `${count} by ${status}`).join(', ');
  scene.note(`Refused: ${counted}`);
  return { verdict: 'withstood', saw: `All ${attempts.length} attempts are refused (${counted}).` };
}
