import { CfnResource } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { UntranslatableError } from '../../../src/drill/edge/translate';
import type { HostModel, NetworkModel, VpcModel } from '../../../src/drill/network/model';
import { translateNetwork } from '../../../src/drill/network/translate';
import { CONFIGURATION_VARIABLE } from '../../../src/gate/contract';
import { GATE_CONFIGURATION } from '../../support/gate-template';
import { graphOf, plainNetwork } from './plain-network';

type Alter = Parameters<typeof plainNetwork>[0];

function modelOf(alter?: Alter): NetworkModel {
  return translateNetwork(graphOf([plainNetwork(alter)]));
}

function only({ vpcs: [vpc, ...others] }: NetworkModel): VpcModel {
  if (vpc === undefined || others.length > 0) throw new Error('It should be one VPC.');
  return vpc;
}

function host({ hosts }: VpcModel, prefix: string): HostModel {
  const found = hosts.find(({ place }) => place.logicalId.startsWith(prefix));
  if (found === undefined) throw new Error(`There is no ${prefix}.`);
  return found;
}

const plain = modelOf();

test('every host stands in its subnet, with the ports on which it answers', () => {
  const vpc = only(plain);
  expect(vpc.cidr).toBe('172.16.0.0/16');
  expect(vpc.hosts.map(({ role, ports }) => ({ role, ports }))).toEqual([
    { role: 'load-balancer', ports: [443] },
    { role: 'service', ports: [8000] },
    { role: 'store', ports: [5432] },
    { role: 'store', ports: [6379] },
    { role: 'nat', ports: [] },
    { role: 'firewall', ports: [] },
  ]);
  expect(new Set(vpc.hosts.map(({ address }) => address)).size).toBe(vpc.hosts.length);
  expect(vpc.hosts.filter(({ publicAddress }) => publicAddress !== undefined).map(({ role }) => role)).toEqual(['nat']);
});

test('the load balancer knows whom it forwards to', () => {
  const vpc = only(plain);
  expect(host(vpc, 'LoadBalancer').front).toEqual({ ports: [443], internetFacing: false, targets: [host(vpc, 'CoreService').key] });
});

test('a store knows the services whose programs are told where it is', () => {
  const told = only(modelOf(({ stack }) => {
    const task = stack.node.findChild('Task').node.defaultChild as CfnResource;
    const cache = stack.node.findChild('Cache') as CfnResource;
    task.addPropertyOverride('ContainerDefinitions.0.Environment', [{ Name: 'REDIS_HOST', Value: cache.getAtt('PrimaryEndPoint.Address') }]);
  }));
  expect([host(told, 'Cache').clients, host(told, 'Database').clients]).toEqual([[host(told, 'CoreService').key], []]);
});

test('a task with a gate knows where its Core listens, and what the load balancer connects to comes first', () => {
  const gated = only(modelOf(({ stack }) => {
    const task = stack.node.findChild('Task').node.defaultChild as CfnResource;
    task.addPropertyOverride('ContainerDefinitions.1', {
      Name: 'Gate', Image: 'gate', PortMappings: [{ ContainerPort: 8443 }], Environment: [{ Name: CONFIGURATION_VARIABLE, Value: JSON.stringify(GATE_CONFIGURATION) }],
    });
    const service = stack.node.findChild('Core').node.findChild('Service') as CfnResource;
    service.addPropertyOverride('LoadBalancers.0', { ContainerName: 'Gate', ContainerPort: 8443 });
  }));
  expect(host(gated, 'CoreService')).toMatchObject({ ports: [8443, 8000], corePort: GATE_CONFIGURATION.core.port });
  expect(host(only(plain), 'CoreService').corePort).toBeUndefined();
});

test('a group holds inline and standalone rules alike, and a port that is an attribute of the store', () => {
  const vpc = only(plain);
  const [key] = host(vpc, 'Database').groups ?? [];
  expect(vpc.groups.find((group) => group.key === key)?.ingress).toEqual([
    { protocol: 'tcp', from: 5432, to: 5432, peer: { kind: 'group', key: host(vpc, 'CoreService').groups?.[0] } },
  ]);
});

test('a private table leads through the firewall, and that one\'s to the NAT gateway', () => {
  const vpc = only(plain);
  const wayOf = ({ table }: HostModel) => vpc.tables.find(({ key }) => key === table)?.routes;
  expect(wayOf(host(vpc, 'CoreService'))).toEqual([{ cidr: '0.0.0.0/0', to: { host: host(vpc, 'Firewall').key } }]);
  expect(wayOf(host(vpc, 'Firewall'))).toEqual([{ cidr: '0.0.0.0/0', to: { host: host(vpc, 'VpcPublicSubnet').key } }]);
  expect(wayOf(host(vpc, 'VpcPublicSubnet'))).toEqual([{ cidr: '0.0.0.0/0', to: 'internet' }]);
});

