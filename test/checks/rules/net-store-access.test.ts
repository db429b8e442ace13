import { CfnResource, type Stack } from 'aws-cdk-lib';
import { CfnPrefixList, type CfnSecurityGroup, CfnSecurityGroupIngress, CfnVPC, Peer, Port, SecurityGroup, Vpc } from 'aws-cdk-lib/aws-ec2';
import { CfnReplicationGroup } from 'aws-cdk-lib/aws-elasticache';
import { CfnDBInstance, DatabaseInstance, DatabaseInstanceEngine } from 'aws-cdk-lib/aws-rds';
import { deployTimeValue, loadBalancer } from '../../support/load-balancing';
import { type Ingress, raw, securityGroup } from '../../support/network';
import { remoteCore } from '../../support/remote-core';
import { describeRule } from '../../support/rule-cases';

const NETWORK = '10.0.0.0/16';
const tcp = (fromPort: number, toPort = fromPort, source: Partial<Ingress> = { cidrIp: NETWORK }): Ingress => ({ ipProtocol: 'tcp', fromPort, toPort, ...source });

/** A security group that nothing carries and that opens this. */
const opening = (stack: Stack, ...rules: Ingress[]): CfnSecurityGroup => securityGroup(stack, rules);

/** The same as a rule of its own, for a group that stands in the template or not. */
const standalone = (stack: Stack, rule: Ingress, groupId = securityGroup(stack).attrGroupId): CfnSecurityGroupIngress => new CfnSecurityGroupIngress(stack, 'Ingress', { groupId, ...rule });

/** The security group of a load balancer of this type. */
const frontGroup = (stack: Stack, type: string, ...rules: Ingress[]): CfnSecurityGroup => {
  const group = opening(stack, ...rules);
  loadBalancer(stack, { type, securityGroups: [group.attrGroupId] });
  return group;
};

/** The security group of an application load balancer, beside the group of a store. */
const frontGroupBeside = (stack: Stack): CfnSecurityGroup => {
  const group = securityGroup(stack, [], 'Front');
  loadBalancer(stack, { type: 'application', securityGroups: [group.attrGroupId] });
  return group;
};

const STORES = { 5432: 'PostgreSQL', 6379: 'Redis', 6380: 'Redis read replicas', 9090: 'Prometheus', 11211: 'memcached' };

