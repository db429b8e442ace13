import { Annotations, Names, Stack, Token } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type * as logs from 'aws-cdk-lib/aws-logs';
import * as wafv2 from 'aws-cdk-lib/aws-wafv2';
import { Construct } from 'constructs';
import { invalidProp } from '../invalid-prop';
import { LockdownSwitch } from '../lockdown/lockdown-switch';
import { ClientAddress } from './client-address';
import { blockWith, CUSTOM_RESPONSE_BODIES } from './waf/answers';
import { type Budget, byAddress, byConnection, byHeader } from './waf/budgets';
import { capacityOf, INCLUDED_CAPACITY, MAX_CAPACITY } from './waf/capacity';
import { checkHeaderName } from './waf/header-name';
import { type Budgets, budgetsOf } from './waf/limits';
import { managedRules } from './waf/managed-groups';
import type { RuleDraft } from './waf/rule-draft';
import { adminInDisguise, isInSets, requestsFor } from './waf/statements';
import { WafLog } from './waf/waf-log';
import type { AddressBudget, WebAclOptions, WebAclProps } from './web-acl-props';

export type { AddressBudget, WebAclOptions, WebAclProps } from './web-acl-props';

const BLOCKED = 'BlockedRequests';
const LOCKDOWN = 'Lockdown';

/**
 * A web ACL that shuts everybody out on demand (INC-1), blocks addresses that flood (RTL-1) and requests that AWS knows to be bad.
 */
export class WebAcl extends Construct {
  /** The ARN of the web ACL. */
  public readonly webAclArn: string;

  /** The switch that shuts everybody out. */
  public readonly lockdown: LockdownSwitch;

  /** What was decided about each request. */
  public readonly logGroup: logs.ILogGroup;

  /** What the rules cost in web ACL capacity units, as far as AWS documents it; 1500 are in the price. */
  public readonly capacity: number;

  /** What one address may send, as a budget for callers behind it has to fit in. */
  public readonly addressBudget: AddressBudget;

  public constructor(scope: Construct, id: string, props: WebAclProps = {}) {
    super(scope, id);
    checkNotIdle(this, props);
    const keyHeader = props.keyHeader === undefined ? undefined : checkHeaderName(this, 'keyHeader', props.keyHeader);
    this.lockdown = new LockdownSwitch(this, 'LockdownSwitch', { records: props.lockdownRecords, removalPolicy: props.removalPolicy });
    const routes = props.routes ?? [];
    const budgets = budgetsOf(this, props);
    this.addressBudget = { perMinute: perMinute(budgets.any), heavyPerMinute: perMinute(budgets.heavy) };
    const drafts = [
      this.lockdownRule(),
      ...this.rateRules(props, budgets, keyHeader),
      // Routes that name one path each let no other spelling through.
      ...routes.some(({ _isSubtree }) => _isSubtree) ? [{ name: 'AdminSpelling', verdict: { action: blockWith('suspicious') }, statement: adminInDisguise() }] : [],
      ...managedRules(routes.filter(({ _options }) => _options.promptSized)),
    ];
    this.capacity = this.checkedCapacity(drafts);
    const webAcl = new wafv2.CfnWebACL(this, 'Resource', {
      scope: 'REGIONAL',
      defaultAction: { allow: {} },
      visibilityConfig: this.visibility(),
      customResponseBodies: CUSTOM_RESPONSE_BODIES,
      rules: drafts.map(({ name, verdict, statement }, priority) => ({ name, priority, ...verdict, statement, visibilityConfig: this.visibility(name) })),
    });
    this.webAclArn = webAcl.attrArn;
    this.logGroup = new WafLog(this, 'Log', {
      webAclArn: this.webAclArn,
      logGroup: props.logGroup,
      retention: props.logRetention,
      encryptionKey: props.logEncryptionKey,
      removalPolicy: props.removalPolicy,
      redactedHeaders: [...(keyHeader === undefined ? [] : [keyHeader]), ...(props.credentialHeaders ?? []).map((header) => checkHeaderName(this, 'credentialHeaders', header))],
    }).logGroup;
  }

  /** Puts the web ACL in front of a load balancer. A load balancer has one at most. */
  public protect(loadBalancer: elbv2.IApplicationLoadBalancer): void {
    if (this.node.tryFindChild('Association')) throw new Error(`${this.node.path}: protect was called twice. Build a second WebAcl.`);
    new wafv2.CfnWebACLAssociation(this, 'Association', { resourceArn: loadBalancer.loadBalancerArn, webAclArn: this.webAclArn });
  }

  /**
   * What it decided, such as `AllowedRequests`; by default in five minutes, of all rules together.
   *
   * @param metricName one of AWS WAF's
   */
  public metric(metricName: string, props?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.counted(metricName, 'ALL', props);
  }

  /** Requests that it blocked, those of a lock-down included. */
  public metricBlocked(props?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric(BLOCKED, props);
  }

  /** Requests that it blocked since a lock-down shut everybody out. */
  public metricLockedOut(props?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.counted(BLOCKED, this.metricName(LOCKDOWN), props);
  }

