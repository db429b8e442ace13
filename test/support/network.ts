import { CfnResource, type Stack } from 'aws-cdk-lib';
import { CfnInternetGateway, CfnNatGateway, CfnRoute, CfnRouteTable, CfnSecurityGroup, CfnSubnet, CfnSubnetRouteTableAssociation, CfnVPC } from 'aws-cdk-lib/aws-ec2';
import { CfnService } from 'aws-cdk-lib/aws-ecs';
import { CfnDBSubnetGroup } from 'aws-cdk-lib/aws-rds';
import { httpsListener, loadBalancer, targetGroup } from './load-balancing';

type SubnetProps = Partial<ConstructorParameters<typeof CfnSubnet>[2]>;
type RouteProps = Partial<ConstructorParameters<typeof CfnRoute>[2]>;
export type Ingress = CfnSecurityGroup.IngressProperty;

/** A subnet with a route table of its own; the test adds the routes. */
export function subnet(stack: Stack, props: SubnetProps = {}): { readonly subnet: CfnSubnet; readonly table: CfnRouteTable } {
  const vpcId = new CfnVPC(stack, 'Vpc', { cidrBlock: '10.0.0.0/16' }).ref;
  const made = new CfnSubnet(stack, 'Subnet', { vpcId, cidrBlock: '10.0.0.0/24', ...props });
  const table = new CfnRouteTable(stack, 'Table', { vpcId });
  new CfnSubnetRouteTableAssociation(stack, 'Association', { subnetId: made.ref, routeTableId: table.ref });
  return { subnet: made, table };
}

export function route(stack: Stack, table: CfnRouteTable, props: RouteProps): CfnRoute {
  return new CfnRoute(stack, 'Route', { routeTableId: table.ref, destinationCidrBlock: '0.0.0.0/0', ...props });
}

/** A subnet whose way out is a NAT gateway. */
export function privateSubnet(stack: Stack, props: SubnetProps = {}): CfnSubnet {
  const made = subnet(stack, props);
  route(stack, made.table, { natGatewayId: new CfnNatGateway(stack, 'Nat', { subnetId: 'subnet-public' }).ref });
  return made.subnet;
}

/** A subnet whose way out is an internet gateway. */
export function publicSubnet(stack: Stack, props: RouteProps = {}): CfnSubnet {
  const made = subnet(stack);
  route(stack, made.table, { gatewayId: new CfnInternetGateway(stack, 'Gateway').ref, ...props });
  return made.subnet;
}

/** A subnet group, as databases take it. */
export function subnetGroup(stack: Stack, ...subnetIds: string[]): CfnDBSubnetGroup {
  return new CfnDBSubnetGroup(stack, 'Subnets', { dbSubnetGroupDescription: 'the database', subnetIds });
}

export function securityGroup(stack: Stack, securityGroupIngress: Ingress[] = [], id = 'Group'): CfnSecurityGroup {
  return new CfnSecurityGroup(stack, id, { groupDescription: id, securityGroupIngress });
}

/** A resource of a hand-written template. */
export function raw(stack: Stack, type: string, properties: object): CfnResource {
  return new CfnResource(stack, 'Raw', { type, properties: { ...properties } });
}

export interface ServiceParts {
  readonly callers: CfnSecurityGroup;
  readonly own: CfnSecurityGroup;
  readonly service: CfnService;
}

/** A service that takes traffic from its load balancer's security group, and from what a test adds. */
export function service(stack: Stack, ingress: Ingress[] = [], network: Partial<CfnService.AwsVpcConfigurationProperty> = {}): ServiceParts {
  const callers = securityGroup(stack, [], 'Callers');
  const target = targetGroup(stack);
  httpsListener(stack, { loadBalancerArn: loadBalancer(stack, { securityGroups: [callers.ref] }).ref, defaultActions: [{ type: 'forward', targetGroupArn: target.ref }] });
  const own = securityGroup(stack, [{ ipProtocol: 'tcp', fromPort: 8443, toPort: 8443, sourceSecurityGroupId: callers.ref }, ...ingress], 'Own');
  return {
    callers,
    own,
    service: new CfnService(stack, 'Service', {
      taskDefinition: 'core:1',
      loadBalancers: [{ targetGroupArn: target.ref, containerName: 'core', containerPort: 8443 }],
      networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'], securityGroups: [own.ref], ...network } },
    }),
  };
}
