import { App, Stack, type StackProps } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IPrivateNetwork } from '../../src/network/private-network';

export const ENV = { account: '111122223333', region: 'eu-central-1' };

/** A stack whose account and region are known, so that it has three zones and addresses can be looked up. */
export function regional(app = new App(), id = 'Regional', props: StackProps = {}): Stack {
  return new Stack(app, id, { env: ENV, ...props });
}

/** A role and the security group of what acts as it. */
export interface Workload {
  readonly role: Role;
  readonly group: SecurityGroup;
}

/** Something in the network that uses AWS services, with nothing granted yet. */
export function workload(scope: Stack, network: IPrivateNetwork, id = 'Workload'): Workload {
  const role = new Role(scope, `${id}Role`, { assumedBy: new ServicePrincipal('ecs-tasks.amazonaws.com') });
  const group = new SecurityGroup(scope, id, { vpc: network.vpc, allowAllOutbound: false, description: id });
  network.allowToAwsServices(group, role);
  return { role, group };
}

interface EndpointProps {
  readonly ServiceName: unknown;
  readonly PolicyDocument: { readonly Statement: readonly Record<string, unknown>[] };
  readonly [name: string]: unknown;
}

/** A template's endpoints by the last part of their service's name. */
export function endpoints(stack: Stack): Readonly<Record<string, EndpointProps>> {
  const found = Object.values(Template.fromStack(stack).findResources('AWS::EC2::VPCEndpoint')).map(({ Properties }) => Properties as EndpointProps);
  return Object.fromEntries(found
    .map((properties): [string, EndpointProps] => [/\.([a-z][a-z0-9.-]*)"?\]*\}?$/.exec(JSON.stringify(properties.ServiceName).replace(/com\.amazonaws\.(eu-central-1)?/, ''))?.[1] ?? '?', properties])
    .sort(([a], [b]) => a.localeCompare(b)));
}

/** The statements of an endpoint's policy. */
export function statements(stack: Stack, service: string): readonly Record<string, unknown>[] {
  return endpoints(stack)[service]?.PolicyDocument.Statement ?? [];
}

/** What a security group lets out, inline and by rules of their own. */
export function egressOf(stack: Stack, group: SecurityGroup): readonly Record<string, unknown>[] {
  const template = Template.fromStack(stack);
  const id = (stack.resolve(group.securityGroupId) as { 'Fn::GetAtt': [string, string] })['Fn::GetAtt'][0];
  const inline = (template.findResources('AWS::EC2::SecurityGroup')[id]?.Properties as { SecurityGroupEgress?: Record<string, unknown>[] } | undefined)?.SecurityGroupEgress ?? [];
  const rules = Object.values(template.findResources('AWS::EC2::SecurityGroupEgress', { Properties: { GroupId: { 'Fn::GetAtt': [id, 'GroupId'] } } }))
    .map(({ Properties }) => Properties as Record<string, unknown>);
  return [...inline, ...rules];
}
