import { Duration, Tags } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type { ScalableTaskCount } from 'aws-cdk-lib/aws-ecs';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { AdminGate } from '../authorizer/admin-session';
import type { EdgeProof } from '../authorizer/authorizer';
import { LOGIN_CALLBACK } from '../authorizer/login-callback';
import { invalidProp } from '../invalid-prop';
import type { IPrivateNetwork } from '../network/private-network';
import { GATE_TAG, type UnprovenKind } from './contract';
import { Exposure } from './exposure';
import { functionTargetGroup } from './function-target';
import { notFound } from './https-listener';
import type { GateTarget, IngressTargetProps } from './ingress-props';
import { CLIENT_CERTIFICATE_HEADERS } from './client-certificate-headers';
import type { PlacedRoute, PriorityPlan } from './priorities';
import { checkGateTarget, checkTarget } from './target-checks';

/** A listener with what stands before the target there. */
export interface GuardedListener {
  /** The id that its rules stand under. */
  readonly id: string;
  readonly listener: elbv2.IApplicationListener;
  readonly proof: EdgeProof;
  /** What stands before the admin plane; nothing where that is cut out. */
  readonly admin?: AdminGate;
}

export interface ForwardingProps {
  readonly network: IPrivateNetwork;
  readonly exposure: Exposure;
  readonly domainName: string;
  /** As metrics name the load balancer. */
  readonly loadBalancerName: string;
  readonly routes: readonly PlacedRoute[];
  readonly plan: PriorityPlan;
  readonly listeners: readonly GuardedListener[];
  readonly streamIdleTimeout: Duration;
  /** Whether some listener forwards what nobody has proven anything about, so that the target has to be a gate. */
  readonly isGateOnly: boolean;
  /** Whether the target asks for every proof itself, so that it has to be the function that was meant. */
  readonly isForFunction: boolean;
  /** Whether the load balancer is one with public addresses. Whoever changes that gets another load balancer. */
  readonly internetFacing?: boolean;
}

const ADMIN_PATHS = ['/admin', '/admin/*'];

/** The longest that a load balancer waits for open requests (ELB API, TargetGroupAttribute). */
const MAX_DRAIN = Duration.hours(1);

/** Forwards declared routes to one target: all that a load balancer of one's own and somebody else's have in common. */
export class Forwarding {
  private targetGroup?: elbv2.ApplicationTargetGroup;

  public constructor(private readonly scope: Construct, private readonly props: ForwardingProps) {}

  public to(target: elbv2.IApplicationLoadBalancerTarget, props: IngressTargetProps): void {
    this.checkFirst();
    if (this.props.isForFunction) throw invalidProp(this.scope, 'authorizer', 'for a function', 'Only the function that it was made for asks who calls: forward to nothing else.');
    checkTarget(this.scope, props);
    const { listeners } = this.props;
    checkGateTarget(this.scope, props._gate, { routes: this.props.routes.length, listeners: listeners.length, hasAdmin: listeners.some(({ admin }) => admin), isGateOnly: this.props.isGateOnly });
    if (this.props.exposure === Exposure.OFF) return;
    const protocol = props.protocol ?? elbv2.ApplicationProtocol.HTTP;
    // A target group belongs to one load balancer at a time (ELB API, TargetGroupAssociationLimit), so the one that replaces another brings its own.
    this.targetGroup = new elbv2.ApplicationTargetGroup(this.scope, this.props.internetFacing ? 'PublicTarget' : 'Target', {
      vpc: this.props.network.vpc,
      targetType: elbv2.TargetType.IP,
      protocol,
      port: props.port,
      targets: [target],
      deregistrationDelay: shorterOf(this.props.streamIdleTimeout, MAX_DRAIN),
      healthCheck: {
        protocol: protocol === elbv2.ApplicationProtocol.HTTPS ? elbv2.Protocol.HTTPS : elbv2.Protocol.HTTP,
        path: props.healthCheckPath,
        healthyHttpCodes: '200',
        interval: Duration.seconds(15),
        timeout: Duration.seconds(5),
      },
    });
    const unproven = this.unproven(props._gate);
    if (unproven.length > 0) Tags.of(this.targetGroup).add(GATE_TAG, unproven.join(' '));
    for (const listener of listeners) this.addRules(listener, this.targetGroup, props._gate ?? {});
  }

  /** To a function that asks for every proof itself, and to no other: it was bound with what asks nobody. */
  public toFunction(handler: IFunction): void {
    this.checkFirst();
    if (!this.props.isForFunction) throw new Error(`${this.scope.node.path}: its authorizer is for a target that is no function. Forward to that.`);
    if (this.props.exposure === Exposure.OFF) return;
    this.targetGroup = functionTargetGroup(this.scope, handler);
    for (const listener of this.props.listeners) this.addRules(listener, this.targetGroup, {});
  }

