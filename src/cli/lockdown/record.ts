import { FAMILIES, type Family, RECORDS_TAG } from '../../lockdown/contract';
import { explainAwsError } from '../aws-errors';
import { UsageError } from '../usage-error';
import type { ByFamily } from './aws';
import type { FoundSwitch } from './find-switches';
import type { FlagChange } from './flags';
import type { SetReading } from './set-state';
import type { LockdownWorld } from './world';

/** What is written down about a lock-down (AUD): one JSON event. */
export interface LockdownRecord {
  readonly event: 'lockdown';
  readonly action: 'on' | 'off';
  /** `requested` before a switch is opened, so that no opening goes unrecorded; `done` once its sets have been read back; `refused` where it may not be opened. */
  readonly phase: 'requested' | 'done' | 'refused';
  /** RFC 3339, UTC. */
  readonly at: string;
  readonly who: string;
  readonly why: string | null;
  readonly stack: string;
  /** Null in a stack with a gate and no switch. */
  readonly switch: string | null;
  readonly before: ByFamily<SetReading> | null;
  readonly after: ByFamily<SetReading> | null;
  /** Why a set could not be written. */
  readonly failures: Readonly<Partial<Record<Family, string>>>;
  /** Of every gate of the stack, whichever switch the record is of. */
  readonly tables: readonly FlagChange[];
  /** Why it was refused. */
  readonly refusals?: readonly string[];
}

export function describeSets(reading: ByFamily<SetReading>): string {
  return FAMILIES.map((family) => {
    const { state, addresses } = reading[family];
    return `${family === 'IPV4' ? 'IPv4' : 'IPv6'} ${state}${addresses.length > 0 ? ` (${addresses.join(', ')})` : ''}`;
  }).join(', ');
}

/**
 * Into the log and onto the screen, so that it is not lost where the log cannot be written.
 *
 * @param found undefined in a stack without a switch, where no log group is named: the screen is all there is, and the flag itself says who raised it
 */
export async function record(found: FoundSwitch | undefined, event: LockdownRecord, { aws, print, paint }: LockdownWorld): Promise<boolean> {
  print(JSON.stringify(event));
  if (found === undefined) {
    print('  The record above is in no log group, since the stack has no switch that names one: keep it.');
    return true;
  }
  let logGroup: string | undefined;
  try {
    logGroup = (await aws.tagsOfSet(found.sets.IPV4)).get(RECORDS_TAG);
    if (logGroup === undefined) throw new UsageError('The sets do not carry the tag that names the log group.');
    await aws.record(logGroup, event, new Date(event.at));
    return true;
  } catch (error) {
    print(paint.red(`  The record above is not in ${logGroup ?? 'any log group'}, keep it. ${explainAwsError(error, { service: 'AWS' })}`));
    return false;
  }
}

/** Who runs the command, where not knowing it is no reason to stop. */
export async function callerIfKnown({ aws }: LockdownWorld): Promise<string> {
  try {
    return await aws.caller();
  } catch (error) {
    return `unknown: ${explainAwsError(error, { service: 'AWS' })}`;
  }
}
