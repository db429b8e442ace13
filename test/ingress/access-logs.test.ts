import { App, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Size } from '../../src';
import { ingressTemplate, secureIngress } from '../support/ingress';

const BUCKET = 'AWS::S3::Bucket';

function delivery(prefixes: (object | string)[]): object {
  return { Action: 's3:PutObject', Effect: 'Allow', Principal: { Service: 'logdelivery.elasticloadbalancing.amazonaws.com' }, Resource: prefixes };
}

describe('Access logs', () => {
  test('record requests and connections in a bucket of their own', () => {
    const template = ingressTemplate();
    const [bucket] = Object.keys(template.findResources(BUCKET));
    for (const [log, prefix] of [['access_logs', 'access'], ['connection_logs', 'connection']]) {
      template.hasResourceProperties('AWS::ElasticLoadBalancingV2::LoadBalancer', {
        LoadBalancerAttributes: Match.arrayWith([
          { Key: `${log}.s3.enabled`, Value: 'true' }, { Key: `${log}.s3.bucket`, Value: { Ref: bucket } }, { Key: `${log}.s3.prefix`, Value: prefix },
        ]),
      });
    }
  });

  test('go into a closed bucket with keys of S3\'s own, for 180 days', () => {
    ingressTemplate().hasResourceProperties(BUCKET, {
      BucketEncryption: { ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }] },
      PublicAccessBlockConfiguration: { BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true },
      OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
      LifecycleConfiguration: { Rules: [Match.objectLike({ Status: 'Enabled', ExpirationInDays: 180 })] },
    });
  });

  test('are written by the delivery service for this account alone, and over TLS, also where no region is known', () => {
    const template = ingressTemplate();
    const [bucket] = Object.keys(template.findResources(BUCKET));
    const arn = { 'Fn::GetAtt': [bucket, 'Arn'] };
    const below = (prefix: string): object => ({ 'Fn::Join': ['', [arn, `/${prefix}/AWSLogs/`, { Ref: 'AWS::AccountId' }, '/*']] });
    template.hasResourceProperties('AWS::S3::BucketPolicy', {
      PolicyDocument: {
        Version: '2012-10-17',
        Statement: [
          { Action: 's3:*', Effect: 'Deny', Principal: { AWS: '*' }, Condition: { Bool: { 'aws:SecureTransport': 'false' } }, Resource: [arn, { 'Fn::Join': ['', [arn, '/*']] }] },
          delivery([below('access'), below('connection')]),
        ],
      },
    });
  });

  test('have their policy before the load balancer tries the bucket', () => {
    const template = ingressTemplate();
    const [policy] = Object.keys(template.findResources('AWS::S3::BucketPolicy'));
    template.hasResource('AWS::ElasticLoadBalancingV2::LoadBalancer', { DependsOn: Match.arrayWith([policy]) });
  });

  test('outlive the stack in production only', () => {
    ingressTemplate().hasResource(BUCKET, { DeletionPolicy: 'Retain' });
    ingressTemplate().resourceCountIs('Custom::S3AutoDeleteObjects', 0);
    const dev = ingressTemplate({ size: Size.DEV });
    dev.hasResource(BUCKET, { DeletionPolicy: 'Delete' });
    dev.resourceCountIs('Custom::S3AutoDeleteObjects', 1);
    const [emptying] = Object.keys(dev.findResources('Custom::S3AutoDeleteObjects'));
    dev.hasResource('AWS::ElasticLoadBalancingV2::LoadBalancer', { DependsOn: Match.arrayWith([emptying]) });
  });

  test('go into a bucket of the app, whose policy lets them in', () => {
    const stack = new Stack();
    const template = ingressTemplate({ accessLogBucket: new Bucket(stack, 'Logs') }, stack);
    template.resourceCountIs(BUCKET, 1);
    template.hasResourceProperties('AWS::S3::BucketPolicy', {
      Bucket: { Ref: Match.stringLikeRegexp('^Logs') },
      PolicyDocument: { Statement: [Match.objectLike({ Principal: { Service: 'logdelivery.elasticloadbalancing.amazonaws.com' } })] },
    });
  });

  test('go into a bucket from outside the app, whose policy is left alone', () => {
    const stack = new Stack();
    const template = ingressTemplate({ accessLogBucket: Bucket.fromBucketName(stack, 'Logs', 'acme-logs') }, stack);
    template.resourceCountIs(BUCKET, 0);
    template.resourceCountIs('AWS::S3::BucketPolicy', 0);
    template.hasResourceProperties('AWS::ElasticLoadBalancingV2::LoadBalancer', { LoadBalancerAttributes: Match.arrayWith([{ Key: 'access_logs.s3.bucket', Value: 'acme-logs' }]) });
  });

  test('refuse a bucket that the load balancer could not write to', () => {
    const stack = new Stack();
    expect(() => secureIngress(stack, { accessLogBucket: new Bucket(stack, 'Logs', { encryptionKey: new Key(stack, 'Key'), removalPolicy: RemovalPolicy.DESTROY }) }))
      .toThrow('Default/Ingress: accessLogBucket is "encrypted with a KMS key". A load balancer writes logs only into a bucket with keys of S3\'s own');
    const app = new App();
    const away = new Bucket(new Stack(app, 'Away', { env: { account: '111122223333', region: 'us-east-1' } }), 'Logs');
    expect(() => secureIngress(new Stack(app, 'Here', { env: { account: '111122223333', region: 'eu-central-1' } }), { accessLogBucket: away })).toThrow('accessLogBucket is "of us-east-1"');
  });

  test('name the account where it is known', () => {
    const stack = new Stack(new App(), 'Known', { env: { account: '111122223333', region: 'eu-central-1' } });
    secureIngress(stack);
    const policy = JSON.stringify(Template.fromStack(stack).findResources('AWS::S3::BucketPolicy'));
    expect(policy).toContain('/access/AWSLogs/111122223333/*');
    expect(policy).not.toContain('"AWS":{"Fn::Join"');
  });
});
