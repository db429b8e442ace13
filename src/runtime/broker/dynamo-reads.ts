import { type AttributeValue, BatchGetItemCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { BrokerConfiguration } from '../../broker/contract';
import { claimKey, FLEET_KEY, joinKey, leaseKey, PARTITION_KEY, SORT_KEY, type StateKey, workerKey } from '../../broker/items/contract';
import { type Item, keyOf, readClaim, readFleet, readJob, readJoin, readLease, readWorker, text, UnreadableItem } from './dynamo-items';
import type { Look, Looked, Reads } from './ports';

/** Reads both tables in one call: for a credential always the same items, whatever the first of them says (M-37). */
export class DynamoReads implements Reads {
  public constructor(private readonly client: DynamoDBClient, private readonly configuration: Pick<BrokerConfiguration, 'tables' | 'binding'>) {}

  public async look({ worker, joinId, taken }: Look): Promise<Looked> {
    const its = worker === undefined ? undefined : workerKey(worker);
    const lease = taken && leaseKey(taken.job, taken.credential);
    // Where every job names its worker, nobody claims one.
    const claim = taken && this.configuration.binding === 'first-to-claim' ? claimKey(taken.job) : undefined;
    const join = joinId === undefined ? undefined : joinKey(joinId);
    const wanted = [its, FLEET_KEY, lease, claim, join].filter((key) => key !== undefined);
    const { state, jobs } = await this.read(wanted, taken?.job);
    const itemAt = <T>(key: StateKey | undefined, read: (item: Item) => T): T | undefined => {
      const item = key && state.find((found) => found[PARTITION_KEY]?.S === key.pk && found[SORT_KEY]?.S === key.sk);
      return item && read(item);
    };
    const job = jobs.find((found) => found[PARTITION_KEY]?.S === taken?.job);
    return {
      worker: itemAt(its, readWorker),
      fleet: itemAt(FLEET_KEY, readFleet) ?? { epoch: 0 },
      join: itemAt(join, readJoin),
      job: job && readJob(job),
      lease: itemAt(lease, readLease),
      claim: itemAt(claim, readClaim),
    };
  }

  private async read(keys: readonly StateKey[], job: string | undefined): Promise<{ readonly state: readonly Item[]; readonly jobs: readonly Item[] }> {
    const { jobs, state } = this.configuration.tables;
    const { Responses = {}, UnprocessedKeys = {} } = await this.client.send(new BatchGetItemCommand({
      RequestItems: {
        [state]: { ConsistentRead: true, Keys: keys.map(keyOf) },
        ...(job !== undefined && { [jobs]: { ConsistentRead: true, Keys: [{ [PARTITION_KEY]: text(job) } satisfies Record<string, AttributeValue>] } }),
      },
    }));
    // Something that was not read must not pass for something that is not there.
    if (Object.keys(UnprocessedKeys).length > 0) throw new UnreadableItem();
    return { state: Responses[state] ?? [], jobs: Responses[jobs] ?? [] };
  }
}
