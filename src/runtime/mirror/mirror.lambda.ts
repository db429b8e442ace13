import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { MIRROR_TABLE_VARIABLE, MIRROR_URIS_VARIABLE } from '../../gate/mirror/contract';
import { wait } from '../shared/wait';
import { DynamoKeySets } from './dynamo-key-sets';
import { mirrorKeySets } from './mirror-key-sets';

const store = new DynamoKeySets(new DynamoDBClient({}), process.env[MIRROR_TABLE_VARIABLE] ?? '');

export async function handler(): Promise<void> {
  await mirrorKeySets(JSON.parse(process.env[MIRROR_URIS_VARIABLE] ?? '') as string[], {
    store,
    fetch: globalThis.fetch,
    wait,
    clock: Date.now,
    log: (line) => console.log(JSON.stringify(line)),
  });
}
