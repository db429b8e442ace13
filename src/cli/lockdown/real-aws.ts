import { CloudFormationClient, paginateListStackResources } from '@aws-sdk/client-cloudformation';
import { CloudWatchLogsClient, CreateLogStreamCommand, PutLogEventsCommand, ResourceAlreadyExistsException } from '@aws-sdk/client-cloudwatch-logs';
import {
  DescribeRulesCommand, type DescribeRulesCommandOutput, DescribeTagsCommand, ElasticLoadBalancingV2Client, type Listener, paginateDescribeListeners, type Rule,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import {
  GetIPSetCommand, GetWebACLCommand, ListIPSetsCommand, ListResourcesForWebACLCommand, ListTagsForResourceCommand, ListWebACLsCommand, UpdateIPSetCommand, WAFOptimisticLockException, WAFV2Client,
} from '@aws-sdk/client-wafv2';
import { quietly } from '../../drill/emulator/quietly';
import { REQUEST_HANDLER } from '../aws-errors';
import { UsageError } from '../usage-error';
import type { Action, Condition, DeployedListener, DeployedRule, LockdownAws, SetContent, SetSummary, StackResource, WebAclSummary } from './aws';

const REGIONAL = { Scope: 'REGIONAL' } as const;

export interface RealAwsOptions {
  /** @default - what the SDK finds: the environment, then the profile */
  readonly region?: string;
  /** @default - AWS's own, or what `AWS_ENDPOINT_URL` says */
  readonly endpoint?: string;
  /** @default - what the SDK finds: the operator's */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/** AWS as the operator's credentials see it. `AWS_ENDPOINT_URL` is the SDK's own. */
export class RealAws implements LockdownAws {
  private readonly cloudFormation: CloudFormationClient;
  private readonly elb: ElasticLoadBalancingV2Client;
  private readonly logs: CloudWatchLogsClient;
  private readonly sts: STSClient;
  private readonly waf: WAFV2Client;

  public constructor(options: RealAwsOptions) {
    // WAF takes few requests a second (AWS WAF guide, "AWS WAF quotas"), so that a retry is nothing unusual.
    const config = { ...options, requestHandler: REQUEST_HANDLER, maxAttempts: 5 };
    [this.cloudFormation, this.elb, this.logs, this.sts, this.waf] = quietly(() => [
      new CloudFormationClient(config), new ElasticLoadBalancingV2Client(config), new CloudWatchLogsClient(config), new STSClient(config), new WAFV2Client(config),
    ] as const);
  }

  public async resourcesOf(stack: string): Promise<StackResource[] | undefined> {
    try {
      return await this.resourcesBelow(stack, stack);
    } catch (error) {
      if (error instanceof Error && error.name === 'ValidationError' && /does not exist/.test(error.message)) return undefined;
      throw error;
    }
  }

  public async ipSets(): Promise<SetSummary[]> {
    const pages = all((NextMarker) => this.waf.send(new ListIPSetsCommand({ ...REGIONAL, NextMarker, Limit: 100 })));
    return (await pages).flatMap(({ IPSets = [] }) => IPSets).flatMap(({ Name, Id, ARN }) => (Name && Id && ARN ? [{ name: Name, id: Id, arn: ARN }] : []));
  }

  public async read({ name: Name, id: Id }: SetSummary): Promise<SetContent> {
    const { IPSet, LockToken = '' } = await this.waf.send(new GetIPSetCommand({ ...REGIONAL, Name, Id }));
    return { addresses: IPSet?.Addresses ?? [], lockToken: LockToken };
  }

  public async write({ name: Name, id: Id }: SetSummary, addresses: readonly string[], LockToken: string): Promise<'written' | 'lost'> {
    try {
      await this.waf.send(new UpdateIPSetCommand({ ...REGIONAL, Name, Id, LockToken, Addresses: [...addresses] }));
      return 'written';
    } catch (error) {
      if (error instanceof WAFOptimisticLockException) return 'lost';
      throw error;
    }
  }

  public async tagsOfSet({ arn }: SetSummary): Promise<ReadonlyMap<string, string>> {
    const { TagInfoForResource } = await this.waf.send(new ListTagsForResourceCommand({ ResourceARN: arn }));
    return tagMap(TagInfoForResource?.TagList);
  }

  public async webAcls(): Promise<WebAclSummary[]> {
    const pages = await all((NextMarker) => this.waf.send(new ListWebACLsCommand({ ...REGIONAL, NextMarker, Limit: 100 })));
    const summaries = pages.flatMap(({ WebACLs = [] }) => WebACLs);
    const found: WebAclSummary[] = [];
    // One after the other: an account may have a hundred, and WAF would throttle us.
    for (const { Name = '', Id = '', ARN = '' } of summaries) {
      const { WebACL } = await this.waf.send(new GetWebACLCommand({ ...REGIONAL, Name, Id }));
      const rules = (WebACL?.Rules ?? []).map((rule) => ({ name: rule.Name ?? '', priority: rule.Priority ?? 0, blocks: rule.Action?.Block !== undefined, statement: rule.Statement }));
      found.push({ name: Name, arn: ARN, rules });
    }
    return found;
  }

  public async loadBalancersOf(WebACLArn: string): Promise<string[]> {
    const { ResourceArns = [] } = await this.waf.send(new ListResourcesForWebACLCommand({ WebACLArn, ResourceType: 'APPLICATION_LOAD_BALANCER' }));
    return ResourceArns;
  }

  public async tagsOf(arn: string): Promise<ReadonlyMap<string, string>> {
    const { TagDescriptions = [] } = await this.elb.send(new DescribeTagsCommand({ ResourceArns: [arn] }));
    return tagMap(TagDescriptions[0]?.Tags);
  }

  public async listenersOf(LoadBalancerArn: string): Promise<DeployedListener[]> {
    const listeners: Listener[] = [];
    for await (const page of paginateDescribeListeners({ client: this.elb }, { LoadBalancerArn })) listeners.push(...page.Listeners ?? []);
    const deployed: DeployedListener[] = [];
    for (const listener of listeners) deployed.push(await this.deployed(listener));
    return deployed;
  }

  public async caller(): Promise<string> {
    return (await this.sts.send(new GetCallerIdentityCommand({}))).Arn ?? 'unknown';
  }

  public async record(logGroupName: string, event: object, at: Date): Promise<void> {
    const logStreamName = `lockdown/${at.toISOString().slice(0, 10)}`;
    try {
      await this.logs.send(new CreateLogStreamCommand({ logGroupName, logStreamName }));
    } catch (error) {
      if (!(error instanceof ResourceAlreadyExistsException)) throw error;
    }
    const { rejectedLogEventsInfo } = await this.logs.send(new PutLogEventsCommand({ logGroupName, logStreamName, logEvents: [{ timestamp: at.getTime(), message: JSON.stringify(event) }] }));
    if (rejectedLogEventsInfo) throw new UsageError('CloudWatch Logs rejected the event; is the clock of this machine right?');
  }

  private async resourcesBelow(StackName: string, path: string): Promise<StackResource[]> {
    const found: StackResource[] = [];
    for await (const page of paginateListStackResources({ client: this.cloudFormation }, { StackName })) {
      for (const { ResourceType: type = '', LogicalResourceId = '', PhysicalResourceId: physicalId = '', ResourceStatus } of page.StackResourceSummaries ?? []) {
        if (ResourceStatus === 'DELETE_COMPLETE') continue;
        const resource = { type, path: `${path}/${LogicalResourceId}`, physicalId };
        found.push(resource, ...(type === 'AWS::CloudFormation::Stack' && physicalId !== '' ? await this.resourcesBelow(physicalId, resource.path) : []));
      }
    }
    return found;
  }

  private async deployed({ ListenerArn, Protocol, Port, MutualAuthentication }: Listener): Promise<DeployedListener> {
    const rules: Rule[] = [];
    let Marker: string | undefined;
    do {
      const page: DescribeRulesCommandOutput = await this.elb.send(new DescribeRulesCommand({ ListenerArn, Marker }));
      rules.push(...page.Rules ?? []);
      Marker = page.NextMarker;
    } while (Marker);
    return {
      name: `${Protocol ?? ''} ${Port ?? ''}`,
      verifiesClients: MutualAuthentication?.Mode === 'verify',
      rules: rules.map(toRule),
    };
  }
}

function toRule({ IsDefault, Priority, Actions = [], Conditions = [], Transforms = [] }: Rule): DeployedRule {
  return { name: IsDefault ? 'the default action' : `rule ${Priority ?? ''}`, actions: Actions.map(toAction), conditions: Conditions.map(toCondition), rewrites: Transforms.length > 0 };
}

function toAction({ Type, Order, AuthenticateOidcConfig, AuthenticateCognitoConfig, ForwardConfig, TargetGroupArn }: NonNullable<Rule['Actions']>[number], index: number): Action {
  const onUnauthenticated = (AuthenticateOidcConfig ?? AuthenticateCognitoConfig)?.OnUnauthenticatedRequest;
  const targetGroups = [...new Set([TargetGroupArn, ...(ForwardConfig?.TargetGroups ?? []).map((group) => group.TargetGroupArn)].filter((arn) => arn !== undefined))];
  return { type: Type ?? '', order: Order ?? index + 1, ...(onUnauthenticated !== undefined && { onUnauthenticated }), ...(targetGroups.length > 0 && { targetGroups }) };
}

/** AWS answers with the values of some fields at one place, of others at another, and of some at both. */
function toCondition({ Field = '', Values = [], PathPatternConfig, HttpRequestMethodConfig, RegexValues = [] }: NonNullable<Rule['Conditions']>[number]): Condition {
  const values = [...Values, ...PathPatternConfig?.Values ?? [], ...HttpRequestMethodConfig?.Values ?? []];
  return { field: Field, values: [...new Set(values)], isRegex: [...RegexValues, ...PathPatternConfig?.RegexValues ?? []].length > 0 };
}

function tagMap(tags: readonly { readonly Key?: string | undefined; readonly Value?: string | undefined }[] | undefined): ReadonlyMap<string, string> {
  return new Map((tags ?? []).map(({ Key = '', Value = '' }) => [Key, Value]));
}

/** WAF's lists have no paginators in the SDK. */
async function all<T extends { readonly NextMarker?: string | undefined }>(page: (marker: string | undefined) => Promise<T>): Promise<T[]> {
  const pages: T[] = [];
  let marker: string | undefined;
  do {
    const next = await page(marker);
    pages.push(next);
    marker = next.NextMarker === '' ? undefined : next.NextMarker;
  } while (marker !== undefined);
  return pages;
}
