import { Fn, type Stack } from 'aws-cdk-lib';
import { CfnEgressOnlyInternetGateway, CfnNatGateway, type CfnRouteTable, CfnSecurityGroup, CfnSecurityGroupEgress, Peer, Port, SecurityGroup, Vpc } from 'aws-cdk-lib/aws-ec2';
import { CfnService } from 'aws-cdk-lib/aws-ecs';
import { CfnFirewall, CfnFirewallPolicy } from 'aws-cdk-lib/aws-networkfirewall';
import { deployTimeValue, httpsListener, loadBalancer } from '../../support/load-balancing';
import { raw, route, securityGroup, subnet } from '../../support/network';
import { describeRule } from '../../support/rule-cases';

type Egress = CfnSecurityGroup.EgressProperty;

const tcp = (destination: Partial<Egress>, from: number, to = from): Egress => ({ ipProtocol: 'tcp', fromPort: from, toPort: to, ...destination });
const WORLD = { cidrIp: '0.0.0.0/0' };
const INSIDE = { cidrIp: '10.0.0.0/16' };
const EVERYTHING: Egress = { ipProtocol: '-1', ...WORLD };

const group = (stack: Stack, securityGroupEgress?: Egress[], id = 'Group'): CfnSecurityGroup => new CfnSecurityGroup(stack, id, { groupDescription: id, securityGroupEgress });

const policyArn = (stack: Stack): string => new CfnFirewallPolicy(stack, 'Policy', {
  firewallPolicyName: 'egress', firewallPolicy: { statelessDefaultActions: ['aws:drop'], statelessFragmentDefaultActions: ['aws:drop'] },
}).attrFirewallPolicyArn;

/** The endpoint of a Network Firewall, as a template takes it out of the firewall's list. */
function firewallEndpoint(stack: Stack, firewallPolicyArn = policyArn(stack)): string {
  const firewall = new CfnFirewall(stack, 'Firewall', { firewallName: 'egress', firewallPolicyArn, vpcId: 'vpc-1', subnetMappings: [{ subnetId: 'subnet-2' }] });
  return Fn.select(1, Fn.split(':', Fn.select(0, firewall.attrEndpointIds)));
}

type Way = (stack: Stack, table: CfnRouteTable) => unknown;

const NOWHERE: Way = () => undefined;
const throughNat: Way = (stack, table) => route(stack, table, { natGatewayId: new CfnNatGateway(stack, 'Nat', { subnetId: 'subnet-public' }).ref });
const throughFirewall: Way = (stack, table) => route(stack, table, { vpcEndpointId: firewallEndpoint(stack) });

/** A service that carries a group, in a subnet with a way out. */
function tasks(stack: Stack, groups: CfnSecurityGroup[], way: Way = NOWHERE): CfnService {
  const made = subnet(stack);
  way(stack, made.table);
  return new CfnService(stack, 'Service', {
    taskDefinition: 'core:1', networkConfiguration: { awsvpcConfiguration: { subnets: [made.subnet.ref], securityGroups: groups.map(({ attrGroupId }) => attrGroupId) } },
  });
}

const edge = (stack: Stack, egress: Egress[], ...actions: string[]): unknown => httpsListener(stack, {
  loadBalancerArn: loadBalancer(stack, { securityGroups: [group(stack, egress).attrGroupId] }).ref,
  defaultActions: [...actions, 'fixed-response'].map((type, order) => ({ type, order: order + 1 })),
});

const ANYWHERE = /lets out to 0\.0\.0\.0\/0, which is \(most of\) the internet/;

