import { FAMILIES, type LockdownProperties, SET_ARN_ATTRIBUTES, setNameOf } from '../../lockdown/contract';
import type { IpSet, IpSets } from './ip-sets';

/** Makes sure that both sets are there. One that is there already keeps its addresses: a switch that is on stays on. */
export async function ensureSets(sets: IpSets, { Name, Tags }: LockdownProperties): Promise<Record<string, string>> {
  const attributes: Record<string, string> = {};
  for (const family of FAMILIES) {
    const name = setNameOf(Name, family);
    const existing = await sets.find(name);
    if (existing) await adopt(sets, existing, Tags);
    const set = existing ?? await sets.create(name, family, Tags);
    attributes[SET_ARN_ATTRIBUTES[family]] = set.arn;
  }
  return attributes;
}

async function adopt(sets: IpSets, set: IpSet, tags: LockdownProperties['Tags']): Promise<void> {
  if (!await sets.isOurs(set)) throw new Error(`IP set ${set.name} is there already and no switch made it. Rename or delete it, then deploy again.`);
  await sets.tag(set, tags);
}

/** How often, and after how many milliseconds, a removal is tried again: WAF forgets a deleted web ACL within seconds to minutes. */
export interface Patience {
  readonly attempts: number;
  readonly pauseMs: number;
  readonly sleep: (ms: number) => Promise<void>;
}

/** Both sets in each round, so that the rounds of one do not add to those of the other. A set that no switch made is left alone, as after a creation that met it. */
export async function removeSets(sets: IpSets, switchName: string, { attempts, pauseMs, sleep }: Patience): Promise<void> {
  let left: readonly string[] = FAMILIES.map((family) => setNameOf(switchName, family));
  for (let attempt = 1; ; attempt += 1) {
    const kept: string[] = [];
    for (const name of left) if (!await isRemoved(sets, name)) kept.push(name);
    left = kept;
    const [stuck] = left;
    if (stuck === undefined) return;
    if (attempt >= attempts) throw new Error(`IP set ${stuck} is still in use by a web ACL. Take its rule out of that web ACL, then delete the stack again.`);
    await sleep(pauseMs);
  }
}

async function isRemoved(sets: IpSets, name: string): Promise<boolean> {
  const set = await sets.find(name);
  return !set || !await sets.isOurs(set) || await sets.remove(set) === 'removed';
}