describeRule('NET-4.store-ports', {
  compliant: {
    'a group that opens nothing': (stack) => opening(stack),
    'a store port for another group': (stack) => opening(stack, tcp(5432, 5432, { sourceSecurityGroupId: securityGroup(stack, [], 'Core').attrGroupId })),
    'a store port for a group known at deployment': (stack) => opening(stack, tcp(5432, 5432, { sourceSecurityGroupId: deployTimeValue(stack) })),
    'a store port for a group, in a rule of its own': (stack) => standalone(stack, tcp(6379, 6379, { sourceSecurityGroupId: 'sg-1' })),
    'a range of ports for the group of a load balancer': (stack) => opening(stack, tcp(5000, 9000, { sourceSecurityGroupId: frontGroupBeside(stack).attrGroupId })),
    'the port of a Core for the group of a load balancer': (stack) => opening(stack, tcp(8000, 8000, { sourceSecurityGroupId: frontGroupBeside(stack).attrGroupId })),
    'every port for another group': (stack) => opening(stack, { ipProtocol: '-1', sourceSecurityGroupId: 'sg-1' }),
    'a port known at deployment, for another group': (stack) => {
      opening(stack).addPropertyOverride('SecurityGroupIngress', [{ IpProtocol: 'tcp', FromPort: deployTimeValue(stack), ToPort: 5432, SourceSecurityGroupId: 'sg-1' }]);
    },
    'port 443 for a network': (stack) => opening(stack, tcp(443)),
    'port 443 for a network, in a rule of its own': (stack) => standalone(stack, tcp(443)),
    'port 443 for a network known at deployment': (stack) => opening(stack, tcp(443, 443, { cidrIp: deployTimeValue(stack) })),
    'ports around those of a store': (stack) => opening(stack, tcp(5433, 6378), tcp(5000, 5431), tcp(6381, 9089)),
    'ICMP, which has no ports': (stack) => opening(stack, { ipProtocol: 'icmp', fromPort: -1, toPort: -1, cidrIp: NETWORK }),
    'the group of a load balancer, of which NET-3 judges every port': (stack) => frontGroup(stack, 'application', tcp(443), tcp(0, 65_535)),
    'the same in a rule of its own': (stack) => standalone(stack, tcp(5432), frontGroup(stack, 'application').attrGroupId),
    'a SecureCore': (stack) => remoteCore(stack),
    'the constructs of the CDK': (stack) => {
      const vpc = new Vpc(stack, 'Vpc');
      const store = new SecurityGroup(stack, 'Store', { vpc });
      store.addIngressRule(new SecurityGroup(stack, 'Core', { vpc }), Port.tcp(5432));
    },
  },
  violating: {
    ...Object.fromEntries(Object.entries(STORES).map(([port, service]) => [`port ${port} for a network`, {
      build: (stack: Stack) => opening(stack, tcp(Number(port))),
      message: new RegExp(`^lets 10\\.0\\.0\\.0/16 reach port ${port} \\(${service}\\): stores`),
      severity: 'error' as const,
    }])),
    'a single address': { build: (stack) => opening(stack, tcp(5432, 5432, { cidrIp: '10.0.0.7/32' })), message: /lets 10\.0\.0\.7\/32 reach/ },
    'a network by IPv6': { build: (stack) => opening(stack, tcp(6379, 6379, { cidrIpv6: 'fd00::/64' })), message: /lets fd00::\/64 reach/ },
    'a network of the template': {
      build: (stack) => opening(stack, tcp(6379, 6379, { cidrIp: new CfnVPC(stack, 'Vpc', { cidrBlock: NETWORK }).attrCidrBlock })),
      message: /lets \$\{Vpc\.CidrBlock\} reach/,
    },
    'a prefix list': { build: (stack) => opening(stack, tcp(9090, 9090, { sourcePrefixListId: 'pl-1' })), message: /lets pl-1 reach/ },
    'a prefix list of the template': {
      build: (stack) => opening(stack, tcp(9090, 9090, { sourcePrefixListId: new CfnPrefixList(stack, 'List', { addressFamily: 'IPv4', maxEntries: 1, prefixListName: 'callers' }).attrPrefixListId })),
      message: /lets \$\{List\.PrefixListId\} reach/,
    },
    'memcached by UDP': { build: (stack) => opening(stack, { ...tcp(11_211), ipProtocol: 'udp' }), message: /reach port 11211/ },
    'the group of a load balancer': {
      build: (stack) => opening(stack, tcp(5432, 5432, { sourceSecurityGroupId: frontGroupBeside(stack).attrGroupId })), message: /lets \$\{Front\.GroupId\} reach port 5432/,
    },
    'the group of a load balancer, in a rule of its own': {
      build: (stack) => standalone(stack, tcp(6379, 6379, { sourceSecurityGroupId: frontGroupBeside(stack).attrGroupId })), message: /lets \$\{Front\.GroupId\} reach port 6379/,
    },
    'a range with one of them at its end': { build: (stack) => opening(stack, tcp(5000, 5432)), message: /reach port 5432 / },
    'a range with two of them': { build: (stack) => opening(stack, tcp(6379, 6380)), message: /reach ports 6379 \(Redis\), 6380 \(Redis read replicas\):/ },
    'every protocol': { build: (stack) => opening(stack, { ipProtocol: '-1', cidrIp: NETWORK }), message: /reach ports 5432 .* 11211 \(memcached\)/ },
    'a port in a rule of its own': { build: (stack) => standalone(stack, tcp(5432)), message: /reach port 5432/ },
    'a port in a rule for a group by its id': { build: (stack) => standalone(stack, tcp(5432), 'sg-1'), message: /reach port 5432/ },
    'a port in a rule for a group known at deployment': { build: (stack) => standalone(stack, tcp(5432), deployTimeValue(stack)), message: /reach port 5432/ },
    'a port beside one that is not known': { build: (stack) => opening(stack, tcp(5432), tcp(5432, 5432, { cidrIp: deployTimeValue(stack) })), message: /lets 10\.0\.0\.0\/16 reach port 5432/ },
    'the group of a network load balancer, which may forward to a store': { build: (stack) => frontGroup(stack, 'network', tcp(5432)), message: /reach port 5432/ },
    'the constructs of the CDK': {
      build: (stack) => new SecurityGroup(stack, 'Store', { vpc: new Vpc(stack, 'Vpc') }).addIngressRule(Peer.ipv4(NETWORK), Port.tcp(5432)),
      message: /reach port 5432/,
    },
  },
  override: {
    build: (stack) => {
      const group = opening(stack, tcp(5432, 5432, { sourceSecurityGroupId: 'sg-1' }));
      group.addPropertyOverride('SecurityGroupIngress', [{ IpProtocol: 'tcp', FromPort: '5432', ToPort: '5432', CidrIp: NETWORK }]);
    },
    message: /reach port 5432/,
  },
  raw: { build: (stack) => raw(stack, 'AWS::EC2::SecurityGroupIngress', { GroupId: 'sg-1', IpProtocol: '-1', CidrIp: NETWORK }), message: /reach ports 5432/ },
  undecidable: {
    'a port known at deployment': (stack) => opening(stack).addPropertyOverride('SecurityGroupIngress', [{ IpProtocol: 'tcp', FromPort: deployTimeValue(stack), ToPort: 5432, CidrIp: NETWORK }]),
    'a protocol known at deployment': (stack) => opening(stack, { ...tcp(443), ipProtocol: deployTimeValue(stack) }),
    'an address known at deployment': (stack) => opening(stack, tcp(5432, 5432, { cidrIp: deployTimeValue(stack) })),
    'rules known at deployment': (stack) => opening(stack).addPropertyOverride('SecurityGroupIngress', deployTimeValue(stack)),
  },
});