describeRule('NET-5.workload-egress', {
  compliant: {
    'another group': (stack) => tasks(stack, [group(stack, [tcp({ destinationSecurityGroupId: securityGroup(stack, [], 'Other').attrGroupId }, 0, 65_535)])]),
    'a prefix list': (stack) => tasks(stack, [group(stack, [tcp({ destinationPrefixListId: 'pl-1' }, 443)])]),
    'one port of a network': (stack) => tasks(stack, [group(stack, [tcp(INSIDE, 5432)])]),
    'nobody, as the CDK writes it': (stack) => tasks(stack, [group(stack, [{ ipProtocol: 'icmp', fromPort: 252, toPort: 86, cidrIp: '255.255.255.255/32' }])]),
    'addresses of gateway endpoints, where nothing else is to be reached': (stack) => tasks(stack, [group(stack, [tcp(WORLD, 443)])]),
    'anywhere, through a firewall': (stack) => tasks(stack, [group(stack, [EVERYTHING])], throughFirewall),
    'a rule beside the group': (stack) => {
      const own = group(stack);
      new CfnSecurityGroupEgress(stack, 'Out', { groupId: own.attrGroupId, ...tcp(INSIDE, 5432) });
      tasks(stack, [own]);
    },
    'a load balancer that fetches keys': (stack) => edge(stack, [tcp(WORLD, 443)], 'jwt-validation'),
    'a load balancer that trades codes for tokens': (stack) => edge(stack, [tcp(WORLD, 443)], 'authenticate-oidc'),
    'a load balancer that reaches its targets': (stack) => edge(stack, [tcp(INSIDE, 8443)]),
  },
  violating: {
    'a group as CloudFormation makes it': { build: (stack) => tasks(stack, [group(stack)]), message: /Group names no egress rule, and then everything may leave/, severity: 'error' },
    'a group as the CDK makes it': {
      build: (stack) => {
        const vpc = new Vpc(stack, 'Net', { natGateways: 1 });
        const own = new SecurityGroup(stack, 'Own', { vpc });
        const subnets = [vpc.privateSubnets[0]?.subnetId ?? ''];
        new CfnService(stack, 'Service', { taskDefinition: 'core:1', networkConfiguration: { awsvpcConfiguration: { subnets, securityGroups: [own.securityGroupId] } } });
      },
      message: ANYWHERE,
    },
    'everything, though no route leads out': { build: (stack) => tasks(stack, [group(stack, [EVERYTHING])]), message: ANYWHERE },
    'one port of everywhere, by NAT': { build: (stack) => tasks(stack, [group(stack, [tcp(WORLD, 443)])], throughNat), message: ANYWHERE },
    'everywhere by IPv6': { build: (stack) => tasks(stack, [group(stack, [tcp({ cidrIpv6: '::/0' }, 8443)])]), message: /lets out to ::\/0/ },
    'half of everywhere': { build: (stack) => tasks(stack, [group(stack, [tcp({ cidrIp: '128.0.0.0/1' }, 8443)])]), message: /lets out to 128\.0\.0\.0\/1/ },
    'every port of a network': { build: (stack) => tasks(stack, [group(stack, [tcp(INSIDE, 0, 65_535)])]), message: /lets out ports 0 to 65535: name the one/, severity: 'warning' },
    'a rule beside the group': {
      build: (stack) => {
        const own = group(stack, [tcp(INSIDE, 5432)]);
        new CfnSecurityGroupEgress(stack, 'Out', { groupId: own.attrGroupId, ...EVERYTHING });
        tasks(stack, [own]);
      },
      message: ANYWHERE,
    },
    'a load balancer with nothing to fetch': { build: (stack) => edge(stack, [tcp(WORLD, 443)]), message: /Group lets out to 0\.0\.0\.0\/0, and the load balancer has no such thing to do/ },
    'a load balancer that fetches keys, at every port': { build: (stack) => edge(stack, [EVERYTHING], 'jwt-validation'), message: /no such thing to do/ },
    'a load balancer\'s group as CloudFormation makes it': { build: (stack) => loadBalancer(stack, { securityGroups: [group(stack).attrGroupId] }), message: /names no egress rule/ },
  },
  override: {
    build: (stack) => {
      const own = group(stack, [tcp(INSIDE, 5432)]);
      tasks(stack, [own]);
      own.addPropertyOverride('SecurityGroupEgress.0', { IpProtocol: '-1', CidrIp: '0.0.0.0/0' });
    },
    message: ANYWHERE,
  },
  raw: {
    build: (stack) => {
      const groups = [group(stack, [EVERYTHING]).attrGroupId];
      raw(stack, 'AWS::Events::Rule', { Targets: [{ EcsParameters: { NetworkConfiguration: { AwsVpcConfiguration: { Subnets: ['subnet-1'], SecurityGroups: groups } } } }] });
    },
    message: ANYWHERE,
  },
  undecidable: {
    'a group known at deployment': (stack) => raw(stack, 'AWS::ECS::Service', { NetworkConfiguration: { AwsvpcConfiguration: { SecurityGroups: [deployTimeValue(stack)] } } }),
    'a destination known at deployment': (stack) => tasks(stack, [group(stack, [tcp({ cidrIp: deployTimeValue(stack) }, 443)])]),
    'subnets whose way out is in none of the templates': (stack) => raw(stack, 'AWS::ECS::Service', {
      NetworkConfiguration: { AwsvpcConfiguration: { Subnets: ['subnet-1'], SecurityGroups: [group(stack, [tcp(WORLD, 443)]).attrGroupId] } },
    }),
    'a rule that may turn out to be the group\'s': (stack) => {
      tasks(stack, [group(stack, [tcp(INSIDE, 5432)])]);
      new CfnSecurityGroupEgress(stack, 'Out', { groupId: deployTimeValue(stack), ...EVERYTHING });
    },
  },
  notApplicable: {
    'a group that nothing carries': (stack) => {
      const made = new SecurityGroup(stack, 'Own', { vpc: new Vpc(stack, 'Net') });
      made.addIngressRule(Peer.ipv4('10.0.0.0/8'), Port.HTTPS);
    },
    'a network load balancer': (stack) => loadBalancer(stack, { type: 'network', securityGroups: [group(stack).attrGroupId] }),
  },
});

