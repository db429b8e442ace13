import { ListSecretVersionIdsCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { type AgedSecret, SECRET_METRICS } from '../../secrets/contract';
import type { Log } from './ports';

const DAY_MS = 24 * 60 * 60 * 1000;

export interface AgeParts {
  /** When the current value was put; nothing where there is none. */
  readonly since: (secretArn: string) => Promise<Date | undefined>;
  /** In milliseconds since 1970. */
  readonly clock: () => number;
  readonly log: Log;
}

/**
 * Writes how old a value is, in CloudWatch's embedded metric format: what CloudWatch Logs finds in a log, it makes metrics of, without a right of the function.
 *
 * A secret without a value has no age; the alarm hears of it by the metric that is missing.
 */
export async function writeAge({ secretArn, metricName }: AgedSecret, { since, clock, log }: AgeParts): Promise<void> {
  const created = await since(secretArn);
  if (created === undefined) {
    log({ event: 'secret-without-value', secret: metricName });
    return;
  }
  const now = clock();
  const { namespace, ageDays, dimension } = SECRET_METRICS;
  log({
    _aws: { Timestamp: now, CloudWatchMetrics: [{ Namespace: namespace, Dimensions: [[dimension]], Metrics: [{ Name: ageDays, Unit: 'None' }] }] },
    event: 'secret-age',
    [dimension]: metricName,
    [ageDays]: Math.max(0, now - created.getTime()) / DAY_MS,
  });
}

/** From the list of versions, which holds no values: who writes ages need not be able to read secrets. */
export function currentSince(client: SecretsManagerClient): AgeParts['since'] {
  return async (SecretId) => {
    let NextToken: string | undefined;
    do {
      const page = await client.send(new ListSecretVersionIdsCommand({ SecretId, NextToken }));
      const current = page.Versions?.find(({ VersionStages }) => VersionStages?.includes('AWSCURRENT'));
      if (current) return current.CreatedDate;
      NextToken = page.NextToken;
    } while (NextToken !== undefined && NextToken !== '');
    return undefined;
  };
}
