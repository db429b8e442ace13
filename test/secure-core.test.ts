import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { AuditTrail, PrivateNetwork, SecureCoreChecks } from '../src';
import { remoteCore } from './support/remote-core';

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
  'AWS::EC2::SecurityGroup': ['CoreIngressSecurityGroupEF422A29', 'CoreNetworkEndpointSecurityGroupCE1D5CD8', 'CoreServiceSecurityGroupBD6A35A8'],
  'AWS::Logs::LogGroup': ['CoreAuditHotA510C49B'],
  'AWS::ElasticLoadBalancingV2::LoadBalancer': ['CoreIngressLoadBalancer5C0719AE'],
  'AWS::ElasticLoadBalancingV2::Listener': ['CoreIngressLoadBalancerHttpsF6B9E616'],
  'AWS::ElasticLoadBalancingV2::TargetGroup': ['CoreIngressTargetD7198ABF'],
  'AWS::WAFv2::WebACL': ['CoreIngressWebAclED91B59E'],
  'AWS::ECS::Cluster': ['CoreServiceClusterF314EC78'],
  'AWS::ECS::Service': ['CoreService3035734C'],
};

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
    const audit = new AuditTrail(shared, 'Audit');
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

  test('takes two Cores in one stack', () => {
    const stack = new Stack();
    remoteCore(new Stack(stack, 'One'));
    expect(() => remoteCore(new Stack(stack, 'Two'))).not.toThrow();
  });
});
