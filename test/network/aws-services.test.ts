import { App, Aspects, CfnResource, Stack, Tags } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { AttributeType, Table } from 'aws-cdk-lib/aws-dynamodb';
import { PrefixList } from 'aws-cdk-lib/aws-ec2';
import { Repository } from 'aws-cdk-lib/aws-ecr';
import { CfnPolicy, Effect, ManagedPolicy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { PrivateNetwork } from '../../src/network/private-network';
import { egressOf, endpoints, regional, statements, workload, type Workload } from '../support/network-stack';
import { remoteCore } from '../support/remote-core';

const OWN_PRINCIPALS = { StringEquals: { 'aws:PrincipalAccount': { Ref: 'AWS::AccountId' } } };

interface One extends Workload {
  readonly stack: Stack;
  readonly network: PrivateNetwork;
}

function one(stack: Stack = regional()): One {
  const network = new PrivateNetwork(stack, 'Network', { dynamoDbPrefixList: PrefixList.fromPrefixListId(stack, 'DynamoDb', 'pl-66a5400f') });
  return { stack, network, ...workload(stack, network) };
}

function table(stack: Stack): Table {
  return new Table(stack, 'Table', { partitionKey: { name: 'id', type: AttributeType.STRING } });
}

describe('the endpoints of a network', () => {
  test('are none while nothing is granted', () => {
    expect(endpoints(one().stack)).toEqual({});
  });

  test('follow what is granted, with the granted actions on the granted resources by principals of this account', () => {
    const { stack, role } = one();
    const queue = new Queue(stack, 'Queue');
    queue.grantSendMessages(role);
    expect(Object.keys(endpoints(stack))).toEqual(['sqs']);
    expect(endpoints(stack).sqs).toMatchObject({ VpcEndpointType: 'Interface', PrivateDnsEnabled: true });
    expect(statements(stack, 'sqs')).toEqual([{
      Effect: 'Allow',
      Principal: { AWS: '*' },
      Action: ['sqs:GetQueueAttributes', 'sqs:GetQueueUrl', 'sqs:SendMessage'],
      Resource: stack.resolve(queue.queueArn) as unknown,
      Condition: OWN_PRINCIPALS,
    }]);
  });

  test('appear for whatever is granted to a Core after it was built', () => {
    const stack = regional();
    const core = remoteCore(stack);
    const before = ['dynamodb', 'ecr.api', 'ecr.dkr', 'elasticache', 'logs', 's3', 'secretsmanager'];
    new Queue(stack, 'Queue').grantSendMessages(core);
    core.grantPrincipal.addToPrincipalPolicy(new PolicyStatement({ actions: ['states:StartExecution'], resources: ['*'] }));
    expect(Object.keys(endpoints(stack)).sort()).toEqual([...before, 'sqs', 'states'].sort());
  });

  test('are what a Core needs to start and no more, and its service waits for all of them', () => {
    const stack = regional();
    remoteCore(stack);
    const template = Template.fromStack(stack);
    expect(Object.keys(endpoints(stack))).toEqual(['dynamodb', 'ecr.api', 'ecr.dkr', 'elasticache', 'logs', 's3', 'secretsmanager']);
    const [service] = Object.values(template.findResources('AWS::ECS::Service'));
    expect(service?.DependsOn).toEqual(expect.arrayContaining(Object.keys(template.findResources('AWS::EC2::VPCEndpoint'))));
  });

  test('lead to secrets once a secret is used', () => {
    const { stack, role } = one();
    new Secret(stack, 'Secret', { encryptionKey: new Key(stack, 'Key') }).grantRead(role);
    expect(Object.keys(endpoints(stack))).toEqual(['secretsmanager']);
  });

  test('let image layers through S3, from the bucket of the registry alone', () => {
    const { stack, role } = one();
    Repository.fromRepositoryName(stack, 'Repository', 'core').grantPull(role);
    expect(Object.keys(endpoints(stack))).toEqual(['ecr.api', 'ecr.dkr', 's3']);
    expect(statements(stack, 's3')).toEqual([{
      Effect: 'Allow',
      Principal: { AWS: '*' },
      Action: 's3:GetObject',
      Resource: { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':s3:::prod-', { Ref: 'AWS::Region' }, '-starport-layer-bucket/*']] },
    }]);
    expect(statements(stack, 'ecr.dkr').map(({ Action }) => Action)).toEqual([
      ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
      'ecr:GetAuthorizationToken',
    ]);
  });

  test('reach S3 by its gateway, at addresses to which the tier has no other route', () => {
    const { stack, role, group } = one();
    new Bucket(stack, 'Bucket').grantRead(role);
    expect(endpoints(stack).s3).toMatchObject({ VpcEndpointType: 'Gateway' });
    expect(endpoints(stack).s3?.RouteTableIds).toHaveLength(2);
    expect(egressOf(stack, group)).toContainEqual(expect.objectContaining({ CidrIp: '0.0.0.0/0', FromPort: 443, ToPort: 443 }));
    const tables = (endpoints(stack).s3?.RouteTableIds as object[]).map((table) => JSON.stringify(table));
    const routes = Object.values(Template.fromStack(stack).findResources('AWS::EC2::Route')) as { Properties: { RouteTableId: object } }[];
    expect(routes.filter(({ Properties }) => tables.includes(JSON.stringify(Properties.RouteTableId)))).toEqual([]);
  });

  test('open nothing to the internet for a workload that needs no gateway', () => {
    const { stack, role, group } = one();
    new Queue(stack, 'Queue').grantSendMessages(role);
    expect(egressOf(stack, group).filter(({ CidrIp }) => CidrIp !== undefined)).toEqual([]);
  });

  test('reach DynamoDB by a gateway, and a workload its addresses alone', () => {
    const { stack, role, group } = one();
    table(stack).grantReadData(role);
    expect(Object.keys(endpoints(stack))).toEqual(['dynamodb']);
    expect(endpoints(stack).dynamodb).toMatchObject({ VpcEndpointType: 'Gateway' });
    expect(endpoints(stack).dynamodb?.RouteTableIds).toHaveLength(2);
    expect(statements(stack, 'dynamodb')[0]?.Resource).toEqual({ 'Fn::GetAtt': [expect.any(String), 'Arn'] });
    expect(egressOf(stack, group)).toContainEqual(expect.objectContaining({ DestinationPrefixListId: 'pl-66a5400f', FromPort: 443, ToPort: 443 }));
  });

  test('reach the addresses of a list that is given, and no others', () => {
    const stack = regional();
    const network = new PrivateNetwork(stack, 'Network', { s3PrefixList: PrefixList.fromPrefixListId(stack, 'S3', 'pl-6ea54007') });
    const { role, group } = workload(stack, network);
    new Bucket(stack, 'Bucket').grantRead(role);
    expect(egressOf(stack, group)).toContainEqual(expect.objectContaining({ DestinationPrefixListId: 'pl-6ea54007', FromPort: 443, ToPort: 443 }));
    expect(egressOf(stack, group).filter(({ CidrIp }) => CidrIp !== undefined)).toEqual([]);
  });

  test('follow policies of every kind: inline, managed, written by hand, and overridden', () => {
    const stack = regional();
    const network = new PrivateNetwork(stack, 'Network');
    const role = new Role(stack, 'Role', {
      assumedBy: new ServicePrincipal('ecs-tasks.amazonaws.com'),
      inlinePolicies: {},
      managedPolicies: [new ManagedPolicy(stack, 'Managed', { statements: [new PolicyStatement({ actions: ['sns:Publish'], resources: ['arn:aws:sns:eu-central-1:111122223333:a'] })] })],
    });
    network.allowToAwsServices({ connections: workload(stack, network).group.connections }, role);
    const document = (Action: string): object => ({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action, Resource: '*' }] });
    new CfnPolicy(stack, 'L1', { policyName: 'l1', roles: [role.roleName], policyDocument: document('kinesis:PutRecord') });
    const id = stack.resolve((role.node.defaultChild as CfnResource).logicalId) as string;
    new CfnResource(stack, 'Raw', { type: 'AWS::IAM::Policy', properties: { PolicyName: 'raw', Roles: [{ Ref: id }], PolicyDocument: document('lambda:InvokeFunction') } });
    new CfnResource(stack, 'Other', { type: 'AWS::IAM::Policy', properties: { PolicyName: 'other', Roles: ['somebody-else'], PolicyDocument: document('batch:SubmitJob') } });
    (role.node.defaultChild as CfnResource).addPropertyOverride('Policies', [{ PolicyName: 'o', PolicyDocument: document('events:PutEvents') }]);
    expect(Object.keys(endpoints(stack))).toEqual(['events', 'kinesis-streams', 'lambda', 'sns']);
  });

  test('need none for a denial, nor for a key that another service uses for the role', () => {
    const { stack, role } = one();
    role.addToPolicy(new PolicyStatement({ effect: Effect.DENY, actions: ['sns:Publish'], resources: ['*'] }));
    role.addToPolicy(new PolicyStatement({ actions: ['kms:Decrypt'], resources: ['*'], conditions: { StringEquals: { 'kms:ViaService': 's3.eu-central-1.amazonaws.com' } } }));
    expect(endpoints(stack)).toEqual({});
  });

  test('do not name what waits for them, which would be a circle', () => {
    const { stack, network, role } = one();
    const waiting = new Queue(stack, 'Waiting');
    waiting.node.addDependency(network.awsServices);
    role.addToPolicy(new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [waiting.queueArn] }));
    expect(statements(stack, 'sqs')).toEqual([expect.objectContaining({
      Action: 'sqs:SendMessage',
      Resource: '*',
      Condition: { ...OWN_PRINCIPALS, StringEqualsIfExists: { 'aws:ResourceAccount': '111122223333' } },
    })]);
  });

  test('keep the condition of a grant beside their own', () => {
    const { stack, role } = one();
    role.addToPolicy(new PolicyStatement({ actions: ['sns:Publish'], resources: ['*'], conditions: { StringEquals: { 'aws:RequestedRegion': 'eu-central-1' } } }));
    expect(statements(stack, 'sns')[0]?.Condition).toEqual({ StringEquals: { 'aws:RequestedRegion': 'eu-central-1', 'aws:PrincipalAccount': { Ref: 'AWS::AccountId' } } });
  });

  test('never let anybody do anything with anything', () => {
    const { stack, role } = one();
    role.addToPolicy(new PolicyStatement({ actions: ['*'], resources: ['*'] }));
    expect(endpoints(stack)).toEqual({});
    Annotations.fromStack(stack).hasWarning('/Regional/Network/AwsServices', Match.stringLikeRegexp('may do everything.*Grant its actions by name'));
  });

  test('say what to do about a service that has none', () => {
    const { stack, role } = one();
    role.addToPolicy(new PolicyStatement({ actions: ['geo:SearchPlaceIndexForText', 'geo:GetMapTile'], resources: ['*'] }));
    Annotations.fromStack(stack).hasWarning('/Regional/Network/AwsServices', Match.stringLikeRegexp('geo:GetMapTile and geo:SearchPlaceIndexForText.*Declare the host of the service in coreEgress'));
    expect(endpoints(stack)).toEqual({});
  });

  test('say that a managed policy of AWS cannot be read', () => {
    const { stack, role } = one();
    role.addManagedPolicy(ManagedPolicy.fromAwsManagedPolicyName('ReadOnlyAccess'));
    Annotations.fromStack(stack).hasWarning('/Regional/Network/AwsServices', Match.stringLikeRegexp('has a managed policy of AWS'));
  });

  test('refuse a grant that an aspect makes too late', () => {
    const { stack, role } = one();
    const last = new Queue(stack, 'Queue');
    Aspects.of(last).add({ visit: (node) => { if (node === last) last.grantSendMessages(role); } }, { priority: 2000 });
    expect(() => (stack.node.root as App).synth()).toThrow('sqs was granted by an aspect, after the endpoints were made');
  });
});

