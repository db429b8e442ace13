import { App, Stack, Validations } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { ManagedPolicy } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { AwsSolutionsChecks } from 'cdk-nag';
import {
  Access, AuditTrail, Authorizer, Callers, Egress, Exposure, Ingress, LlmProvider, PrivateNetwork, Route, SecureCore, SecureCoreChecks, type SecureCoreProps, Size,
} from '../src';
import { alarmTopic, certificate, image, JWT, remoteCore } from './support/remote-core';

/** Replacing one of these loses data or breaks callers, so their logical ids are part of the public contract. */
const STATEFUL: Readonly<Record<string, readonly string[]>> = {
  'AWS::EC2::VPC': ['CoreNetworkVpcE5BF6AD7'],
  'AWS::EC2::Subnet': [
    'CoreNetworkVpcCoreSubnet1Subnet1684AD3A',
    'CoreNetworkVpcCoreSubnet2SubnetEC3A4CD4',
    'CoreNetworkVpcDataSubnet1Subnet1D670933',
    'CoreNetworkVpcDataSubnet2Subnet62FD0F43',
    'CoreNetworkVpcIngressSubnet1Subnet10CABF1E',
    'CoreNetworkVpcIngressSubnet2SubnetDEBA015C',
    'CoreNetworkVpcNatSubnet1Subnet8B517907',
    'CoreNetworkVpcNatSubnet2SubnetE760D823',
  ],
  'AWS::EC2::EIP': ['CoreNetworkVpcNatSubnet1EIPADDD2A34', 'CoreNetworkVpcNatSubnet2EIP482FF493'],
  'AWS::EC2::SecurityGroup': [
    'CoreIngressSecurityGroupEF422A29', 'CoreNetworkAwsServicesSecurityGroup71913827', 'CoreServiceGateRedisGateRotationHandlerSecurityGroup0322E9D0',
    'CoreServiceGateRedisSecurityGroupFD84F04D', 'CoreServiceSecurityGroupBD6A35A8',
  ],
  'AWS::Logs::LogGroup': [
    'CoreAuditDeliveryErrors51DF1DA9', 'CoreAuditHotA510C49B',
    'CoreIngressWebAclLockdownSwitchLogFFBE83E1', 'CoreIngressWebAclLogGroup809969CC', 'CoreNetworkFlowLogsGroup920BD933', 'CoreSecretAccessRecordsFB149446',
    'CoreServiceGateKeySetMirrorLog52A8BC89', 'CoreServiceGateRedisGateRotationHandlerLog1ED53C94', 'CoreServiceRolloutHandlerLog9E9DAC77',
  ],
  'AWS::S3::Bucket': ['CoreAuditArchiveE7C07965', 'CoreAuditArrivalsBB68CD52', 'CoreAuditTableResults9A238691', 'CoreIngressAccessLogs8F379730'],
  'AWS::KinesisFirehose::DeliveryStream': ['CoreAuditDeliveryStream44C6B25B'],
  'AWS::DynamoDB::Table': ['CoreServiceGateTableDFB84C9D'],
  'AWS::ElastiCache::ReplicationGroup': ['CoreServiceGateRedisCacheBA29B49D'],
  'AWS::ElasticLoadBalancingV2::LoadBalancer': ['CoreIngressLoadBalancer5C0719AE'],
  'AWS::ElasticLoadBalancingV2::Listener': ['CoreIngressLoadBalancerHttpsF6B9E616'],
  'AWS::ElasticLoadBalancingV2::TargetGroup': ['CoreIngressTargetD7198ABF'],
  'AWS::WAFv2::WebACL': ['CoreIngressWebAclED91B59E'],
  'AWS::ECS::Cluster': ['CoreServiceClusterF314EC78'],
  'AWS::ECS::Service': ['CoreService3035734C'],
};

function internal(stack: Stack): Ingress {
  return Ingress.internal({
    domainName: 'core.acme.internal', certificate: certificate(stack), callers: Callers.cidrs('10.20.0.0/16'),
    routes: [Route.subtree('/', { access: Access.authenticated() })],
  });
}

function synthesize(): string {
  const app = new App();
  remoteCore(new Stack(app, 'RemoteCore'));
  return JSON.stringify(app.synth().getStackByName('RemoteCore').template);
}