const CLOSED = (stack: Stack): CfnSecurityGroup[] => [group(stack, [tcp(INSIDE, 5432)])];

describeRule('NET-5.workload-route', {
  compliant: {
    'no route out': (stack) => tasks(stack, CLOSED(stack)),
    'a route through a firewall': (stack) => tasks(stack, CLOSED(stack), throughFirewall),
    'a route to a partner by NAT': (stack) => tasks(stack, CLOSED(stack), (_, table) => route(stack, table, { destinationCidrBlock: '198.51.100.0/24', natGatewayId: 'nat-1' })),
  },
  violating: {
    'NAT': { build: (stack) => tasks(stack, CLOSED(stack), throughNat), message: /has a route to a NAT gateway, so what runs in it reaches every address/, severity: 'error' },
    'half of everywhere by NAT': {
      build: (stack) => tasks(stack, CLOSED(stack), (_, table) => route(stack, table, { destinationCidrBlock: '0.0.0.0/1', natGatewayId: 'nat-1' })),
      message: /NAT gateway/,
    },
    'IPv6': {
      build: (stack) => tasks(stack, CLOSED(stack), (_, table) => route(stack, table, {
        destinationCidrBlock: undefined, destinationIpv6CidrBlock: '::/0', egressOnlyInternetGatewayId: new CfnEgressOnlyInternetGateway(stack, 'Out', { vpcId: 'vpc-1' }).ref,
      })),
      message: /egress-only internet gateway/,
    },
  },
  override: {
    build: (stack) => tasks(stack, CLOSED(stack), (_, table) => {
      const way = route(stack, table, { vpcEndpointId: firewallEndpoint(stack) });
      way.addPropertyDeletionOverride('VpcEndpointId');
      way.addPropertyOverride('NatGatewayId', 'nat-1');
    }),
    message: /NAT gateway/,
  },
  raw: {
    build: (stack) => {
      const made = subnet(stack);
      throughNat(stack, made.table);
      raw(stack, 'AWS::Events::Rule', { Targets: [{ EcsParameters: { NetworkConfiguration: { AwsVpcConfiguration: { Subnets: [made.subnet.ref] } } } }] });
    },
    message: /NAT gateway/,
  },
  undecidable: {
    'a firewall with a policy of somebody else': (stack) => tasks(stack, CLOSED(stack), (_, table) => route(stack, table, {
      vpcEndpointId: firewallEndpoint(stack, 'arn:aws:network-firewall:eu-central-1:444455556666:firewall-policy/egress'),
    })),
    'an endpoint of somebody else\'s firewall': (stack) => tasks(stack, CLOSED(stack), (_, table) => route(stack, table, { vpcEndpointId: 'vpce-1' })),
    'a transit gateway': (stack) => tasks(stack, CLOSED(stack), (_, table) => route(stack, table, { transitGatewayId: 'tgw-1' })),
    'a destination known at deployment': (stack) => tasks(stack, CLOSED(stack), (_, table) => route(stack, table, { destinationCidrBlock: deployTimeValue(stack), natGatewayId: 'nat-1' })),
    'a route that may turn out to be the subnet\'s': (stack) => {
      tasks(stack, CLOSED(stack));
      raw(stack, 'AWS::EC2::Route', { RouteTableId: deployTimeValue(stack), DestinationCidrBlock: '0.0.0.0/0', NatGatewayId: 'nat-1' });
    },
  },
  notApplicable: { 'subnets that are in none of the templates': (stack) => raw(stack, 'AWS::ECS::Service', { NetworkConfiguration: { AwsvpcConfiguration: { Subnets: ['subnet-1'] } } }) },
});
