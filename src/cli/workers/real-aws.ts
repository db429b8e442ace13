import { GetFunctionCommand, InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { BROKER_TIMEOUT_SECONDS } from '../../broker/contract';
import type { ManagementRequest } from '../../broker/operations/contract';
import { quietly } from '../../drill/emulator/quietly';
import { REQUEST_HANDLER } from '../aws-errors';
import type { StackResource } from '../lockdown/aws';
import { RealAws, type RealAwsOptions } from '../lockdown/real-aws';
import { UsageError } from '../usage-error';
import type { DescribedFunction, WorkersAws } from './aws';

/** As long as the function may take, and what starting it may take before (ours). */
const INVOCATION_MS = BROKER_TIMEOUT_SECONDS * 1000 + 5000;

/** The broker as the operator's credentials may call it. */
export class RealWorkersAws implements WorkersAws {
  private readonly account: RealAws;
  private readonly lambda: LambdaClient;

  public constructor(options: RealAwsOptions) {
    this.account = new RealAws(options);
    this.lambda = quietly(() => new LambdaClient({ ...options, requestHandler: { ...REQUEST_HANDLER, requestTimeout: INVOCATION_MS }, maxAttempts: 3 }));
  }

  public resourcesOf(stack: string): Promise<readonly StackResource[] | undefined> {
    return this.account.resourcesOf(stack);
  }

  public async describe(FunctionName: string): Promise<DescribedFunction> {
    const { Configuration, Tags = {} } = await this.lambda.send(new GetFunctionCommand({ FunctionName }));
    return { arn: Configuration?.FunctionArn ?? FunctionName, tags: new Map(Object.entries(Tags)) };
  }

  public async ask(FunctionName: string, request: ManagementRequest): Promise<unknown> {
    const { Payload, FunctionError } = await this.lambda.send(new InvokeCommand({ FunctionName, Payload: JSON.stringify(request) }));
    if (FunctionError !== undefined) throw new UsageError('The broker failed without an answer: look in its log. Whether it did what was asked, workers list shows.');
    return JSON.parse(Payload?.transformToString() ?? 'null') as unknown;
  }
}
