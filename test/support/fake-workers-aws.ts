import type { ListAnswer, ManagementRequest } from '../../src/broker/operations/contract';
import type { StackResource } from '../../src/cli/lockdown/aws';
import type { DescribedFunction, WorkersAws } from '../../src/cli/workers/aws';

export const BROKER_ARN = 'arn:aws:lambda:eu-central-1:111122223333:function:broker';
export const EMPTY: ListAnswer = { fleet: { epoch: 0 }, workers: [] };

/** An account with one broker in it, to be bent by a test. */
export class FakeWorkersAws implements WorkersAws {
  public resources: StackResource[] | undefined = [
    { type: 'AWS::S3::Bucket', path: 'Tom/Logs', physicalId: 'broker' },
    { type: 'AWS::Lambda::Function', path: 'Tom/Rollout', physicalId: 'rollout' },
    { type: 'AWS::Lambda::Function', path: 'Tom/Broker', physicalId: 'broker' },
  ];
  public readonly tags = new Map<string, ReadonlyMap<string, string>>([['broker', new Map([['cdk-secure-core:broker', 'per-worker-keys']])]]);
  /** In their order; the last one again and again. */
  public answers: unknown[] = [EMPTY];
  public readonly asked: { readonly arn: string; readonly request: ManagementRequest }[] = [];

  public resourcesOf(): Promise<readonly StackResource[] | undefined> {
    return Promise.resolve(this.resources);
  }

  public describe(name: string): Promise<DescribedFunction> {
    return Promise.resolve({ arn: `arn:aws:lambda:eu-central-1:111122223333:function:${name}`, tags: this.tags.get(name) ?? new Map() });
  }

  public ask(arn: string, request: ManagementRequest): Promise<unknown> {
    this.asked.push({ arn, request });
    return Promise.resolve(this.answers.length > 1 ? this.answers.shift() : this.answers[0]);
  }
}
