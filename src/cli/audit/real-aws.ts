import { CloudWatchLogsClient, GetQueryResultsCommand, StartQueryCommand } from '@aws-sdk/client-cloudwatch-logs';
import { quietly } from '../../drill/emulator/quietly';
import { REQUEST_HANDLER } from '../aws-errors';
import { RealDeployedAws } from '../deployed/real-aws';
import type { RealAwsOptions } from '../lockdown/real-aws';
import type { AuditAws, LogAnswer, LogQuery } from './aws';

/** CloudWatch Logs Insights as the operator's credentials see it. What the log group's data protection masks stays masked: nobody asks for `unmask`. */
export class RealAuditAws extends RealDeployedAws implements AuditAws {
  private readonly logs: CloudWatchLogsClient;

  public constructor(options: RealAwsOptions) {
    super(options);
    this.logs = quietly(() => new CloudWatchLogsClient({ ...options, requestHandler: REQUEST_HANDLER, maxAttempts: 5 }));
  }

  public async ask({ logGroups, text, from, to, limit }: LogQuery): Promise<string> {
    const { queryId = '' } = await this.logs.send(new StartQueryCommand({
      logGroupNames: [...logGroups], queryString: text, startTime: Math.floor(from.getTime() / 1000), endTime: Math.ceil(to.getTime() / 1000), limit,
    }));
    return queryId;
  }

  public async answer(queryId: string): Promise<LogAnswer> {
    const { status, results = [] } = await this.logs.send(new GetQueryResultsCommand({ queryId }));
    if (status === 'Complete') {
      // `@ptr` leads to the whole line, and tells a person nothing.
      return { state: 'complete', rows: results.map((row) => Object.fromEntries(row.flatMap(({ field = '', value = '' }) => (field === '@ptr' ? [] : [[field, value]])))) };
    }
    return { state: status === 'Scheduled' || status === 'Running' ? 'running' : 'failed' };
  }
}
