import { setTimeout as sleep } from 'node:timers/promises';
import type { Deployment } from '../drill/emulator/deploy';
import type { LiveSet, Place } from '../drill/edge/model';
import type { AddressKeeper } from '../drill/switches';
import { FAMILIES, type Family, SET_ARN_ATTRIBUTES } from '../lockdown/contract';
import type { ByFamily, SetSummary } from './lockdown/aws';
import { RealAws } from './lockdown/real-aws';
import { writeSets } from './lockdown/set-state';

const WAF_FAMILIES: Readonly<Record<LiveSet['family'], Family>> = { v4: 'IPV4', v6: 'IPV6' };
/** An engine on this machine is busy with nothing else. */
const PATIENCE = { attempts: 2, pauseMs: 50, sleep: (ms: number): Promise<void> => sleep(ms) };

/**
 * Throws a switch as `cdk-secure-core lockdown` does, in the emulator: by the same code that reads and writes the sets. How the command finds them in a
 * stack is no part of it: the emulator's stack lacks the custom resource.
 */
export function keeperIn({ emulator, ledger }: Deployment): AddressKeeper {
  // Fixed, so that the SDK looks for none of the user's.
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const aws = new RealAws({ region: emulator.region, endpoint: emulator.endpoint, credentials });
  const setOf = ({ stack, logicalId }: Place, family: Family): SetSummary => {
    const arn = ledger.get({ template: stack, logicalId }, SET_ARN_ATTRIBUTES[family]) ?? '';
    const [id = '', name = ''] = arn.split('/').reverse();
    if (name === '') throw new Error(`The emulator holds no ${family} set of ${logicalId}.`);
    return { name, id, arn };
  };
  return {
    set: async (lock, isLocked) => {
      const sets: ByFamily<SetSummary> = { IPV4: setOf(lock, 'IPV4'), IPV6: setOf(lock, 'IPV6') };
      const failures = await writeSets(aws, sets, isLocked ? 'locked' : 'open', PATIENCE);
      const failed = FAMILIES.find((family) => failures.has(family));
      if (failed !== undefined) throw new Error(`The ${failed} set could not be written: ${failures.get(failed) ?? ''}`);
    },
    addresses: async ({ place, family }) => (await aws.read(setOf(place, WAF_FAMILIES[family]))).addresses,
  };
}
