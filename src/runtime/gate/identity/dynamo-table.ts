import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { KEY_SET_PARTITION, type TableConfiguration } from '../../../gate/contract';
import type { Clock, KeyStore, Log } from '../ports';
import { DynamoKeyStore } from './dynamo-key-store';
import { DynamoItems, numberOf, textOf } from './dynamo-items';
import type { MirroredKeySets } from './parts';
import { RevocationPoller } from './revocation-poller';

/** What the gate reads from its table. */
export interface GateTableReader {
  readonly keys: KeyStore;
  readonly keySets: MirroredKeySets;
  readonly revocations: RevocationPoller;
}

/** A caller waits for it: fast, or not at all. Each of the SDK's two attempts fits into what a key or a poll may take. */
const CONNECTION = { connectionTimeout: 300, requestTimeout: 450, throwOnRequestTimeout: true };

/**
 * Reads a table by two sets of connections: whoever floods the gate with invented keys has it look each up, and keeps all connections of one set busy;
 * were revocations asked for by the same, nobody at all would be let in.
 *
 * @param client for tests, in place of both; by default those that give up soon
 */
export function openTable({ name, region }: TableConfiguration, { clock, log, client }: { readonly clock: Clock; readonly log: Log; readonly client?: DynamoDBClient }): GateTableReader {
  const connect = (): DynamoItems => new DynamoItems(client ?? new DynamoDBClient({ region, maxAttempts: 2, requestHandler: CONNECTION }), name);
  const items = connect();
  return {
    keys: new DynamoKeyStore(items, clock),
    keySets: {
      read: async (uri) => {
        const item = await items.get(KEY_SET_PARTITION, uri);
        return item && { document: textOf(item.document), fetchedAt: numberOf(item.fetchedAt) * 1000 };
      },
    },
    revocations: new RevocationPoller(connect(), { clock, log }),
  };
}
