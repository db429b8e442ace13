import { App, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { PrivateNetwork, type PrivateNetworkProps } from '../../src';

function template(props?: PrivateNetworkProps, stack: Stack = new Stack()): Template {
  new PrivateNetwork(stack, 'Network', props);
  return Template.fromStack(stack);
}

/** A stack whose region has three zones. */
function regional(): Stack {
  return new Stack(new App(), 'Regional', { env: { account: '111122223333', region: 'eu-central-1' } });
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

  test('reaches the registry, the log, secrets and the image layers in S3 privately, and lets nobody in until asked', () => {
    const network = template();
    for (const service of ['ecr.api', 'ecr.dkr', 'logs', 'secretsmanager', 'ssm']) {
      network.hasResourceProperties('AWS::EC2::VPCEndpoint', {
        ServiceName: { 'Fn::Join': ['', ['com.amazonaws.', { Ref: 'AWS::Region' }, `.${service}`]] },
        VpcEndpointType: 'Interface',
        PrivateDnsEnabled: true,
      });
    }
    network.hasResourceProperties('AWS::EC2::VPCEndpoint', {
      VpcEndpointType: 'Gateway',
      PolicyDocument: {
        Version: '2012-10-17',
        Statement: [{
          Effect: 'Allow',
          Principal: { AWS: '*' },
          Action: 's3:GetObject',
          Resource: { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':s3:::prod-', { Ref: 'AWS::Region' }, '-starport-layer-bucket/*']] },
        }],
      },
    });
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

  test('moves no subnet when zones or the way to the internet come or go', () => {
    const blocks = (props: PrivateNetworkProps): Record<string, string> => Object.fromEntries(Object.entries(template(props, regional()).findResources('AWS::EC2::Subnet'))
      .map(([id, subnet]) => [id, (subnet.Properties as { CidrBlock: string }).CidrBlock]));
    const smallest = blocks({});
    for (const grown of [blocks({ ingressReachesInternet: true }), blocks({ maxAzs: 3 }), blocks({ maxAzs: 3, ingressReachesInternet: true })]) {
      expect(grown).toMatchObject(smallest);
    }
  });

  test('refuses more zones than are known', () => {
    expect(() => template({ maxAzs: 3 })).toThrow('Default/Network: maxAzs is 3. Only 2 zones are known: give the stack an env');
  });

  test.each([1, 0, 2.5, 4, Number.NaN])('refuses maxAzs %p and says why', (maxAzs) => {
    expect(() => template({ maxAzs })).toThrow(`Default/Network: maxAzs is ${maxAzs}. Name a whole number from 2 to 3`);
  });
});
