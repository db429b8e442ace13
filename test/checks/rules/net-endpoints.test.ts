import { CfnResource, type Stack } from 'aws-cdk-lib';
import { CfnVPC, CfnVPCEndpoint, CfnVPCEndpointServicePermissions, GatewayVpcEndpointAwsService, InterfaceVpcEndpointAwsService, Vpc } from 'aws-cdk-lib/aws-ec2';
import { deployTimeValue } from '../../support/load-balancing';
import { raw } from '../../support/network';
import { describeRule } from '../../support/rule-cases';

const S3 = 'com.amazonaws.eu-central-1.s3';
const BUCKET = 'arn:aws:s3:::prod-eu-central-1-starport-layer-bucket/*';
const NARROW = { Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: BUCKET };
const allow = (statement: object = {}): object => ({ Version: '2012-10-17', Statement: [{ ...NARROW, ...statement }] });

const endpoint = (stack: Stack, policyDocument?: object, props: Partial<ConstructorParameters<typeof CfnVPCEndpoint>[2]> = {}): CfnVPCEndpoint =>
  new CfnVPCEndpoint(stack, 'Endpoint', { vpcId: 'vpc-1', serviceName: S3, policyDocument, ...props });

const EVERY_RESOURCE = /lets anybody reach every resource of the service/;
const OTHER_ACCOUNTS = /lets ours reach resources of every account/;
const OTHER_PRINCIPALS = /lets principals of every account through/;
const EVERY_ACTION = /lets every action of the service through/;
const OURS = { Condition: { StringEquals: { 'aws:PrincipalAccount': '111122223333' } } };
const OUR_BUCKET = 'arn:aws:s3:::acme-core/*';
const ACCOUNT = { Condition: { StringEquals: { 'aws:ResourceAccount': '111122223333' } } };

describeRule('NET-5.endpoint-policy', {
  compliant: {
    'one bucket': (stack) => endpoint(stack, allow()),
    'one bucket of AWS in whatever partition': (stack) => endpoint(stack, allow({ Resource: `arn:${stack.partition}:s3:::prod-${stack.region}-starport-layer-bucket/*` })),
    'everything of one account': (stack) => endpoint(stack, allow({ Action: '*', Resource: '*', ...ACCOUNT })),
    'a perimeter: whoever is ours, on whatever is ours': (stack) => endpoint(stack, allow({
      Action: '*', Resource: '*', Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-acme', 'aws:ResourceOrgID': 'o-acme' } },
    })),
    'a resource whose owner not every service tells': (stack) => endpoint(stack, allow({
      Resource: '*', Condition: { StringEquals: { 'aws:PrincipalAccount': '111122223333' }, StringEqualsIfExists: { 'aws:ResourceAccount': '111122223333' } },
    })),
    'a bucket of ours, for a role of ours': (stack) => endpoint(stack, allow({ Principal: { AWS: 'arn:aws:iam::111122223333:role/core' }, Resource: OUR_BUCKET })),
    'actions that are about no resource': (stack) => endpoint(stack, allow({ Action: ['ecr:GetAuthorizationToken', 'cloudwatch:PutMetricData', 'sqs:ListQueues'], Resource: '*', ...OURS })),
    'something refused': (stack) => endpoint(stack, allow({ Effect: 'Deny', Resource: '*' })),
    'a bucket that only a deployment names': (stack) => endpoint(stack, allow({ Resource: `arn:aws:s3:::${deployTimeValue(stack)}/*`, ...OURS })),
  },
  violating: {
    'no policy': { build: (stack) => new Vpc(stack, 'Vpc').addGatewayEndpoint('S3', { service: GatewayVpcEndpointAwsService.S3 }), message: EVERY_RESOURCE, severity: 'error' },
    'an interface without one': { build: (stack) => new Vpc(stack, 'Vpc').addInterfaceEndpoint('Logs', { service: InterfaceVpcEndpointAwsService.CLOUDWATCH_LOGS }), message: EVERY_RESOURCE },
    'every bucket': { build: (stack) => endpoint(stack, allow({ Resource: '*' })), message: EVERY_RESOURCE },
    'every bucket by its ARN': { build: (stack) => endpoint(stack, allow({ Resource: ['arn:aws:s3:::*'] })), message: EVERY_RESOURCE },
    'every bucket of whatever partition': { build: (stack) => endpoint(stack, allow({ Resource: `arn:${stack.partition}:s3:::*` })), message: EVERY_RESOURCE },
    'every bucket but one': { build: (stack) => endpoint(stack, allow({ Resource: undefined, NotResource: BUCKET })), message: EVERY_RESOURCE },
    'anybody by another spelling': { build: (stack) => endpoint(stack, allow({ Principal: { AWS: ['*'] }, Resource: '*' })), message: EVERY_RESOURCE },
    'everybody, under a condition that bounds neither end': {
      build: (stack) => endpoint(stack, allow({ Resource: '*', Condition: { StringEquals: { 'aws:SourceVpc': 'vpc-1' } } })), message: EVERY_RESOURCE, severity: 'error',
    },
    'a condition that every account meets': { build: (stack) => endpoint(stack, allow({ Resource: '*', Condition: { StringLike: { 'aws:PrincipalAccount': '*' } } })), message: EVERY_RESOURCE },
    'a condition that asks for others': {
      build: (stack) => endpoint(stack, allow({ Resource: '*', Condition: { StringNotEquals: { 'aws:PrincipalAccount': '111122223333' } } })),
      message: EVERY_RESOURCE,
    },
    'a role of ours, on everything': {
      build: (stack) => endpoint(stack, allow({ Principal: { AWS: 'arn:aws:iam::111122223333:role/core' }, Resource: '*' })), message: OTHER_ACCOUNTS, severity: 'warning',
    },
    'whoever is ours, on everything': { build: (stack) => endpoint(stack, allow({ Resource: '*', ...OURS })), message: OTHER_ACCOUNTS, severity: 'warning' },
    'everybody, on a bucket of ours': { build: (stack) => endpoint(stack, allow({ Resource: OUR_BUCKET })), message: OTHER_PRINCIPALS, severity: 'warning' },
    'everybody, on a bucket of ours beside one of AWS': { build: (stack) => endpoint(stack, allow({ Resource: [BUCKET, OUR_BUCKET] })), message: OTHER_PRINCIPALS },
    'every action': { build: (stack) => endpoint(stack, allow({ Action: '*' })), message: EVERY_ACTION, severity: 'warning' },
    'every action on a bucket of ours': { build: (stack) => endpoint(stack, allow({ Action: '*', Resource: OUR_BUCKET, ...OURS })), message: EVERY_ACTION, severity: 'warning' },
    'every action but one, on everything': { build: (stack) => endpoint(stack, allow({ Action: undefined, NotAction: 's3:DeleteBucket', Resource: '*', ...OURS })), message: OTHER_ACCOUNTS },
    'every action by its prefix': { build: (stack) => endpoint(stack, allow({ Action: ['s3:*'] })), message: /every action/ },
    'a wide statement beside a narrow one': {
      build: (stack) => endpoint(stack, { Statement: [NARROW, { ...NARROW, Resource: '*' }] }),
      message: EVERY_RESOURCE,
    },
  },
  override: { build: (stack) => endpoint(stack, allow()).addPropertyOverride('PolicyDocument.Statement.0.Resource', '*'), message: EVERY_RESOURCE },
  raw: { build: (stack) => raw(stack, 'AWS::EC2::VPCEndpoint', { ServiceName: S3, VpcId: 'vpc-1' }), message: EVERY_RESOURCE },
  undecidable: (stack) => endpoint(stack, allow({ Principal: { 'Fn::If': ['Unknown', '*', { AWS: '1' }] }, Resource: '*' })),
  notApplicable: {
    'a service of somebody\'s own': (stack) => endpoint(stack, undefined, { serviceName: 'com.amazonaws.vpce.eu-central-1.vpce-svc-1', vpcEndpointType: 'Interface' }),
    'a gateway load balancer': (stack) => endpoint(stack, undefined, { vpcEndpointType: 'GatewayLoadBalancer' }),
  },
});

