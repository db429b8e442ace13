import { type App, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { InterfaceVpcEndpoint, InterfaceVpcEndpointAwsService, PrefixList, SecurityGroup, Subnet, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { PrivateNetwork } from '../../src/network/private-network';
import type { ExistingNetworkProps } from '../../src/network/private-network-props';
import { egressOf, endpoints, regional, workload, type Workload } from '../support/network-stack';

function imported(stack: Stack): Vpc {
  return Vpc.fromVpcAttributes(stack, 'Vpc', {
    vpcId: 'vpc-1',
    availabilityZones: ['eu-central-1a', 'eu-central-1b'],
    publicSubnetIds: ['subnet-public-a', 'subnet-public-b'],
    publicSubnetRouteTableIds: ['rtb-public-a', 'rtb-public-b'],
    privateSubnetIds: ['subnet-private-a', 'subnet-private-b'],
    privateSubnetRouteTableIds: ['rtb-private-a', 'rtb-private-b'],
    isolatedSubnetIds: ['subnet-isolated-a', 'subnet-isolated-b'],
    isolatedSubnetRouteTableIds: ['rtb-isolated-a', 'rtb-isolated-b'],
  }) as Vpc;
}

const PRIVATE = { subnetType: SubnetType.PRIVATE_WITH_EGRESS };
const ISOLATED = { subnetType: SubnetType.PRIVATE_ISOLATED };
const PUBLIC = { subnetType: SubnetType.PUBLIC };

function existing(stack: Stack, props: Partial<ExistingNetworkProps> = {}): Workload {
  const network = PrivateNetwork.fromVpc(stack, 'Network', { vpc: imported(stack), ingressSubnets: PRIVATE, coreSubnets: ISOLATED, dataSubnets: ISOLATED, ...props });
  return workload(stack, network);
}

describe('PrivateNetwork.fromVpc', () => {
  test('makes nothing in the VPC, and says in one error which endpoints have to be named', () => {
    const stack = regional();
    const { role, group } = existing(stack);
    for (const action of ['sqs:SendMessage', 'logs:PutLogEvents', 'ecr:GetDownloadUrlForLayer', 'dynamodb:GetItem']) role.addToPolicy(new PolicyStatement({ actions: [action], resources: ['*'] }));
    const { Resources } = Template.fromStack(stack).toJSON() as { Resources: Record<string, { Type: string }> };
    expect(Object.values(Resources).map(({ Type }) => Type).sort()).toEqual(['AWS::EC2::SecurityGroup', 'AWS::IAM::Policy', 'AWS::IAM::Role']);
    expect(egressOf(stack, group)).toEqual([expect.objectContaining({ CidrIp: '255.255.255.255/32' })]);
    expect(Annotations.fromStack(stack).findError('*', Match.anyValue()).map(({ entry }) => entry.data)).toEqual([
      'existingEndpoints lacks dynamodb, ecr.api, ecr.dkr, logs, s3, sqs, which roles that use this network need. Name the endpoints of the VPC for them in existingEndpoints, '
      + 'or set makeEndpoints where the VPC serves nobody else.',
    ]);
    expect((stack.node.root as App).synth().manifest.missing).toBeUndefined();
  });

  test('still uses the endpoints that are named where others are not', () => {
    const stack = regional();
    const { role, group } = existing(stack, { existingEndpoints: [{ service: InterfaceVpcEndpointAwsService.S3, prefixList: PrefixList.fromPrefixListId(stack, 'S3', 'pl-1') }] });
    role.addToPolicy(new PolicyStatement({ actions: ['s3:GetObject', 'sqs:SendMessage'], resources: ['*'] }));
    expect(egressOf(stack, group)).toEqual([expect.objectContaining({ DestinationPrefixListId: 'pl-1' })]);
    expect(endpoints(stack)).toEqual({});
    Annotations.fromStack(stack).hasError('/Regional/Network/AwsServices', Match.stringLikeRegexp('^existingEndpoints lacks sqs, which'));
  });

  test('asks for the endpoint of a service that has no gateway', () => {
    expect(() => existing(regional(), { existingEndpoints: [{ service: InterfaceVpcEndpointAwsService.ECR }] }))
      .toThrow('Regional/Network: existingEndpoints is "ecr.api". Name its endpoint: only S3 and DynamoDB have gateway endpoints');
  });

  test('makes the endpoints that are not named where it is told to, and adds nothing else to the VPC', () => {
    const stack = regional();
    new Queue(stack, 'Queue').grantSendMessages(existing(stack, { makeEndpoints: true }).role);
    expect(endpoints(stack)).toEqual({ sqs: expect.objectContaining({ VpcId: 'vpc-1', SubnetIds: ['subnet-isolated-a', 'subnet-isolated-b'] }) as unknown });
    const types = Object.values(Template.fromStack(stack).toJSON().Resources as Record<string, { Type: string }>).map(({ Type }) => Type);
    expect([...new Set(types.filter((type) => /EC2|Resolver|Firewall|Logs/.test(type)))].sort())
      .toEqual(['AWS::EC2::SecurityGroup', 'AWS::EC2::SecurityGroupEgress', 'AWS::EC2::SecurityGroupIngress', 'AWS::EC2::VPCEndpoint']);
  });

  test('uses an interface endpoint that is there already', () => {
    const stack = regional();
    const endpoint = InterfaceVpcEndpoint.fromInterfaceVpcEndpointAttributes(stack, 'Sqs', {
      vpcEndpointId: 'vpce-1', port: 443, securityGroups: [SecurityGroup.fromSecurityGroupId(stack, 'SqsGroup', 'sg-sqs')],
    });
    const { role, group } = existing(stack, { existingEndpoints: [{ service: InterfaceVpcEndpointAwsService.SQS, endpoint }] });
    new Queue(stack, 'Queue').grantSendMessages(role);
    expect(endpoints(stack)).toEqual({});
    expect(egressOf(stack, group)).toContainEqual(expect.objectContaining({ DestinationSecurityGroupId: 'sg-sqs', FromPort: 443, ToPort: 443 }));
  });

  test('uses a gateway endpoint that is there already, by the addresses behind it', () => {
    const stack = regional();
    const { role, group } = existing(stack, {
      existingEndpoints: [{ service: InterfaceVpcEndpointAwsService.S3, prefixList: PrefixList.fromPrefixListId(stack, 'S3', 'pl-6ea54007') }],
    });
    new Bucket(stack, 'Bucket').grantRead(role);
    expect(endpoints(stack)).toEqual({});
    expect(egressOf(stack, group)).toContainEqual(expect.objectContaining({ DestinationPrefixListId: 'pl-6ea54007', FromPort: 443 }));
    Annotations.fromStack(stack).hasNoError('*', Match.anyValue());
  });

  test.each<[string, string, InterfaceVpcEndpointAwsService]>([
    ['s3:GetObject', 's3PrefixList', InterfaceVpcEndpointAwsService.S3], ['dynamodb:GetItem', 'dynamoDbPrefixList', InterfaceVpcEndpointAwsService.DYNAMODB],
  ])(
    'looks up the addresses behind a gateway for %s, since its subnets may have other routes, and says what is missing where the region is not known', (action, prop, service) => {
      const named = { existingEndpoints: [{ service }] };
      const known = regional();
      existing(known, named).role.addToPolicy(new PolicyStatement({ actions: [action], resources: ['*'] }));
      const assembly = (known.node.root as App).synth();
      expect(assembly.manifest.missing?.map(({ props }) => (props as { propertyMatch?: object }).propertyMatch)).toContainEqual({ PrefixListName: `com.amazonaws.eu-central-1.${service.shortName}` });
      const unknown = new Stack();
      existing(unknown, named).role.addToPolicy(new PolicyStatement({ actions: [action], resources: ['*'] }));
      Annotations.fromStack(unknown).hasError('/Default/Network/AwsServices', Match.stringLikeRegexp(`${prop} is nothing.*Give the stack an env`));
    });

  test('puts a gateway that it makes on the route tables of the core subnets', () => {
    const stack = regional();
    existing(stack, { makeEndpoints: true, dynamoDbPrefixList: PrefixList.fromPrefixListId(stack, 'DynamoDb', 'pl-1') }).role
      .addToPolicy(new PolicyStatement({ actions: ['dynamodb:GetItem'], resources: ['*'] }));
    expect(endpoints(stack).dynamodb?.RouteTableIds).toEqual(['rtb-isolated-a', 'rtb-isolated-b']);
  });

  test.each(['ingressSubnets', 'coreSubnets', 'dataSubnets'])('refuses public subnets as %s', (tier) => {
    expect(() => existing(regional(), { [tier]: PUBLIC })).toThrow(`Regional/Network: ${tier} is "subnet-public-a". It is public: name private subnets`);
  });

  test('knows a public subnet by its id, however it was named', () => {
    const stack = regional();
    const subnets = [Subnet.fromSubnetAttributes(stack, 'Named', { subnetId: 'subnet-public-b', availabilityZone: 'eu-central-1b' })];
    expect(() => existing(stack, { coreSubnets: { subnets } })).toThrow('Regional/Network: coreSubnets is "subnet-public-b". It is public');
  });

  test('refuses private subnets as public ones', () => {
    expect(() => existing(regional(), { publicSubnets: ISOLATED })).toThrow('Regional/Network: publicSubnets is "subnet-isolated-a". It is private');
  });

  test('refuses a load balancer tier of one zone', () => {
    expect(() => existing(regional(), { ingressSubnets: { ...PRIVATE, availabilityZones: ['eu-central-1a'] } })).toThrow('ingressSubnets is "in 1 zones". Name subnets in 2 zones');
  });

  test('refuses a second network of the same VPC that would make the same endpoints', () => {
    const two = (...actions: readonly string[]) => (): Template => {
      const stack = regional();
      const vpc = imported(stack);
      for (const [index, action] of actions.entries()) {
        const network = PrivateNetwork.fromVpc(stack, `Network${index}`, { vpc, ingressSubnets: PRIVATE, coreSubnets: ISOLATED, dataSubnets: ISOLATED, makeEndpoints: true });
        const role = new Role(stack, `Role${index}`, { assumedBy: new ServicePrincipal('ecs-tasks.amazonaws.com') });
        role.addToPolicy(new PolicyStatement({ actions: [action], resources: ['*'] }));
        network.allowToAwsServices(new SecurityGroup(stack, `Workload${index}`, { vpc }), role);
      }
      return Template.fromStack(stack);
    };
    expect(two('sqs:SendMessage', 'sns:Publish')).not.toThrow();
    expect(two('sqs:SendMessage', 'sqs:ReceiveMessage')).toThrow('vpc has endpoints for sqs by Regional/Network1/AwsServices as well, which would claim the same names. Build one network');
  });

  test('says what it was told of the tiers', () => {
    const stack = regional();
    const network = PrivateNetwork.fromVpc(stack, 'Network', {
      vpc: imported(stack), ingressSubnets: PRIVATE, coreSubnets: ISOLATED, dataSubnets: ISOLATED, publicSubnets: PUBLIC, ingressReachesInternet: true,
    });
    expect(network).toMatchObject({ ingressSubnets: PRIVATE, coreSubnets: ISOLATED, dataSubnets: ISOLATED, publicSubnets: PUBLIC, ingressReachesInternet: true });
  });
});
