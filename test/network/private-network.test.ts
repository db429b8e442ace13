import { App, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { PrivateNetwork, type PrivateNetworkProps } from '../../src';

function template(props?: PrivateNetworkProps): Template {
  const stack = new Stack();
  new PrivateNetwork(stack, 'Network', props);
  return Template.fromStack(stack);
}

/** Logical ids of the routes, which carry the name of their subnet. */
function routes(of: Template): string[] {
  return Object.keys(of.findResources('AWS::EC2::Route'));
}

describe('PrivateNetwork', () => {
  test('has three tiers over two zones and no way out', () => {
    const network = template();
    network.resourceCountIs('AWS::EC2::Subnet', 6);
    network.resourceCountIs('AWS::EC2::NatGateway', 0);
    network.resourceCountIs('AWS::EC2::InternetGateway', 0);
    network.resourceCountIs('AWS::EC2::Route', 0);
  });

  test('gives the ingress tier a route to the internet where asked, and no other tier', () => {
    const network = template({ ingressReachesInternet: true });
    network.resourceCountIs('AWS::EC2::Subnet', 8);
    network.resourceCountIs('AWS::EC2::NatGateway', 2);
    const names = routes(network).map((id) => /(Nat|Ingress|Core|Data)Subnet\dDefaultRoute/.exec(id)?.[1]);
    expect(names.sort()).toEqual(['Ingress', 'Ingress', 'Nat', 'Nat']);
  });

  test('gives nothing a public address by itself', () => {
    const subnets = Object.values(template({ ingressReachesInternet: true }).findResources('AWS::EC2::Subnet'));
    expect(subnets.map((subnet) => (subnet.Properties as { MapPublicIpOnLaunch: boolean }).MapPublicIpOnLaunch)).toEqual(subnets.map(() => false));
  });

  test('reaches the registry, the log and S3 privately, and lets nobody in until asked', () => {
    const network = template();
    for (const service of ['ecr.api', 'ecr.dkr', 'logs']) {
      network.hasResourceProperties('AWS::EC2::VPCEndpoint', {
        ServiceName: { 'Fn::Join': ['', ['com.amazonaws.', { Ref: 'AWS::Region' }, `.${service}`]] },
        VpcEndpointType: 'Interface',
        PrivateDnsEnabled: true,
      });
    }
    network.hasResourceProperties('AWS::EC2::VPCEndpoint', { VpcEndpointType: 'Gateway' });
    network.hasResourceProperties('AWS::EC2::SecurityGroup', { GroupDescription: 'AWS service endpoints', SecurityGroupIngress: Match.absent() });
    network.resourceCountIs('AWS::EC2::SecurityGroupIngress', 0);
  });

  test('lets a workload use the endpoints, on port 443 and by its security group', () => {
    const stack = new Stack();
    const network = new PrivateNetwork(stack, 'Network');
    const workload = new SecurityGroup(stack, 'Workload', { vpc: network.vpc, allowAllOutbound: false });
    network.allowToAwsServices({ connections: workload.connections });
    Template.fromStack(stack).hasResourceProperties('AWS::EC2::SecurityGroupIngress', {
      IpProtocol: 'tcp',
      FromPort: 443,
      ToPort: 443,
      SourceSecurityGroupId: stack.resolve(workload.securityGroupId) as unknown,
    });
  });

  test('serves a workload in another stack without a cycle between the two', () => {
    const app = new App();
    const network = new PrivateNetwork(new Stack(app, 'Shared'), 'Network');
    const other = new Stack(app, 'Other');
    network.allowToAwsServices({ connections: new SecurityGroup(other, 'Workload', { vpc: network.vpc }).connections });
    expect(() => app.synth()).not.toThrow();
  });

  test.each([1, 0, 2.5])('refuses maxAzs %p and says why', (maxAzs) => {
    expect(() => template({ maxAzs })).toThrow(`Default/Network: maxAzs is ${maxAzs}. Name a whole number of 2 or more`);
  });
});
