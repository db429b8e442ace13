import { defineRule, each, fail, NOT_APPLICABLE, type Outcome, PASS } from '../rule';
import type { Property } from '../template/property';
import type { TemplateGraph } from '../template/template-graph';
import { SERVICE } from './containers';
import { isApplicationLoadBalancer, LOAD_BALANCER } from './load-balancing';
import { ingressIs, OTHER_SOURCES, SECURITY_GROUP, STANDALONE_INGRESS } from './net';
import { TASK_NETWORKS } from './net-subnets';

/** What can send requests of its own, and where it names the security groups that it carries. */
const WORKLOADS: readonly (readonly [type: string, property: string])[] = [
  ...[...TASK_NETWORKS].map(([type, { list, network }]) => [type, list ?? `${network}.SecurityGroups`] as const),
  ['AWS::EC2::Instance', 'SecurityGroupIds'],
  ['AWS::EC2::Instance', 'NetworkInterfaces'],
  ['AWS::EC2::LaunchTemplate', 'LaunchTemplateData.SecurityGroupIds'],
  ['AWS::EC2::LaunchTemplate', 'LaunchTemplateData.NetworkInterfaces'],
  ['AWS::AutoScaling::LaunchConfiguration', 'SecurityGroups'],
  ['AWS::EC2::NetworkInterface', 'GroupSet'],
  ['AWS::Lambda::Function', 'VpcConfig.SecurityGroupIds'],
  ['AWS::Serverless::Function', 'VpcConfig.SecurityGroupIds'],
  ['AWS::CodeBuild::Project', 'VpcConfig.SecurityGroupIds'],
  ['AWS::Batch::ComputeEnvironment', 'ComputeResources.SecurityGroupIds'],
];

/** A group that nothing takes traffic from opens no door, whoever carries it. */
function ownToLoadBalancer(place: Property, graph: TemplateGraph): readonly Outcome[] {
  const group = place.reference()?.resource;
  if (group?.type !== SECURITY_GROUP) return NOT_APPLICABLE;
  const trusting = [...graph.pointingAt(group, STANDALONE_INGRESS, 'SourceSecurityGroupId'), ...graph.pointingAt(group, SECURITY_GROUP, 'SecurityGroupIngress')];
  const carrier = WORKLOADS.flatMap(([type, property]) => graph.pointingAt(group, type, property))[0];
  if (!carrier || trusting.length === 0) return PASS;
  return fail(place, `${carrier.logicalId} carries ${group.logicalId} too, so what takes traffic from the load balancer takes it from there as well, past every check`);
}

const loadBalancerGroup = defineRule('NET-2', 'load-balancer-group', {
  appliesTo: [LOAD_BALANCER],
  remediation: 'Give the load balancer a security group of its own, and let nothing else carry it.',
  check(loadBalancer, graph) {
    if (!isApplicationLoadBalancer(loadBalancer)) return NOT_APPLICABLE;
    return each(loadBalancer.prop('SecurityGroups').items(), (place) => ownToLoadBalancer(place, graph));
  },
});

const directService = defineRule('NET-2', 'direct-service', {
  appliesTo: [SERVICE],
  remediation: 'Put the service behind a load balancer that authenticates, or let its security group take traffic from the groups of the workloads that use it.',
  check(service, graph) {
    if (service.prop('LoadBalancers').items().length > 0) return NOT_APPLICABLE;
    const groups = service.prop('NetworkConfiguration.AwsvpcConfiguration.SecurityGroups');
    return each(groups.items(), (place) => (typeof place.value === 'string' ? NOT_APPLICABLE : ingressIs(place, graph, ({ at }, group) => {
      const network = OTHER_SOURCES.map((key) => at.get(key)).find((source) => source.exists);
      return network ? fail(place, `${group.logicalId} takes traffic from ${network.partialText().text}, and no load balancer stands in front of the service`) : PASS;
    })));
  },
});

export const NET_BYPASS_RULES = [loadBalancerGroup, directService];
