import type { EventPattern } from 'aws-cdk-lib/aws-events';

/**
 * A secret has a new current value. The event names the secret in `resources`, and is sent when a label other than AWSPENDING and AWSPREVIOUS moves
 * (Secrets Manager guide, "Secret Label Updated event").
 */
export const VALUE_CHANGED: EventPattern = { source: ['aws.secretsmanager'], detailType: ['Secret Label Updated'], detail: { labelUpdated: ['AWSCURRENT'] } };