  /** Requests that it blocked for what they are, and not since a lock-down shut everybody out. */
  public metricAttacks(props: cloudwatch.MetricOptions = {}): cloudwatch.MathExpression {
    const { period, label = 'Blocked by the web ACL', color } = props;
    // AWS WAF tells of no zeros.
    return new cloudwatch.MathExpression({ expression: 'FILL(blocked, 0) - FILL(shut, 0)', usingMetrics: { blocked: this.metricBlocked(), shut: this.metricLockedOut() }, period, label, color });
  }

  /** As AWS WAF names its metrics for a regional web ACL: by the names of its and its rules' metrics, not by theirs (AWS WAF guide, "AWS WAF metrics and dimensions"). */
  private counted(metricName: string, rule: string, props?: cloudwatch.MetricOptions): cloudwatch.Metric {
    const dimensionsMap = { WebACL: this.metricName(), Rule: rule, Region: Stack.of(this).region };
    return new cloudwatch.Metric({ namespace: 'AWS/WAFV2', metricName, dimensionsMap, statistic: cloudwatch.Stats.SUM, ...props });
  }

  private lockdownRule(): RuleDraft {
    return { name: LOCKDOWN, verdict: { action: blockWith('locked') }, statement: isInSets([this.lockdown.ipv4SetArn, this.lockdown.ipv6SetArn]) };
  }

  private rateRules(props: WebAclProps, budgets: Budgets, keyHeader: string | undefined): RuleDraft[] {
    const clientAddress = props.clientAddress ?? ClientAddress.source();
    const keys = clientAddress._bind(this);
    const routes = props.routes ?? [];
    const credentialRoutes = routes.filter(({ _options }) => _options.takesCredentials);
    const heavyRoutes = routes.filter(({ _options }) => _options.heavy);
    return [
      ...(credentialRoutes.length > 0 ? byAddress('Credentials', budgets.credentials, keys, requestsFor(credentialRoutes)) : []),
      ...(heavyRoutes.length > 0 ? byAddress('HeavyRoutes', budgets.heavy, keys, requestsFor(heavyRoutes)) : []),
      ...(keyHeader === undefined ? [] : byHeader(keyHeader, budgets.key, budgets.keyless)),
      ...byAddress('RateLimit', budgets.any, keys),
      ...(clientAddress._isForwarded ? [byConnection('RateLimitOfConnections', budgets.connection)] : []),
    ];
  }

  private checkedCapacity(drafts: readonly RuleDraft[]): number {
    const capacity = capacityOf(drafts.map(({ statement }) => statement));
    const todo = 'Declare several of the routes with options as one Route.subtree.';
    if (capacity > MAX_CAPACITY) throw invalidProp(this, 'routes', `worth ${capacity} capacity units`, `WAF takes ${MAX_CAPACITY} at most. ${todo}`);
    if (capacity > INCLUDED_CAPACITY) {
      Annotations.of(this).addWarningV2('cdk-secure-core:web-acl-capacity', `The web ACL needs ${capacity} capacity units; above ${INCLUDED_CAPACITY}, AWS charges more for each request. ${todo}`);
    }
    return capacity;
  }

  /** Tells the metrics of two web ACLs apart. */
  private metricName(...rule: string[]): string {
    return [Names.uniqueResourceName(this, { maxLength: 64 }), ...rule].join('-');
  }

  private visibility(...rule: string[]): wafv2.CfnWebACL.VisibilityConfigProperty {
    // Sampled requests would hold headers in full, Authorization included.
    return { cloudWatchMetricsEnabled: true, metricName: this.metricName(...rule), sampledRequestsEnabled: false };
  }
}

/** A limit that only a deployment knows stays what it is. */
const perMinute = ({ limit, window }: Budget): number => (Token.isUnresolved(limit) ? limit : limit * 60 / window);

/** What an option needs beside it, or else would do nothing. */
const NEEDS: readonly { readonly option: keyof WebAclOptions; readonly why: string; readonly isIdle: (options: WebAclOptions) => boolean }[] = [
  { option: 'keyRateLimit', why: 'Name the keyHeader that it counts by.', isIdle: ({ keyHeader }) => keyHeader === undefined },
  { option: 'keylessRateLimit', why: 'Name the keyHeader that is missing from the requests it counts.', isIdle: ({ keyHeader }) => keyHeader === undefined },
  { option: 'logRetention', why: 'Set it on the logGroup itself.', isIdle: ({ logGroup }) => logGroup !== undefined },
  { option: 'logEncryptionKey', why: 'Set it on the logGroup itself.', isIdle: ({ logGroup }) => logGroup !== undefined },
];

function checkNotIdle(scope: Construct, options: WebAclOptions): void {
  for (const { option, why, isIdle } of NEEDS) {
    const given = options[option];
    if (given !== undefined && isIdle(options)) throw invalidProp(scope, option, typeof given === 'object' ? 'given' : given, `It would do nothing. ${why}`);
  }
}
