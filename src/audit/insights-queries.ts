import { Names } from 'aws-cdk-lib';
import { CfnQueryDefinition, type ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { SECRET_READS, whoWasRefused } from './log-questions';

/** Queries of CloudWatch Logs Insights, by the name under which they are saved. */
export type InsightsQueries = Readonly<Record<string, string>>;

/** The most that one answer holds (CloudWatch Logs guide, "limit"). */
const MOST = 10_000;

const LATEST = `sort @timestamp desc\n| limit ${MOST}`;

/** What the hot records are asked for: both reviews of CX-66, and who was refused. */
export const HOT_QUERIES: InsightsQueries = {
  'lines-with-auth': `fields @timestamp, @message\n| filter @message like /(?i)auth/\n| ${LATEST}`,
  'lines-with-error': `fields @timestamp, @message\n| filter @message like /(?i)error/\n| ${LATEST}`,
  'refusals-by-identity': `${whoWasRefused()}\n| limit ${MOST}`,
};

/** What the records of unexpected reads of secrets are asked for (AUD-6). */
export const CREDENTIAL_QUERIES: InsightsQueries = {
  'credential-access': `${SECRET_READS}\n| limit ${MOST}`,
};

/** Saves queries for a log group, in a folder of the parent's own: the console lists them by name. */
export function saveQueries(parent: Construct, group: ILogGroup, queries: InsightsQueries): void {
  const folder = Names.uniqueResourceName(parent, { maxLength: 200, separator: '-' });
  for (const [name, queryString] of Object.entries(queries)) {
    const id = name.split('-').map((word) => `${word.charAt(0).toUpperCase()}${word.slice(1)}`).join('');
    new CfnQueryDefinition(parent, `Query${id}`, { name: `${folder}/${name}`, queryString, logGroupNames: [group.logGroupName] });
  }
}
