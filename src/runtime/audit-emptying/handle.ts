import type { EmptyingProperties } from '../../audit/contract';
import type { ResourceEvent } from '../shared/custom-resource';
import { emptyAll } from './empty';
import type { Versions } from './versions';

/** Nothing is done but when the custom resource goes. */
export async function handle(event: ResourceEvent, versions: Versions, hasTime: () => boolean): Promise<void> {
  if (event.RequestType === 'Delete') await emptyAll(versions, bucketsIn(event.ResourceProperties).Buckets, hasTime);
}

function bucketsIn({ Buckets }: Readonly<Record<string, unknown>>): EmptyingProperties {
  const names: readonly unknown[] = Array.isArray(Buckets) ? Buckets : [];
  if (names.length === 0 || !names.every((name): name is string => typeof name === 'string' && name !== '')) throw new Error('The custom resource names no Buckets.');
  return { Buckets: names };
}