describe('a network that several stacks share', () => {
  function shared(): { readonly app: App; readonly stack: Stack; readonly network: PrivateNetwork } {
    const app = new App();
    const stack = regional(app, 'Shared');
    return { app, stack, network: new PrivateNetwork(stack, 'Network', { ingressReachesInternet: true }) };
  }

  test('admits what the others grant by its account, since naming it would make the stacks need each other', () => {
    const { app, stack, network } = shared();
    const other = regional(app, 'Other');
    new Queue(other, 'Queue').grantSendMessages(workload(other, network).role);
    expect(() => app.synth()).not.toThrow();
    expect(statements(stack, 'sqs')).toEqual([{
      Effect: 'Allow',
      Principal: { AWS: '*' },
      Action: ['sqs:GetQueueAttributes', 'sqs:GetQueueUrl', 'sqs:SendMessage'],
      Resource: '*',
      Condition: { ...OWN_PRINCIPALS, StringEqualsIfExists: { 'aws:ResourceAccount': '111122223333' } },
    }]);
  });

  test('serves two Cores with one set of endpoints', () => {
    const { app, stack, network } = shared();
    const [first, second] = ['First', 'Second'].map((id) => regional(app, id));
    if (!first || !second) throw new Error('two stacks');
    remoteCore(first, { network });
    const other = remoteCore(second, { network });
    LogGroup.fromLogGroupName(second, 'Log', 'other').grantWrite(other);
    new Queue(second, 'Queue').grantConsumeMessages(other);
    app.synth();
    expect(Object.keys(endpoints(stack))).toEqual(['dynamodb', 'ecr.api', 'ecr.dkr', 'elasticache', 'logs', 's3', 'secretsmanager', 'sqs']);
    expect(new Set(statements(stack, 'ecr.api').map((statement) => JSON.stringify(statement))).size).toBe(statements(stack, 'ecr.api').length);
    for (const template of [first, second].map((core) => Template.fromStack(core))) template.resourceCountIs('AWS::EC2::VPCEndpoint', 0);
  });

  test('does not take the role of one stack for that of another with the same logical id', () => {
    const { app, stack, network } = shared();
    workload(regional(app, 'Used'), network);
    const stranger = regional(app, 'Stranger');
    new Queue(stranger, 'Queue').grantSendMessages(new Role(stranger, 'WorkloadRole', { assumedBy: new ServicePrincipal('ecs-tasks.amazonaws.com') }));
    expect(endpoints(stack)).toEqual({});
  });
});