test('the firewall and the resolver know their names, by priority', () => {
  const vpc = only(plain);
  expect(vpc.firewalls).toEqual([{
    host: host(vpc, 'Firewall').key, lists: [{ kinds: ['TLS_SNI', 'HTTP_HOST'], names: ['.provider.example'], home: ['172.16.0.0/16'] }], unlisted: 'dropped',
  }]);
  expect(vpc.names).toEqual([{ action: 'allow', names: ['*.provider.example'] }, { action: 'block', names: ['*'] }]);
});

test('without inline egress a group lets everything out, whatever stands beside it', () => {
  const vpc = only(modelOf(({ stack }) => {
    const { ref } = new CfnResource(stack, 'Silent', { type: 'AWS::EC2::SecurityGroup', properties: { GroupDescription: 'None' } });
    new ec2.CfnSecurityGroupEgress(stack, 'Beside', { groupId: ref, ipProtocol: 'tcp', fromPort: 1, toPort: 2, cidrIp: '10.0.0.0/8' });
  }));
  expect(vpc.groups.find(({ key }) => key === 'Plain/Silent')?.egress).toEqual([
    { protocol: 'all', peer: { kind: 'cidr', cidr: '0.0.0.0/0' } }, { protocol: 'tcp', from: 1, to: 2, peer: { kind: 'cidr', cidr: '10.0.0.0/8' } },
  ]);
});

test('of several subnets a host stands in the one that is most exposed', () => {
  const vpc = only(modelOf(({ stack, vpc: { isolatedSubnets: [, second] } }) => {
    const gateway = stack.node.findAll().find((child): child is ec2.CfnInternetGateway => child instanceof ec2.CfnInternetGateway);
    const route = stack.node.tryFindChild('Out1') as ec2.CfnRoute;
    route.addPropertyDeletionOverride('VpcEndpointId');
    route.addPropertyOverride('GatewayId', gateway?.ref);
    expect(second?.ipv4CidrBlock).toBeDefined();
  }));
  const { table } = host(vpc, 'CoreService');
  expect(vpc.tables.find(({ key }) => key === table)?.routes).toEqual([{ cidr: '0.0.0.0/0', to: 'internet' }]);
});

test.each<[string, Alter, RegExp]>([
  ['a property that nobody knows', ({ stack }) => (stack.node.findChild('Out0') as ec2.CfnRoute).addPropertyOverride('Teleport', true), /does not know what the property Teleport does to the network/],
  ['a NAT gateway of another template', ({ stack }) => {
    const route = stack.node.findChild('Out0') as ec2.CfnRoute;
    route.addPropertyDeletionOverride('VpcEndpointId');
    route.addPropertyOverride('NatGatewayId', 'nat-1');
  }, /the NAT gateway is in none of the templates/],
  ['rules of a firewall that are no list of domains', ({ stack }) => (stack.node.findChild('Domains') as CfnResource).addPropertyOverride('RuleGroup.RulesSource', { RulesString: 'pass' }), /lists of domains only/],
  ['an address block that is none', ({ stack, vpc }) => {
    new ec2.CfnSecurityGroupIngress(stack, 'Odd', { groupId: vpc.vpcDefaultSecurityGroup, ipProtocol: '-1', cidrIp: '10.0.0.0/99' });
  }, /it is no IPv4 block/],
])('%s ends the translation by name', (_, alter, message) => {
  expect(() => modelOf(alter)).toThrow(UntranslatableError);
  expect(() => modelOf(alter)).toThrow(message);
});

test('what has no place in the network is named as not emulated', () => {
  const { notEmulated } = modelOf(({ stack, vpc }) => {
    new ec2.CfnNetworkAcl(stack, 'Acl', { vpcId: vpc.vpcId });
    new ec2.CfnSecurityGroupIngress(stack, 'Six', { groupId: vpc.vpcDefaultSecurityGroup, ipProtocol: '-1', cidrIpv6: '::/0' });
    new CfnResource(stack, 'Elsewhere', { type: 'AWS::Lambda::Function', properties: { VpcConfig: { SubnetIds: ['subnet-1'], SecurityGroupIds: ['sg-1'] } } });
  });
  expect(notEmulated.map(({ place, property, reason }) => `${place.logicalId} ${property}: ${reason}`)).toEqual(expect.arrayContaining([
    'Acl : the drill\'s network does not have it',
    'Six CidrIpv6: the drill speaks IPv4 only',
    'Elsewhere : the network that it stands in is in none of the templates, so nobody attacks it here',
  ]));
});
