import type { EmptyingProperties } from '../../audit/contract';
import { emptyAll } from './empty';
import type { Versions } from './versions';

/** What CloudFormation asks for. */
export interface EmptyingEvent {
  readonly RequestType: 'Create' | 'Update' | 'Delete';
  readonly LogicalResourceId: string;
  readonly PhysicalResourceId?: string;
  readonly ResourceProperties: Readonly<Record<string, unknown>>;
}

/** Always the same, so that no update replaces it: its replacement would delete the former one, and what is in the buckets with it. */
export const physicalIdOf = ({ PhysicalResourceId, LogicalResourceId }: EmptyingEvent): string => PhysicalResourceId ?? LogicalResourceId;

/** Nothing is done but when the custom resource goes. */
export async function handle(event: EmptyingEvent, versions: Versions, hasTime: () => boolean): Promise<void> {
  if (event.RequestType === 'Delete') await emptyAll(versions, bucketsIn(event.ResourceProperties).Buckets, hasTime);
}

function bucketsIn({ Buckets }: Readonly<Record<string, unknown>>): EmptyingProperties {
  const names: readonly unknown[] = Array.isArray(Buckets) ? Buckets : [];
  if (names.length === 0 || !names.every((name): name is string => typeof name === 'string' && name !== '')) throw new Error('The custom resource names no Buckets.');
  return { Buckets: names };
}
