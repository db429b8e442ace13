import { CustomResource, Duration, type ITaggable, Lazy, Names, RemovalPolicy, Stack, TagManager, TagType } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { answerAwsSolutions, shownArn } from '../aws-solutions';
import { bundled } from '../runtime-function';
import { FAMILIES, LOCKDOWN_TYPE, type LockdownProperties, RECORDS_TAG, SET_ARN_ATTRIBUTES, setNameOf } from './contract';

/** Where a lock-down is written down. */
export interface LockdownSwitchProps {
  /**
   * The log group that is told who locked and who opened, such as the hot tier of an `AuditTrail`.
   *
   * @default - a log group of its own, kept for a year
   */
  readonly records?: logs.ILogGroup;

  /**
   * What becomes of its own log group when the stack is destroyed.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;
}

/**
 * Two IP sets, empty until `cdk-secure-core lockdown --on` puts every address into them (INC-1).
 *
 * A custom resource makes them, since CloudFormation would put back on every update what the template says of a set's
 * addresses: a deployment in the middle of an incident would open the door again.
 */
export class LockdownSwitch extends Construct implements ITaggable {
  /** The set of IPv4 addresses that are locked out. */
  public readonly ipv4SetArn: string;

  /** The set of IPv6 addresses that are locked out. */
  public readonly ipv6SetArn: string;

  /** Tags of both sets. */
  public readonly tags: TagManager;

  /** The log group that is told who locked and who opened. */
  public readonly records: logs.ILogGroup;

  private readonly handler: lambda.IFunction;

  public constructor(scope: Construct, id: string, props: LockdownSwitchProps = {}) {
    super(scope, id);
    this.tags = new TagManager(TagType.MAP, LOCKDOWN_TYPE);
    // WAF takes names of at most 128 characters, of which the sets' suffixes need three.
    const name = Names.uniqueResourceName(this, { maxLength: 120, separator: '-' });
    const log = new logs.LogGroup(this, 'Log', { retention: logs.RetentionDays.ONE_YEAR, removalPolicy: props.removalPolicy ?? RemovalPolicy.RETAIN });
    this.records = props.records ?? log;
    this.handler = this.provider(name, log);
    const properties = {
      Name: name,
      Tags: Lazy.any({ produce: () => ({ ...this.tags.tagValues(), [RECORDS_TAG]: this.records.logGroupName }) }),
    } satisfies Record<keyof LockdownProperties, unknown>;
    const resource = new CustomResource(this, 'Sets', {
      resourceType: LOCKDOWN_TYPE,
      serviceToken: this.handler.functionArn,
      serviceTimeout: Duration.minutes(5),
      properties,
    });
    this.ipv4SetArn = resource.getAttString(SET_ARN_ATTRIBUTES.IPV4);
    this.ipv6SetArn = resource.getAttString(SET_ARN_ATTRIBUTES.IPV6);
  }

  /** How many runs failed of what makes and removes the sets; what is in them is told by the metrics of the web ACL, and of the gate. */
  public metricFailures(props?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.handler.metricErrors(props);
  }

  private provider(name: string, log: logs.ILogGroup): lambda.Function {
    const sets = FAMILIES.map((family) => ({ service: 'wafv2', resource: `regional/ipset/${setNameOf(name, family)}/*` }));
    const role = new iam.Role(this, 'Role', { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'), description: 'Makes and removes the IP sets of a lock-down; cannot write their addresses' });
    role.addToPolicy(new iam.PolicyStatement({
      sid: 'OwnSets',
      actions: ['wafv2:CreateIPSet', 'wafv2:DeleteIPSet', 'wafv2:GetIPSet', 'wafv2:ListTagsForResource', 'wafv2:TagResource', 'wafv2:UntagResource'],
      resources: sets.map((set) => Stack.of(this).formatArn(set)),
    }));
    // Listing knows no resources (Service Authorization Reference, "AWS WAF V2").
    role.addToPolicy(new iam.PolicyStatement({ sid: 'FindThem', actions: ['wafv2:ListIPSets'], resources: ['*'] }));
    answerAwsSolutions(role, 'IAM5[Resource::*]', 'wafv2:ListIPSets takes no resource; everything else names its own two sets or its log group.');
    for (const set of sets) {
      answerAwsSolutions(role, `IAM5[Resource::${shownArn(this, set)}]`, 'WAF chooses the id that ends the ARN of a set; the name before it is this one set\'s.');
    }
    log.grantWrite(role);
    return new lambda.Function(this, 'Provider', {
      description: 'Makes the IP sets of a lock-down, outside of what CloudFormation knows of them',
      ...bundled('lockdown'),
      timeout: Duration.minutes(2),
      role: role.withoutPolicyUpdates(),
      logGroup: log,
    });
  }
}
