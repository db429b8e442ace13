import {
  DescribeListenerAttributesCommand, DescribeLoadBalancerAttributesCommand, DescribeLoadBalancersCommand, DescribeRulesCommand, type DescribeRulesCommandOutput,
  DescribeTargetGroupsCommand, DescribeTargetHealthCommand, ElasticLoadBalancingV2Client, type Listener, paginateDescribeListeners, type TargetGroup, type TargetHealthDescription,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { quietly } from '../../drill/emulator/quietly';
import { REQUEST_HANDLER } from '../aws-errors';
import { RealAws, type RealAwsOptions } from '../lockdown/real-aws';
import { protectedLoadBalancers } from '../lockdown/surroundings';
import { unprovenPaths } from '../lockdown/unproven';
import type { Attributes, DoctorAws, ExaminedListener } from './aws';

/** Load balancers as the operator's credentials see them. */
export class RealLoadBalancers {
  private readonly account: RealAws;
  private readonly elb: ElasticLoadBalancingV2Client;

  public constructor(options: RealAwsOptions) {
    this.account = new RealAws(options);
    this.elb = quietly(() => new ElasticLoadBalancingV2Client({ ...options, requestHandler: REQUEST_HANDLER, maxAttempts: 5 }));
  }

  public async loadBalancerOf(arn: string): ReturnType<DoctorAws['loadBalancerOf']> {
    const { LoadBalancers: [found] = [] } = await this.elb.send(new DescribeLoadBalancersCommand({ LoadBalancerArns: [arn] }));
    if (found === undefined) return undefined;
    const { Attributes } = await this.elb.send(new DescribeLoadBalancerAttributesCommand({ LoadBalancerArn: arn }));
    return { ...found, attributes: toAttributes(Attributes) };
  }

  public async listenersOf(LoadBalancerArn: string): Promise<readonly ExaminedListener[]> {
    const listeners: Listener[] = [];
    for await (const page of paginateDescribeListeners({ client: this.elb }, { LoadBalancerArn })) listeners.push(...page.Listeners ?? []);
    return Promise.all(listeners.map(async (listener) => {
      const { Attributes } = await this.elb.send(new DescribeListenerAttributesCommand({ ListenerArn: listener.ListenerArn }));
      return { ...listener, attributes: toAttributes(Attributes), hosts: await this.hostsOf(listener.ListenerArn) };
    }));
  }

  public async unprovenOf(arn: string): Promise<readonly string[]> {
    return (await protectedLoadBalancers(this.account, [arn])).flatMap(({ listeners, gates }) => unprovenPaths(listeners, gates));
  }

  public async targetGroupOf(arn: string): Promise<TargetGroup | undefined> {
    return (await this.elb.send(new DescribeTargetGroupsCommand({ TargetGroupArns: [arn] }))).TargetGroups?.[0];
  }

  public async targetsOf(TargetGroupArn: string): Promise<readonly TargetHealthDescription[]> {
    return (await this.elb.send(new DescribeTargetHealthCommand({ TargetGroupArn }))).TargetHealthDescriptions ?? [];
  }

  /** Without those that hold a wildcard: no certificate has to be good for what they stand for. */
  private async hostsOf(ListenerArn: string | undefined): Promise<readonly string[]> {
    const hosts = new Set<string>();
    let Marker: string | undefined;
    do {
      const { Rules = [], NextMarker }: DescribeRulesCommandOutput = await this.elb.send(new DescribeRulesCommand({ ListenerArn, Marker }));
      for (const host of Rules.flatMap(({ Conditions = [] }) => Conditions).flatMap(({ HostHeaderConfig }) => HostHeaderConfig?.Values ?? [])) if (!/[*?]/.test(host)) hosts.add(host);
      Marker = NextMarker;
    } while (Marker);
    return [...hosts];
  }
}

function toAttributes(list: readonly { readonly Key?: string | undefined; readonly Value?: string | undefined }[] = []): Attributes {
  return new Map(list.map(({ Key = '', Value = '' }) => [Key, Value]));
}
