import { ASSUMED, type Prices } from './prices';

/** What one checkout uses on the average. */
export interface Usage {
  readonly dynamoWriteUnits: number;
  readonly dynamoReadUnits: number;
  /** Of Secrets Manager; rings among them, of which an environment reads one every ten seconds. */
  readonly secretReads: number;
  readonly logBytes: number;
}

export interface CostLine {
  readonly what: string;
  /** Of a million checkouts. */
  readonly dollars: number;
}

const MILLION = 1e6;

/** What a million checkouts cost, without what costs by the hour: the load balancer, its web ACL, endpoints and keys. */
export function costOf({ dynamoWriteUnits, dynamoReadUnits, secretReads, logBytes }: Usage, prices: Prices): readonly CostLine[] {
  const gigabyteSeconds = ASSUMED.memoryGigabytes * ASSUMED.seconds;
  const each: readonly (readonly [string, number])[] = [
    [`DynamoDB, ${dynamoWriteUnits.toFixed(2)} write units`, dynamoWriteUnits * prices.dynamoWriteUnit],
    [`DynamoDB, ${dynamoReadUnits.toFixed(2)} read units`, dynamoReadUnits * prices.dynamoReadUnit],
    [`Secrets Manager, ${secretReads.toFixed(2)} reads`, secretReads * prices.secretRead],
    [`KMS, ${secretReads.toFixed(2)} uses`, secretReads * prices.keyUse],
    [`Lambda, a call of ${ASSUMED.seconds * 1000} ms at ${ASSUMED.memoryGigabytes * 1024} MB (assumed)`, prices.invocation + gigabyteSeconds * prices.gigabyteSecond],
    [`CloudWatch Logs, ${Math.round(logBytes)} bytes`, logBytes / 1e9 * prices.logGigabyte],
  ];
  const lines = each.map(([what, dollars]) => ({ what, dollars: dollars * MILLION }));
  return [...lines, { what: 'all of it', dollars: lines.reduce((sum, { dollars }) => sum + dollars, 0) }];
}