test('endpoints are tagged like everything around them, with the order of aspects that the CDK is moving to as well', () => {
  for (const stabilized of [false, true]) {
    const { stack, role } = one(regional(new App({ context: { '@aws-cdk/core:aspectStabilization': stabilized } })));
    Tags.of(stack).add('team', 'core');
    new Queue(stack, 'Queue').grantSendMessages(role);
    expect(endpoints(stack).sqs?.Tags).toEqual([{ Key: 'team', Value: 'core' }]);
  }
});

test('the same app has the same endpoints under the same ids, in whatever order it grants', () => {
  const synthesized = (reverse: boolean): unknown => {
    const { stack, role } = one();
    const [queue, bucket] = [new Queue(stack, 'Queue'), new Bucket(stack, 'Bucket')];
    const grants = [() => queue.grantSendMessages(role), () => bucket.grantRead(role)];
    for (const grant of reverse ? grants.reverse() : grants) grant();
    return Object.keys(Template.fromStack(stack).findResources('AWS::EC2::VPCEndpoint'));
  };
  expect(synthesized(true)).toEqual(synthesized(false));
  expect(synthesized(false)).toEqual([expect.stringMatching(/^NetworkAwsServicesS3/), expect.stringMatching(/^NetworkAwsServicesSqs/)]);
});
