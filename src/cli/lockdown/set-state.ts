import { EVERYBODY, FAMILIES, type Family } from '../../lockdown/contract';
import { explainAwsError } from '../aws-errors';
import type { ByFamily, LockdownAws, SetSummary } from './aws';

/** `locked`: every address is in it. `open`: none is. `partly`: some are. `unknown`: it could not be read. */
export type SetState = 'locked' | 'open' | 'partly' | 'unknown';

export interface SetReading {
  readonly state: SetState;
  readonly addresses: readonly string[];
}

/** WAF answers with IPv6 blocks written out in full. */
function canonical(block: string): string {
  const [address = '', prefix = ''] = block.split('/');
  const url = `http://[${address}]`;
  return address.includes(':') && URL.canParse(url) ? `${new URL(url).hostname.slice(1, -1)}/${prefix}` : block;
}

export function stateOf(family: Family, addresses: readonly string[]): Exclude<SetState, 'unknown'> {
  if (addresses.length === 0) return 'open';
  const held = new Set(addresses.map(canonical));
  return EVERYBODY[family].every((block) => held.has(canonical(block))) ? 'locked' : 'partly';
}

export async function readSets(aws: LockdownAws, sets: ByFamily<SetSummary>): Promise<ByFamily<SetReading>> {
  const [IPV4, IPV6] = await Promise.all([readSet(aws, sets, 'IPV4'), readSet(aws, sets, 'IPV6')]);
  return { IPV4, IPV6 };
}

async function readSet(aws: LockdownAws, sets: ByFamily<SetSummary>, family: Family): Promise<SetReading> {
  try {
    const { addresses } = await aws.read(sets[family]);
    return { state: stateOf(family, addresses), addresses };
  } catch {
    return { state: 'unknown', addresses: [] };
  }
}

/** How often a set is written before it is given up, and how long the pause between is. */
export interface Patience {
  readonly attempts: number;
  readonly pauseMs: number;
  readonly sleep: (ms: number) => Promise<void>;
}

/** Why each set could not be written; both are tried whatever becomes of the other, since half a lock-down is better than none. */
export async function writeSets(aws: LockdownAws, sets: ByFamily<SetSummary>, wanted: 'locked' | 'open', patience: Patience): Promise<ReadonlyMap<Family, string>> {
  const outcomes = await Promise.all(FAMILIES.map(async (family) => [family, await writeSet(aws, sets[family], wanted === 'locked' ? EVERYBODY[family] : [], patience)] as const));
  return new Map(outcomes.flatMap(([family, failure]) => (failure === undefined ? [] : [[family, failure] as const])));
}

async function writeSet(aws: LockdownAws, set: SetSummary, addresses: readonly string[], { attempts, pauseMs, sleep }: Patience): Promise<string | undefined> {
  let failure = '';
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    if (attempt > 1) await sleep(pauseMs);
    try {
      const { lockToken } = await aws.read(set);
      if (await aws.write(set, addresses, lockToken) === 'written') return undefined;
      failure = 'somebody else kept writing to it';
    } catch (error) {
      failure = explainAwsError(error, { service: 'AWS WAF' });
    }
  }
  return failure;
}