  public scale(tasks: ScalableTaskCount, requestsPerTask: number): void {
    if (this.props.exposure === Exposure.OFF) return;
    if (!this.targetGroup) throw new Error(`${this.scope.node.path}: scaleOnRequests was called before forwardTo. Forward to the service first.`);
    tasks.scaleOnRequestCount('Requests', { requestsPerTarget: requestsPerTask, targetGroup: this.targetGroup });
  }

  /** What is told of the target, if there is one. */
  public metric(metricName: string, props?: cloudwatch.MetricOptions): cloudwatch.Metric | undefined {
    if (!this.targetGroup) return undefined;
    const dimensionsMap = { LoadBalancer: this.props.loadBalancerName, TargetGroup: this.targetGroup.targetGroupFullName };
    return new cloudwatch.Metric({ namespace: 'AWS/ApplicationELB', metricName, dimensionsMap, ...props });
  }

  private checkFirst(): void {
    if (this.targetGroup) throw new Error(`${this.scope.node.path}: forwardTo was called twice. An ingress has one target: build a second ingress.`);
  }

  private addRules({ id, listener, proof, admin }: GuardedListener, targetGroup: elbv2.IApplicationTargetGroup, { preflight, publicHealthPath }: GateTarget): void {
    const rules = new Construct(this.scope, id);
    const add = (rule: string, priority: number, action: elbv2.ListenerAction, ...conditions: elbv2.ListenerCondition[]): void => {
      new elbv2.ApplicationListenerRule(rules, rule, {
        listener, priority, action, conditions: [elbv2.ListenerCondition.hostHeaders([this.props.domainName]), ...conditions],
      });
    };
    const forward = (): elbv2.ListenerAction => elbv2.ListenerAction.forward([targetGroup]);
    const { claimedIdentity, cutOut, anonymous } = this.props.plan;
    if (this.targetTrustsCertificates() && !proof.mutualAuthentication) {
      // A listener without certificates lets these headers pass, and the target could not tell them from those of the listener with (IDN-7).
      for (const [index, header] of CLIENT_CERTIFICATE_HEADERS.entries()) {
        const refused = elbv2.ListenerAction.fixedResponse(400, { contentType: 'text/plain', messageBody: 'Bad request' });
        add(`Claims${header.replaceAll('-', '')}`, claimedIdentity + index, refused, elbv2.ListenerCondition.httpHeader(header, ['*']));
      }
    }
    const adminPaths = elbv2.ListenerCondition.pathPatterns(ADMIN_PATHS);
    if (admin) {
      // Whether a rule has to take the callback is not said, so one does. Host, method and three paths are the five values that a rule takes.
      add('AdminLogin', cutOut, admin.guard(forward()), elbv2.ListenerCondition.httpRequestMethods(['GET']), elbv2.ListenerCondition.pathPatterns([...ADMIN_PATHS, LOGIN_CALLBACK]));
      add('Admin', cutOut + 1, admin.refuse(forward()), adminPaths);
    } else {
      add('Admin', cutOut + 1, notFound(), adminPaths);
    }
    // Of a listener with client certificates these too come after the handshake: whoever has none gets no answer at all.
    if (preflight) add('Preflight', anonymous, forward(), elbv2.ListenerCondition.httpRequestMethods(['OPTIONS']));
    if (publicHealthPath !== undefined) {
      add('PublicHealth', anonymous + 1, forward(), elbv2.ListenerCondition.httpRequestMethods(['GET']), elbv2.ListenerCondition.pathPatterns([publicHealthPath]));
    }
    for (const { route, id: routeId, priority } of this.props.routes) {
      const methods = route._method === 'ANY' ? [] : [elbv2.ListenerCondition.httpRequestMethods([route._method])];
      add(routeId, priority, proof.guard(forward()), elbv2.ListenerCondition.pathPatterns(route._patterns), ...methods);
    }
  }

  /** What the target is forwarded without a proof. */
  private unproven(gate: GateTarget | undefined): readonly UnprovenKind[] {
    if (!gate) return [];
    const { preflight = false, publicHealthPath } = gate;
    return [...(this.props.isGateOnly ? ['callers' as const] : []), ...(preflight ? ['preflight' as const] : []), ...(publicHealthPath === undefined ? [] : ['health' as const])];
  }

  /** Whether another listener tells the target by headers whose certificate a caller has. */
  private targetTrustsCertificates(): boolean {
    return this.props.listeners.some(({ proof }) => proof.mutualAuthentication !== undefined);
  }
}

function shorterOf(one: Duration, other: Duration): Duration {
  return one.toSeconds() < other.toSeconds() ? one : other;
}
