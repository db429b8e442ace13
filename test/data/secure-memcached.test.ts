import { App, Stack, Validations } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { AwsSolutionsChecks } from 'cdk-nag';
import { type IPrivateNetwork, PrivateNetwork, SecureMemcached, Size } from '../../src';
import { judge } from '../../src/checks/judge';
import { treeTemplates } from '../../src/checks/tree-templates';
import { containersIn } from '../support/gate';
import { ENV } from '../support/network-stack';
import { remoteCore } from '../support/remote-core';

const CLUSTER = 'AWS::ElastiCache::CacheCluster';
const OWN_GROUP = { 'Fn::GetAtt': [Match.stringLikeRegexp('^MemcachedSecurityGroup'), 'GroupId'] };

function made(size?: Size, network?: (stack: Stack) => IPrivateNetwork): Template {
  const stack = new Stack(new App(), 'Test', { env: ENV });
  new SecureMemcached(stack, 'Memcached', { network: network?.(stack) ?? new PrivateNetwork(stack, 'Network'), size });
  return Template.fromStack(stack);
}

describe('SecureMemcached', () => {
  test('speaks TLS, of a version that can', () => {
    made().hasResourceProperties(CLUSTER, {
      Engine: 'memcached', EngineVersion: '1.6.22', TransitEncryptionEnabled: true, AutoMinorVersionUpgrade: true, Port: 11211,
      CacheParameterGroupName: { Ref: Match.stringLikeRegexp('^MemcachedParameters') },
    });
    made().hasResourceProperties('AWS::ElastiCache::ParameterGroup', { CacheParameterGroupFamily: 'memcached1.6' });
  });

  test('stands in the data tier, and lets nobody in or out unless told', () => {
    const template = made();
    template.hasResourceProperties('AWS::ElastiCache::SubnetGroup', { SubnetIds: [{ Ref: Match.stringLikeRegexp('DataSubnet1') }, { Ref: Match.stringLikeRegexp('DataSubnet2') }] });
    template.hasResourceProperties(CLUSTER, { CacheSubnetGroupName: { Ref: Match.stringLikeRegexp('^MemcachedSubnets') }, VpcSecurityGroupIds: [OWN_GROUP] });
    template.hasResourceProperties('AWS::EC2::SecurityGroup',
      { GroupDescription: 'Of Test/Memcached', SecurityGroupIngress: Match.absent(), SecurityGroupEgress: [Match.objectLike({ CidrIp: '255.255.255.255/32' })] });
    template.resourcePropertiesCountIs('AWS::EC2::SecurityGroupIngress', { GroupId: OWN_GROUP }, 0);
  });

  test.each([
    [Size.DEV, { CacheNodeType: 'cache.t4g.micro', NumCacheNodes: 1, AZMode: 'single-az' }],
    [Size.STANDARD, { CacheNodeType: 'cache.t4g.small', NumCacheNodes: 2, AZMode: 'cross-az' }],
    [Size.PRODUCTION, { CacheNodeType: 'cache.t4g.medium', NumCacheNodes: 2, AZMode: 'cross-az' }],
  ])('is as large, and in as many zones, as %s says', (size, properties) => {
    made(size).hasResourceProperties(CLUSTER, properties);
  });

  test('refuses a data tier in one zone, unless it is one node', () => {
    const network = (stack: Stack): IPrivateNetwork => {
      const vpc = new Vpc(stack, 'Vpc', { maxAzs: 2, natGateways: 0 });
      const subnets = vpc.isolatedSubnets;
      return PrivateNetwork.fromVpc(stack, 'Existing', { vpc, ingressSubnets: { subnets }, coreSubnets: { subnets }, dataSubnets: { subnets: subnets.slice(0, 1) } });
    };
    expect(() => made(Size.STANDARD, network)).toThrow('Test/Memcached: network is "a data tier in 1 zones". Give it subnets in 2 zones, one for each node, or choose Size.DEV.');
    expect(() => made(Size.DEV, network)).not.toThrow();
  });

  test('tells a Core where it is, and lets it in at its port alone', () => {
    const stack = new Stack(new App(), 'Test', { env: ENV });
    const network = new PrivateNetwork(stack, 'Network', { ingressReachesInternet: true });
    remoteCore(stack, { network, stores: [new SecureMemcached(stack, 'Memcached', { network })] });
    const template = Template.fromStack(stack);
    expect(containersIn(template).Core?.Environment).toEqual([
      { Name: 'MEMCACHE_HOST', Value: { 'Fn::GetAtt': [expect.stringMatching(/^MemcachedCache/), 'ConfigurationEndpoint.Address'] } },
      { Name: 'MEMCACHE_PORT', Value: '11211' },
    ]);
    expect(containersIn(template).Core?.Secrets).toBeUndefined();
    template.resourcePropertiesCountIs('AWS::EC2::SecurityGroupIngress', { GroupId: OWN_GROUP }, 1);
    template.hasResourceProperties('AWS::EC2::SecurityGroupIngress', {
      GroupId: OWN_GROUP, FromPort: 11211, ToPort: 11211, IpProtocol: 'tcp', SourceSecurityGroupId: { 'Fn::GetAtt': [Match.stringLikeRegexp('^CoreServiceSecurityGroup'), 'GroupId'] },
    });
  });

  test.each([Size.DEV, Size.PRODUCTION])('of size %s, our own pack and AwsSolutions have nothing to say of it', (size) => {
    const app = new App();
    const stack = new Stack(app, 'Test', { env: ENV });
    new SecureMemcached(stack, 'Memcached', { network: new PrivateNetwork(stack, 'Network'), size });
    expect(judge(treeTemplates(app)).findings.filter(({ logicalId }) => logicalId.startsWith('Memcached'))).toEqual([]);
    Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
    expect(() => app.synth()).not.toThrow();
  });
});
