import type { CfnResource, Stack } from 'aws-cdk-lib';
import { deployTimeValue } from '../../support/load-balancing';
import { describeRule } from '../../support/rule-cases';
import { written } from '../../support/written';

const CACHE = 'AWS::ElastiCache::CacheCluster';
const GROUP = 'AWS::EC2::SecurityGroup';
const cache = (stack: Stack, properties: Readonly<Record<string, unknown>> = {}): CfnResource => written(stack, 'Cache', CACHE, { Engine: 'memcached', TransitEncryptionEnabled: true, ...properties });

describeRule('DAT-5.transit', {
  compliant: { 'TLS': (stack) => cache(stack), 'TLS by text': (stack) => cache(stack, { TransitEncryptionEnabled: 'true' }) },
  violating: { 'nothing said': { build: (stack) => cache(stack, { TransitEncryptionEnabled: undefined }), message: /^is not true, so everything that is cached/, severity: 'warning' } },
  override: { build: (stack) => cache(stack).addPropertyOverride('TransitEncryptionEnabled', false), message: /^is not true/ },
  raw: { build: (stack) => written(stack, 'Raw', CACHE, { Engine: 'Memcached' }), message: /^is not true/ },
  undecidable: (stack) => cache(stack, { TransitEncryptionEnabled: deployTimeValue(stack) }),
  notApplicable: { 'a Redis': (stack) => cache(stack, { Engine: 'redis' }) },
});

function behind(stack: Stack, ingress: Readonly<Record<string, unknown>>): CfnResource {
  const group = written(stack, 'Group', GROUP, { GroupDescription: 'cache', SecurityGroupIngress: [{ IpProtocol: 'tcp', FromPort: 11211, ToPort: 11211, ...ingress }] });
  cache(stack, { VpcSecurityGroupIds: [group.ref] });
  return group;
}
const OURS = { SourceSecurityGroupId: 'sg-0' };

describeRule('DAT-5.reach', {
  compliant: {
    'a program': (stack) => behind(stack, OURS),
    'the two ports of a serverless cache': (stack) => written(stack, 'Cache', 'AWS::ElastiCache::ServerlessCache', {
      Engine: 'memcached', SecurityGroupIds: [written(stack, 'Group', GROUP, { SecurityGroupIngress: [{ IpProtocol: 'tcp', FromPort: 11211, ToPort: 11212, ...OURS }] }).ref],
    }),
  },
  violating: {
    'a network': { build: (stack) => behind(stack, { CidrIp: '10.0.0.0/8' }), message: /^Group lets 10\.0\.0\.0\/8 reach the cache/, severity: 'warning' },
    'more ports': { build: (stack) => behind(stack, { ...OURS, FromPort: 1 }), message: /^Group opens ports 1 to 11211/ },
  },
  override: { build: (stack) => behind(stack, OURS).addPropertyOverride('SecurityGroupIngress.0', { CidrIp: '10.0.0.0/8' }), message: /^Group lets/ },
  raw: { build: (stack) => written(stack, 'Raw', CACHE, { Engine: 'memcached', VpcSecurityGroupIds: [written(stack, 'Open', GROUP, { SecurityGroupIngress: [{ IpProtocol: 'tcp', FromPort: 11211, CidrIp: '0.0.0.0/0' }] }).ref] }), message: /^Open lets/ },
  undecidable: (stack) => cache(stack, { VpcSecurityGroupIds: [deployTimeValue(stack)] }),
  notApplicable: { 'a Redis': (stack) => cache(stack, { Engine: 'redis', VpcSecurityGroupIds: ['sg-0'] }) },
});
