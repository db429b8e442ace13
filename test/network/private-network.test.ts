import { App, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { FlowLogDestination } from 'aws-cdk-lib/aws-ec2';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Egress } from '../../src/network/egress';
import { PrivateNetwork } from '../../src/network/private-network';
import type { PrivateNetworkProps } from '../../src/network/private-network-props';
import { regional, workload } from '../support/network-stack';

function template(props?: PrivateNetworkProps, stack: Stack = new Stack()): Template {
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

  test('lets nobody in to the endpoints until asked, and then on port 443 and by its security group', () => {
    template().resourceCountIs('AWS::EC2::SecurityGroupIngress', 0);
    const stack = new Stack();
    const network = new PrivateNetwork(stack, 'Network');
    const { group } = workload(stack, network);
    Template.fromStack(stack).hasResourceProperties('AWS::EC2::SecurityGroupIngress', {
      IpProtocol: 'tcp',
      FromPort: 443,
      ToPort: 443,
      SourceSecurityGroupId: stack.resolve(group.securityGroupId) as unknown,
    });
  });

  test('closes the default security group of its VPC', () => {
    template().hasResourceProperties('Custom::VpcRestrictDefaultSG', { DefaultSecurityGroupId: { 'Fn::GetAtt': [Match.anyValue(), 'DefaultSecurityGroup'] } });
  });

  test('records all connections for 30 days, and keeps the record when it is destroyed', () => {
    const network = template();
    network.hasResourceProperties('AWS::EC2::FlowLog', { ResourceType: 'VPC', TrafficType: 'ALL', LogDestinationType: 'cloud-watch-logs' });
    network.hasResource('AWS::Logs::LogGroup', { Properties: { RetentionInDays: 30, KmsKeyId: Match.absent() }, DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
  });

  test('leaves no record behind where asked', () => {
    template({ removalPolicy: RemovalPolicy.DESTROY }).hasResource('AWS::Logs::LogGroup', { DeletionPolicy: 'Delete' });
  });

  test('encrypts the record with the key it is given, which CloudWatch Logs may then use for this account', () => {
    const stack = new Stack();
    const network = template({ encryptionKey: new Key(stack, 'Key') }, stack);
    network.hasResourceProperties('AWS::Logs::LogGroup', { KmsKeyId: { 'Fn::GetAtt': [Match.stringLikeRegexp('^Key'), 'Arn'] } });
    network.hasResourceProperties('AWS::KMS::Key', { KeyPolicy: { Statement: Match.arrayWith([Match.objectLike({
      Principal: { Service: { 'Fn::Join': ['', ['logs.', { Ref: 'AWS::Region' }, '.amazonaws.com']] } },
      Condition: { ArnLike: Match.anyValue() },
    })]) } });
  });

  test('records connections where it is told, and makes no log group then', () => {
    const stack = new Stack();
    const network = template({ flowLogDestination: FlowLogDestination.toS3(new Bucket(stack, 'Bucket')) }, stack);
    network.hasResourceProperties('AWS::EC2::FlowLog', { LogDestinationType: 's3' });
    network.resourceCountIs('AWS::Logs::LogGroup', 0);
  });

  test('has a public tier for a load balancer only where asked, and no NAT gateway for it', () => {
    const network = template({ internetFacing: true });
    network.resourceCountIs('AWS::EC2::Subnet', 8);
    network.resourceCountIs('AWS::EC2::NatGateway', 0);
    expect(routes(network)).toEqual([expect.stringContaining('PublicSubnet1DefaultRoute'), expect.stringContaining('PublicSubnet2DefaultRoute')]);
    expect(new PrivateNetwork(new Stack(), 'Network', { internetFacing: true }).publicSubnets).toEqual({ subnetGroupName: 'Public' });
    expect(new PrivateNetwork(new Stack(), 'Network').publicSubnets).toBeUndefined();
  });

  test('shares one NAT gateway between the zones where asked', () => {
    const network = template({ ingressReachesInternet: true, natGatewayPerZone: false });
    network.resourceCountIs('AWS::EC2::NatGateway', 1);
    expect(routes(network).filter((id) => id.includes('Ingress'))).toHaveLength(2);
  });

  test('serves a workload in another stack without a cycle between the two', () => {
    const app = new App();
    const network = new PrivateNetwork(new Stack(app, 'Shared'), 'Network');
    const other = new Stack(app, 'Other');
    workload(other, network);
    expect(() => app.synth()).not.toThrow();
  });

  test('moves no subnet when zones or the way to the internet come or go', () => {
    const blocks = (props: PrivateNetworkProps): Record<string, string> => Object.fromEntries(Object.entries(template(props, regional()).findResources('AWS::EC2::Subnet'))
      .map(([id, subnet]) => [id, (subnet.Properties as { CidrBlock: string }).CidrBlock]));
    const smallest = blocks({});
    for (const grown of [blocks({ ingressReachesInternet: true }), blocks({ maxAzs: 3 }), blocks({ maxAzs: 3, ingressReachesInternet: true }),
      blocks({ internetFacing: true }), blocks({ coreEgress: Egress.allowDomains(['api.example.com']) })]) {
      expect(grown).toMatchObject(smallest);
      expect(blocks({ maxAzs: 3, internetFacing: true, ingressReachesInternet: true, dataEgress: Egress.allowDomains(['api.example.com']) })).toMatchObject(grown);
    }
  });

  test('refuses more zones than are known', () => {
    expect(() => template({ maxAzs: 3 })).toThrow('Default/Network: maxAzs is 3. Only 2 zones are known: give the stack an env');
  });

  test.each([1, 0, 2.5, 4, Number.NaN])('refuses maxAzs %p and says why', (maxAzs) => {
    expect(() => template({ maxAzs })).toThrow(`Default/Network: maxAzs is ${maxAzs}. Name a whole number from 2 to 3`);
  });
});
