import type { ListenerModel, RuleModel, TargetModel } from '../edge/model';
import type { Dimensions, Measurement } from './series';
import { fullNameOf } from './translate';

const NAMESPACE = 'AWS/ApplicationELB';

/** Who gave an answer: a target, or the load balancer itself. */
export type AnsweredBy = 'target' | 'edge';

/**
 * What a load balancer would count of what the drill's edge has really answered (ELB guide, "CloudWatch metrics for your Application Load Balancer"). It is
 * the drill that counts, at its own end of the wire: the edge is Envoy, which tells CloudWatch nothing.
 */
export class EdgeMetrics {
  private readonly counts = new Map<string, number>();

  public count(by: AnsweredBy, status: number, times = 1): void {
    const digit = Math.trunc(status / 100);
    this.add(by === 'target' ? `HTTPCode_Target_${digit}XX_Count` : `HTTPCode_ELB_${digit}XX_Count`, times);
    // Only those for which a target was chosen.
    if (by === 'target') this.add('RequestCount', times);
  }

  /** @param healthy how many of its targets answer the health check, and how many do not */
  public measurements(listener: ListenerModel, rule: RuleModel, { healthy, unhealthy }: { readonly healthy: number; readonly unhealthy: number }): Measurement[] {
    const LoadBalancer = fullNameOf(listener.loadBalancer);
    const targets = targetsOf(rule).map(({ targetGroup }): Dimensions => ({ LoadBalancer, TargetGroup: `\${${targetGroup.logicalId}.TargetGroupFullName}` }));
    const measured = (name: string, value: number, dimensions: Dimensions): Measurement => ({ namespace: NAMESPACE, name, dimensions, at: 0, value, unit: 'Count' });
    // Nothing is told of what there was none of.
    const counted = [...this.counts].flatMap(([name, value]) => [{ LoadBalancer }, ...targets].map((dimensions) => measured(name, value, dimensions)));
    return [...counted, ...targets.flatMap((dimensions) => [measured('HealthyHostCount', healthy, dimensions), measured('UnHealthyHostCount', unhealthy, dimensions)])];
  }

  private add(name: string, times: number): void {
    this.counts.set(name, (this.counts.get(name) ?? 0) + times);
  }
}

function targetsOf({ actions }: RuleModel): readonly TargetModel[] {
  return actions.flatMap((action) => (action.kind === 'forward' ? action.targets : []));
}