const EVERYBODY = /lets every account of AWS ask for a connection/;
const permissions = (stack: Stack, ...allowedPrincipals: string[]): CfnVPCEndpointServicePermissions =>
  new CfnVPCEndpointServicePermissions(stack, 'Permissions', { serviceId: 'vpce-svc-1', allowedPrincipals });

describeRule('NET-2.endpoint-service', {
  compliant: {
    'accounts by name': (stack) => permissions(stack, 'arn:aws:iam::111122223333:root', 'arn:aws:iam::444455556666:role/platform'),
    'an account of whatever partition': (stack) => permissions(stack, `arn:${stack.partition}:iam::111122223333:root`),
  },
  violating: {
    'everybody': { build: (stack) => permissions(stack, '*'), message: EVERYBODY, severity: 'error' },
    'every account': { build: (stack) => permissions(stack, 'arn:aws:iam::111122223333:root', 'arn:aws:iam::*:root'), message: EVERYBODY },
  },
  override: { build: (stack) => permissions(stack, 'arn:aws:iam::111122223333:root').addPropertyOverride('AllowedPrincipals.0', '*'), message: EVERYBODY },
  raw: { build: (stack) => raw(stack, 'AWS::EC2::VPCEndpointServicePermissions', { ServiceId: 'vpce-svc-1', AllowedPrincipals: ['*'] }), message: EVERYBODY },
  undecidable: (stack) => permissions(stack, deployTimeValue(stack)),
});

const AS_MADE = /leaves its default security group as it is made/;

describeRule('NET-2.default-group', {
  compliant: { 'a group that is emptied': (stack) => new Vpc(stack, 'Vpc', { restrictDefaultSecurityGroup: true }) },
  violating: { 'a group as it is made': { build: (stack) => new Vpc(stack, 'Vpc', { restrictDefaultSecurityGroup: false }), message: AS_MADE, severity: 'warning' } },
  override: {
    build: (stack) => {
      const restriction = new Vpc(stack, 'Vpc', { restrictDefaultSecurityGroup: true }).node.findChild('RestrictDefaultSecurityGroupCustomResource').node.defaultChild as CfnResource;
      restriction.addPropertyOverride('DefaultSecurityGroupId', 'sg-another');
    },
    message: AS_MADE,
  },
  raw: { build: (stack) => new CfnResource(stack, 'Raw', { type: 'AWS::EC2::VPC', properties: { CidrBlock: '10.0.0.0/16' } }), message: AS_MADE },
  undecidable: (stack) => {
    new CfnVPC(stack, 'Vpc', { cidrBlock: '10.0.0.0/16' });
    new CfnResource(stack, 'Empty', { type: 'Custom::VpcRestrictDefaultSG', properties: { DefaultSecurityGroupId: deployTimeValue(stack) } });
  },
});