describe('SecureCore', () => {
  test('passes the pack without a finding', () => {
    const app = new App();
    remoteCore(new Stack(app, 'RemoteCore'));
    const report = new SecureCoreChecks(app).validateScope(app);
    expect(report.violations).toEqual([]);
    expect(report.success).toBe(true);
  });

  test.each([Size.DEV, Size.PRODUCTION])('leaves users of AwsSolutions nothing to acknowledge at %s', (size) => {
    const app = new App();
    remoteCore(new Stack(app, 'RemoteCore'), { size });
    Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
    expect(() => app.synth()).not.toThrow();
    const bare = new App();
    new Bucket(new Stack(bare, 'Bare'), 'Bucket');
    Validations.of(bare).addPlugins(new AwsSolutionsChecks(bare));
    expect(() => bare.synth()).toThrow(/AwsSolutions-S1/);
  });

  test.each([
    ['container', 'Name the container that is protected'],
    ['ingress', 'Name what stands in front of the container'],
    ['authorizer', 'Name who a caller must prove to be'],
    ['alarmTopic', 'Name who is told when it is attacked or fails'],
  ])('says what is missing where a program in plain JavaScript leaves %s out', (prop, todo) => {
    const stack = new Stack();
    const given: Partial<Record<string, unknown>> = {
      container: { image: image(stack), port: 8000, healthCheckPath: '/health' },
      ingress: internal(stack),
      authorizer: Authorizer.jwt(JWT),
      alarmTopic: alarmTopic(stack),
    };
    for (const value of [undefined, null]) {
      const props = { ...given, [prop]: value } as unknown as SecureCoreProps;
      expect(() => new SecureCore(new Stack(), 'Core', props)).toThrow(`Default/Core: ${prop} is nothing. ${todo}`);
    }
    expect(() => new SecureCore(new Stack(), 'Core', undefined as unknown as SecureCoreProps)).toThrow('Default/Core: container is nothing.');
  });

  test.each(['issuer', 'jwksUri', 'audience'])('says so where %s of the authorizer is missing', (prop) => {
    const authorizer = Authorizer.jwt({ ...JWT, [prop]: undefined });
    expect(() => remoteCore(new Stack(), { authorizer })).toThrow(`Default/Core/Ingress: authorizer.${prop} is nothing. Name a`);
  });

  test('builds an ingress for each Core from one and the same Ingress', () => {
    const stack = new Stack(new App(), 'Twins');
    const ingress = internal(stack);
    const container = { image: image(stack), port: 8000, healthCheckPath: '/health' };
    for (const id of ['A', 'B']) new SecureCore(stack, id, { container, ingress, authorizer: Authorizer.jwt(JWT), alarmTopic: alarmTopic(stack) });
    const template = Template.fromStack(stack);
    for (const type of ['AWS::ElasticLoadBalancingV2::LoadBalancer', 'AWS::ElasticLoadBalancingV2::TargetGroup', 'AWS::WAFv2::WebACL', 'AWS::ECS::Service']) template.resourceCountIs(type, 2);
    expect(new SecureCoreChecks(stack.node.root).validateScope(stack.node.root).violations).toEqual([]);
  });

  test('synthesizes the same template twice, to the byte', () => {
    expect(synthesize()).toBe(synthesize());
  });

  test.each(Object.entries(STATEFUL))('keeps the logical ids of %s', (type, ids) => {
    const stack = new Stack();
    remoteCore(stack);
    expect(Object.keys(Template.fromStack(stack).findResources(type)).sort()).toEqual(ids);
  });

  test('shares a network and an audit trail of another stack with a second Core, and the pack still finds nothing', () => {
    const app = new App();
    const shared = new Stack(app, 'Shared');
    const network = new PrivateNetwork(shared, 'Network', { ingressReachesInternet: true });
    const audit = new AuditTrail(shared, 'Audit', { alarmTopic: alarmTopic(shared) });
    remoteCore(new Stack(app, 'A'), { network, audit });
    remoteCore(new Stack(app, 'B'), { network, audit });
    expect(new SecureCoreChecks(app).validateScope(app).violations).toEqual([]);
    const assembly = app.synth();
    expect(assembly.getStackByName('B').dependencies.map((dependency) => dependency.id)).toContain('Shared');
  });

  test('lets a caller in from another stack without depending on it', () => {
    const app = new App();
    const core = remoteCore(new Stack(app, 'RemoteCore'));
    const platform = new Stack(app, 'Platform');
    core.grantInvoke(new SecurityGroup(platform, 'Workload', { vpc: core.network.vpc, allowAllOutbound: false }));
    const assembly = app.synth();
    expect(assembly.getStackByName('RemoteCore').dependencies.map((dependency) => dependency.id)).not.toContain('Platform');
    Template.fromStack(platform).resourceCountIs('AWS::EC2::SecurityGroupIngress', 1);
  });

  test('reaches declared domains through a firewall, and takes no egress beside a network that has its own', () => {
    const stack = new Stack();
    remoteCore(stack, { egress: Egress.providers(LlmProvider.OPENAI) });
    Template.fromStack(stack).hasResourceProperties('AWS::NetworkFirewall::RuleGroup', {
      RuleGroup: Match.objectLike({ RulesSource: { RulesSourceList: Match.objectLike({ GeneratedRulesType: 'ALLOWLIST', Targets: ['api.openai.com'] }) } }),
    });
    const other = new Stack();
    const network = new PrivateNetwork(other, 'Network', { ingressReachesInternet: true });
    expect(() => remoteCore(other, { network, egress: Egress.none() })).toThrow('Default/Core: egress is "given beside network"');
  });

  test('encrypts its logs with a key that is given, and lets CloudWatch Logs use it', () => {
    const stack = new Stack();
    const encryptionKey = new Key(stack, 'Key');
    remoteCore(stack, { encryptionKey });
    const built = Template.fromStack(stack);
    for (const id of ['CoreAuditHot', 'CoreNetworkFlowLogs', 'CoreIngressWebAclLog']) {
      const [group] = Object.entries(built.findResources('AWS::Logs::LogGroup')).filter(([logicalId]) => logicalId.startsWith(id)).map(([, resource]) => resource as { Properties: object });
      expect(group?.Properties).toMatchObject({ KmsKeyId: stack.resolve(encryptionKey.keyArn) as unknown });
    }
    built.hasResourceProperties('AWS::KMS::Key', { KeyPolicy: Match.objectLike({ Statement: Match.arrayWith([Match.objectLike({
      Principal: { Service: { 'Fn::Join': ['', ['logs.', { Ref: 'AWS::Region' }, '.amazonaws.com']] } },
    })]) }) });
  });

  test('gives every role the boundary that it must not exceed, those of the CDK\'s own functions included', () => {
    const stack = new Stack();
    remoteCore(stack, { size: Size.DEV, permissionsBoundary: ManagedPolicy.fromManagedPolicyName(stack, 'Boundary', 'developers') });
    const roles = Object.values(Template.fromStack(stack).findResources('AWS::IAM::Role')) as { Properties: { PermissionsBoundary?: unknown } }[];
    expect(roles.length).toBeGreaterThan(4);
    for (const { Properties } of roles) expect(JSON.stringify(Properties.PermissionsBoundary)).toContain(':policy/developers');
  });

  test.each([Size.DEV, Size.STANDARD])('leaves nothing behind when it is destroyed at %s', (size) => {
    const stack = new Stack();
    remoteCore(stack, { size });
    const template = Template.fromStack(stack).toJSON() as { Resources: Record<string, { Type: string; DeletionPolicy?: string; Properties: object }> };
    const kept = Object.values(template.Resources).filter(({ DeletionPolicy }) => DeletionPolicy !== undefined && DeletionPolicy !== 'Delete');
    expect(kept).toEqual([]);
    const buckets = Object.values(template.Resources).filter(({ Type }) => Type === 'AWS::S3::Bucket');
    const emptiedBy = (type: string): { readonly BucketName?: unknown; readonly Buckets?: unknown[] }[] =>
      Object.values(template.Resources).filter(({ Type }) => Type === type).map(({ Properties }) => Properties);
    const emptied = [...emptiedBy('Custom::S3AutoDeleteObjects').map(({ BucketName }) => BucketName), ...emptiedBy('Custom::SecureCoreAuditEmptying').flatMap(({ Buckets = [] }) => Buckets)];
    expect(emptied).toHaveLength(buckets.length);
    expect(JSON.stringify(template.Resources)).not.toContain('"deletion_protection.enabled","Value":"true"');
  });

  test('resists deletion and keeps its logs in production', () => {
    const stack = new Stack();
    remoteCore(stack);
    const built = Template.fromStack(stack);
    built.hasResourceProperties('AWS::ElasticLoadBalancingV2::LoadBalancer', {
      LoadBalancerAttributes: Match.arrayWith([{ Key: 'deletion_protection.enabled', Value: 'true' }]),
    });
    for (const [id, group] of Object.entries(built.findResources('AWS::Logs::LogGroup'))) expect([id, group.DeletionPolicy]).toEqual([id, 'Retain']);
    built.resourceCountIs('Custom::S3AutoDeleteObjects', 0);
  });

  test('forwards nothing while exposure is off, and keeps everything that authenticates', () => {
    const stack = new Stack();
    remoteCore(stack, { exposure: Exposure.OFF });
    const built = Template.fromStack(stack);
    expect(JSON.stringify(built.toJSON())).not.toContain('"Type":"forward"');
    built.resourceCountIs('AWS::ElasticLoadBalancingV2::TargetGroup', 0);
    built.hasResourceProperties('AWS::ECS::Service', { LoadBalancers: Match.absent(), HealthCheckGracePeriodSeconds: Match.absent() });
    built.resourceCountIs('AWS::WAFv2::WebACLAssociation', 1);
    const report = new SecureCoreChecks(stack).validateScope(stack);
    expect(report.violations).toEqual([]);
  });

  test('takes two Cores in one stack', () => {
    const stack = new Stack();
    remoteCore(new Stack(stack, 'One'));
    expect(() => remoteCore(new Stack(stack, 'Two'))).not.toThrow();
  });
});
