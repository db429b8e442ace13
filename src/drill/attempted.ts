import type { AttackOn } from './attack';
import type { AttackRecord } from './evidence';
import { messageOf } from './message-of';

/** What an attack came to, or that it came to nothing. */
export type Outcome = Pick<AttackRecord, 'verdict' | 'saw'>;

/** An attack that breaks off proves nothing, whoever is to blame. */
export async function attempted(run: () => Promise<Outcome>): Promise<Outcome> {
  try {
    return await run();
  } catch (error) {
    return brokenOff(messageOf(error));
  }
}

export function carriedOut<Target, InHand>(attack: Pick<AttackOn<never, Target, InHand>, 'run'>, target: Target, scene: InHand): Promise<Outcome> {
  return attempted(() => attack.run(target, scene));
}

export function brokenOff(why: string): Outcome {
  return { verdict: 'inconclusive', saw: `It could not be carried out: ${why}` };
}

/** One target after the other, until there is one at which the attacker succeeds. */
export async function untilSuccess<Target>(targets: readonly Target[], attack: (target: Target) => Promise<Outcome>): Promise<Outcome> {
  let last = brokenOff('there is no target');
  for (const target of targets) {
    last = await attack(target);
    if (last.verdict === 'succeeded') break;
  }
  return last;
}

/** Something that has to work, attacked or not. */
export interface Control {
  /** What it is called in a transcript. */
  readonly name: string;
  /** Why it does not work, as the end of a sentence; undefined where it does. */
  readonly look: () => Promise<string | undefined>;
}

/** An attack between two looks at what has to work: whatever serves nobody withstands everything. A success of the attacker stands, whatever works afterwards. */
export async function betweenLooks({ name, look }: Control, note: (line: string) => void, attack: () => Promise<Outcome>): Promise<Outcome> {
  note(`Before the attack: ${name}`);
  const before = await look();
  if (before !== undefined) return { verdict: 'inconclusive', saw: `Nothing can be learned from it: ${before}` };
  note('The attack');
  const outcome = await attack();
  if (outcome.verdict !== 'withstood') return outcome;
  note(`After the attack: ${name}`);
  const after = await look();
  return after === undefined ? outcome : { verdict: 'inconclusive', saw: `After the attack, ${after}` };
}
