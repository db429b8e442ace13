import { Duration, Names, Token } from 'aws-cdk-lib';
import type * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import * as wafv2 from 'aws-cdk-lib/aws-wafv2';
import { Construct } from 'constructs';
import { invalidProp } from '../invalid-prop';
import { isWhole } from '../whole-number';
import { MAX_RATE, WAF_MIN_LIMIT, WAF_WINDOWS } from './rate';

/** How much one source address may ask for. */
export interface WebAclProps {
  /**
   * Requests that one source address may send within a window before it is answered 429.
   *
   * The edge stops floods; budgets per caller belong behind it, since callers that share a gateway share an address.
   * At least 10, and only approximate (AWS WAF guide); at most 1000 for each second of the window.
   *
   * @default 6000 - ten callers' worth of 10 requests a second behind one address
   */
  readonly rateLimit?: number;

  /**
   * Over how long requests are counted: 60, 120, 300 or 600 seconds (AWS WAF guide).
   *
   * @default Duration.minutes(1)
   */
  readonly rateWindow?: Duration;
}

/** A web ACL that blocks source addresses which flood (RTL-1). */
export class WebAcl extends Construct {
  /** The ARN of the web ACL. */
  public readonly webAclArn: string;

  public constructor(scope: Construct, id: string, props: WebAclProps = {}) {
    super(scope, id);
    const rateWindow = props.rateWindow ?? Duration.minutes(1);
    if (rateWindow.isUnresolved()) throw invalidProp(this, 'rateWindow', 'a token', `WAF counts over ${WAF_WINDOWS.join(', ')} seconds: name one of them.`);
    const window = rateWindow.toMilliseconds() / 1000;
    if (!WAF_WINDOWS.includes(window)) throw invalidProp(this, 'rateWindow', `${window} s`, `WAF counts over ${WAF_WINDOWS.join(', ')} seconds: name one of them.`);
    const limit = props.rateLimit ?? 6000;
    const highest = MAX_RATE * window;
    if (!Token.isUnresolved(limit) && !isWhole(limit, WAF_MIN_LIMIT, highest)) {
      throw invalidProp(this, 'rateLimit', limit, `Name a whole number of requests from ${WAF_MIN_LIMIT} to ${highest}; above that, a limit over ${window} s slows nobody down.`);
    }
    this.webAclArn = new wafv2.CfnWebACL(this, 'Resource', {
      scope: 'REGIONAL',
      defaultAction: { allow: {} },
      visibilityConfig: this.visibility(),
      rules: [{
        name: 'RateLimit',
        priority: 0,
        action: { block: { customResponse: { responseCode: 429 } } },
        statement: { rateBasedStatement: { aggregateKeyType: 'IP', limit, evaluationWindowSec: window } },
        visibilityConfig: this.visibility('RateLimit'),
      }],
    }).attrArn;
  }

  /** Puts the web ACL in front of a load balancer. A load balancer has one at most. */
  public protect(loadBalancer: elbv2.IApplicationLoadBalancer): void {
    if (this.node.tryFindChild('Association')) throw new Error(`${this.node.path}: protect was called twice. Build a second WebAcl.`);
    new wafv2.CfnWebACLAssociation(this, 'Association', { resourceArn: loadBalancer.loadBalancerArn, webAclArn: this.webAclArn });
  }

  private visibility(...rule: string[]): wafv2.CfnWebACL.VisibilityConfigProperty {
    // The names tell the metrics of two web ACLs apart. Sampled requests would hold headers in full, Authorization included.
    return { cloudWatchMetricsEnabled: true, metricName: [Names.uniqueResourceName(this, { maxLength: 64 }), ...rule].join('-'), sampledRequestsEnabled: false };
  }
}
