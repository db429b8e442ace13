import { App, Stack, Validations } from 'aws-cdk-lib';
import { InterfaceVpcEndpoint, InterfaceVpcEndpointAwsService, PrefixList, SecurityGroup, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Repository } from 'aws-cdk-lib/aws-ecr';
import { Cluster } from 'aws-cdk-lib/aws-ecs';
import { ApplicationListener, ApplicationLoadBalancer } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { ManagedPolicy } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Access, Authorizer, CoreImage, Ingress, PrivateNetwork, Route, SecureCore, SecureCoreChecks } from 'cdk-secure-core';

const app = new App();
const stack = new Stack(app, 'ExistingVpc', { env: { account: '111122223333', region: 'eu-central-1' } });
const loadBalancers = 'arn:aws:elasticloadbalancing:eu-central-1:111122223333';

const vpc = Vpc.fromVpcAttributes(stack, 'Vpc', {
  vpcId: 'vpc-0a1b2c3d4e5f60718',
  availabilityZones: ['eu-central-1a', 'eu-central-1b'],
  privateSubnetNames: ['Ingress', 'App'],
  privateSubnetIds: ['subnet-0a1b2c3d4e5f60711', 'subnet-0a1b2c3d4e5f60712', 'subnet-0a1b2c3d4e5f60721', 'subnet-0a1b2c3d4e5f60722'],
  privateSubnetRouteTableIds: ['rtb-0a1b2c3d4e5f60711', 'rtb-0a1b2c3d4e5f60712', 'rtb-0a1b2c3d4e5f60721', 'rtb-0a1b2c3d4e5f60722'],
  isolatedSubnetNames: ['Database'],
  isolatedSubnetIds: ['subnet-0a1b2c3d4e5f60731', 'subnet-0a1b2c3d4e5f60732'],
  isolatedSubnetRouteTableIds: ['rtb-0a1b2c3d4e5f60731', 'rtb-0a1b2c3d4e5f60732'],
});

/** Somebody else decides who may use the VPC's endpoints: nothing is added to their group. */
const endpointGroup = SecurityGroup.fromSecurityGroupId(stack, 'EndpointGroup', 'sg-0a1b2c3d4e5f60701', { mutable: false });
function endpoint(service: InterfaceVpcEndpointAwsService, vpcEndpointId: string) {
  const securityGroups = [endpointGroup];
  return { service, endpoint: InterfaceVpcEndpoint.fromInterfaceVpcEndpointAttributes(stack, service.shortName, { vpcEndpointId, port: 443, securityGroups }) };
}

const network = PrivateNetwork.fromVpc(stack, 'Network', {
  vpc,
  ingressSubnets: { subnetGroupName: 'Ingress' },
  coreSubnets: { subnetGroupName: 'App' },
  dataSubnets: { subnetType: SubnetType.PRIVATE_ISOLATED },
  // The load balancer fetches the issuer's keys through the NAT gateways of the VPC.
  ingressReachesInternet: true,
  existingEndpoints: [
    endpoint(InterfaceVpcEndpointAwsService.ECR, 'vpce-0a1b2c3d4e5f60701'),
    endpoint(InterfaceVpcEndpointAwsService.ECR_DOCKER, 'vpce-0a1b2c3d4e5f60702'),
    endpoint(InterfaceVpcEndpointAwsService.CLOUDWATCH_LOGS, 'vpce-0a1b2c3d4e5f60703'),
    endpoint(InterfaceVpcEndpointAwsService.SECRETS_MANAGER, 'vpce-0a1b2c3d4e5f60704'),
    endpoint(InterfaceVpcEndpointAwsService.ELASTICACHE, 'vpce-0a1b2c3d4e5f60705'),
    { service: InterfaceVpcEndpointAwsService.DYNAMODB, prefixList: PrefixList.fromPrefixListId(stack, 'DynamoDbAddresses', 'pl-66a5400f') },
    { service: InterfaceVpcEndpointAwsService.S3, prefixList: PrefixList.fromPrefixListId(stack, 'S3Addresses', 'pl-6ea54007') },
  ],
});

const edgeGroup = SecurityGroup.fromSecurityGroupId(stack, 'EdgeGroup', 'sg-0a1b2c3d4e5f60702', { mutable: false });

const core = new SecureCore(stack, 'Core', {
  network,
  cluster: Cluster.fromClusterAttributes(stack, 'Cluster', { clusterName: 'platform', vpc }),
  container: {
    image: CoreImage.fromEcr(
      Repository.fromRepositoryName(stack, 'Repository', 'core'),
      'sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
    ),
    port: 8000,
    healthCheckPath: '/health',
  },
  ingress: Ingress.existing({
    loadBalancer: ApplicationLoadBalancer.fromApplicationLoadBalancerAttributes(stack, 'Edge', {
      loadBalancerArn: `${loadBalancers}:loadbalancer/app/edge/0123456789abcdef`,
      securityGroupId: edgeGroup.securityGroupId,
      vpc,
    }),
    listener: ApplicationListener.fromApplicationListenerAttributes(stack, 'Listener', {
      listenerArn: `${loadBalancers}:listener/app/edge/0123456789abcdef/0123456789abcdef`,
      securityGroup: edgeGroup,
    }),
    domainName: 'core.acme.com',
    priorityBase: 20_000,
    routes: [
      Route.post('/v1/evaluate', { access: Access.scope('core/evaluate'), heavy: true, promptSized: true }),
      Route.get('/v1/models', { access: Access.authenticated() }),
    ],
  }),
  authorizer: Authorizer.jwt({
    issuer: 'https://login.acme.com/',
    jwksUri: 'https://login.acme.com/.well-known/jwks.json',
    audience: 'core',
    scope: 'core/invoke',
  }),
  // Its key lets CloudWatch use it, and the people on duty are subscribed to it: repository platform, stack Alarms.
  alarmTopic: Topic.fromTopicArn(stack, 'Alarms', 'arn:aws:sns:eu-central-1:111122223333:platform-alarms'),
  encryptionKey: Key.fromKeyArn(stack, 'LogKey', 'arn:aws:kms:eu-central-1:111122223333:key/0a1b2c3d-4e5f-4071-8293-a4b5c6d7e8f9'),
  permissionsBoundary: ManagedPolicy.fromManagedPolicyName(stack, 'Boundary', 'workload-boundary'),
});

// What this app's templates cannot show, with where it was looked up instead.
Validations.of(core).acknowledge({ id: 'SecureCore::TLS-1.https-listener[undecidable]', reason: 'The listener is HTTPS by a TLS 1.3 policy: repository edge, stack Edge' });
Validations.of(core).acknowledge({ id: 'SecureCore::NET-1.private-subnets[undecidable]', reason: 'The subnets App have no route to an internet gateway: repository network, stack Vpc' });
Validations.of(core).acknowledge({ id: 'SecureCore::NET-2.service-behind-load-balancer[undecidable]', reason: 'The load balancer is open to the company network only: repository edge, stack Edge' });

Validations.of(app).addPlugins(new SecureCoreChecks(app));
app.synth();
