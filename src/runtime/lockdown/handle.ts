import type { LockdownProperties } from '../../lockdown/contract';
import type { ResourceEvent } from '../shared/custom-resource';
import type { IpSets } from './ip-sets';
import { ensureSets, type Patience, removeSets } from './keep-sets';

/** Whatever it is called in its template. */
export type LockdownEvent = Omit<ResourceEvent, 'LogicalResourceId'>;

export interface LockdownOutcome {
  readonly physicalId: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** The physical id is the name of the switch and known before anything is made, so that a creation that fails half-way is cleaned up by the deletion that follows it. */
export function physicalIdOf({ PhysicalResourceId, RequestType, ResourceProperties }: LockdownEvent): string {
  return RequestType === 'Delete' ? PhysicalResourceId ?? '' : propertiesOf(ResourceProperties).Name;
}

export async function handle(event: LockdownEvent, sets: IpSets, patience: Patience): Promise<LockdownOutcome> {
  const physicalId = physicalIdOf(event);
  if (event.RequestType === 'Delete') {
    await removeSets(sets, physicalId, patience);
    return { physicalId, attributes: {} };
  }
  return { physicalId, attributes: await ensureSets(sets, propertiesOf(event.ResourceProperties)) };
}

function propertiesOf({ Name, Tags }: Readonly<Record<string, unknown>>): LockdownProperties {
  if (typeof Name !== 'string' || Name === '') throw new Error('The custom resource has no property Name.');
  const tags = typeof Tags === 'object' && Tags !== null ? Object.entries(Tags).map(([key, value]) => [key, String(value)] as const) : [];
  return { Name, Tags: Object.fromEntries(tags) };
}