const DEFAULT = /names no security group, so the VPC's default group decides/;

const database = (stack: Stack, vpcSecurityGroups?: string[]): CfnDBInstance => new CfnDBInstance(stack, 'Database', { engine: 'postgres', vpcSecurityGroups });

/** Where each kind of store names its groups. */
const GROUPS = {
  'AWS::RDS::DBCluster': 'VpcSecurityGroupIds',
  'AWS::DocDB::DBCluster': 'VpcSecurityGroupIds',
  'AWS::Neptune::DBCluster': 'VpcSecurityGroupIds',
  'AWS::ElastiCache::ReplicationGroup': 'SecurityGroupIds',
  'AWS::ElastiCache::CacheCluster': 'VpcSecurityGroupIds',
  'AWS::ElastiCache::ServerlessCache': 'SecurityGroupIds',
  'AWS::MemoryDB::Cluster': 'SecurityGroupIds',
  'AWS::Redshift::Cluster': 'VpcSecurityGroupIds',
};

describeRule('NET-4.store-groups', {
  compliant: {
    'a group of its own': (stack) => database(stack, [securityGroup(stack).attrGroupId]),
    'a group by its id': (stack) => database(stack, ['sg-1']),
    'a group known at deployment': (stack) => database(stack, [deployTimeValue(stack)]),
    ...Object.fromEntries(Object.entries(GROUPS).map(([type, key]) => [`a group of an ${type}`, (stack: Stack) => raw(stack, type, { [key]: ['sg-1'] })])),
    'the constructs of the CDK': (stack) => new DatabaseInstance(stack, 'Database', { engine: DatabaseInstanceEngine.POSTGRES, vpc: new Vpc(stack, 'Vpc') }),
  },
  violating: {
    'a database without a group': { build: (stack) => database(stack), message: DEFAULT, severity: 'error' },
    'a database with no group in its list': { build: (stack) => database(stack, []), message: DEFAULT },
    'a cache without a group': { build: (stack) => new CfnReplicationGroup(stack, 'Redis', { replicationGroupDescription: 'sessions' }), message: DEFAULT },
    ...Object.fromEntries(Object.keys(GROUPS).map((type) => [`an ${type} without a group`, { build: (stack: Stack) => raw(stack, type, {}), message: DEFAULT }])),
  },
  override: {
    build: (stack) => {
      const { defaultChild } = new DatabaseInstance(stack, 'Database', { engine: DatabaseInstanceEngine.POSTGRES, vpc: new Vpc(stack, 'Vpc') }).node;
      if (CfnResource.isCfnResource(defaultChild)) defaultChild.addPropertyDeletionOverride('VPCSecurityGroups');
    },
    message: DEFAULT,
  },
  raw: { build: (stack) => raw(stack, 'AWS::RDS::DBInstance', { Engine: 'postgres' }), message: DEFAULT },
  undecidable: (stack) => database(stack).addPropertyOverride('VPCSecurityGroups', deployTimeValue(stack)),
  notApplicable: { 'an instance of a cluster, which carries the cluster\'s groups': (stack) => raw(stack, 'AWS::RDS::DBInstance', { DBClusterIdentifier: 'cluster' }) },
});
