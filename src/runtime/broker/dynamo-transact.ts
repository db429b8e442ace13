import { type DynamoDBClient, type TransactWriteItem, TransactionCanceledException, TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';
import { waitAwake } from '../shared/wait';

const ATTEMPTS = 3;
/** In milliseconds, times the attempt; of which a random part is waited (ours). */
const PAUSE_MS = 50;

/**
 * Writes all or nothing. A token goes with it by the SDK, so that what is asked twice since an answer got lost is done once.
 *
 * @returns the places of those whose condition was not so; none where it is written
 * @throws where another one wrote the same items each time, and whatever else DynamoDB says
 */
export async function transact(client: DynamoDBClient, items: readonly TransactWriteItem[]): Promise<readonly number[]> {
  for (let attempt = 1; ; attempt++) {
    try {
      await client.send(new TransactWriteItemsCommand({ TransactItems: [...items] }));
      return [];
    } catch (error) {
      if (!(error instanceof TransactionCanceledException)) throw error;
      const failed = (error.CancellationReasons ?? []).flatMap(({ Code }, index) => (Code === 'ConditionalCheckFailed' ? [index] : []));
      if (failed.length > 0) return failed;
      if (attempt === ATTEMPTS || !(error.CancellationReasons ?? []).some(({ Code }) => Code === 'TransactionConflict')) throw error;
      await waitAwake(Math.random() * PAUSE_MS * attempt);
    }
  }
}
