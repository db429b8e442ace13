import { CfnResource, type Stack } from 'aws-cdk-lib';
import { type CfnTargetGroup } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { CfnTopic, CfnTopicPolicy, Topic } from 'aws-cdk-lib/aws-sns';
import { albTargets, resourceOf } from '../../support/alb';
import { variableCases } from '../../support/configured-cases';
import { deployTimeValue, targetGroup } from '../../support/load-balancing';
import { describeRule } from '../../support/rule-cases';

const group = (protocol: string | undefined, targetType = 'ip') => (stack: Stack): CfnTargetGroup => targetGroup(stack, { protocol, targetType });

describeRule('TLS-5.target-group', {
  compliant: {
    'HTTPS': group('HTTPS'),
    'TLS': group('TLS'),
    'a load balancer behind another, which is judged by itself': group('TCP', 'alb'),
    'HTTPS as the CDK makes it': (stack) => albTargets(stack),
  },
  violating: {
    'HTTP': { build: group('HTTP'), message: /passes requests on over HTTP, for everybody on the way to read/, severity: 'error' },
    'HTTP to instances': { build: group('HTTP', 'instance'), message: /over HTTP/ },
    'no protocol': { build: group(undefined), message: /names no protocol/ },
  },
  override: { build: (stack) => resourceOf(albTargets(stack)).addPropertyOverride('Protocol', 'HTTP'), message: /over HTTP/ },
  raw: { build: (stack) => new CfnResource(stack, 'Raw', { type: 'AWS::ElasticLoadBalancingV2::TargetGroup', properties: { Protocol: 'HTTP', Port: 80 } }), message: /over HTTP/ },
  undecidable: { 'TCP, which the target may encrypt': group('TCP'), 'UDP': group('UDP'), 'a protocol known at deployment': (stack) => group(deployTimeValue(stack))(stack) },
  notApplicable: { 'functions': group(undefined, 'lambda'), 'a gateway load balancer': group('GENEVE') },
});

const CLEAR = /container core has \w+ speak [\w+]+ to \S+ without TLS/;

describeRule('TLS-5.urls', variableCases({
  compliant: {
    'TLS': { A: 'https://api.example.com', B: 'rediss://user@cache:6379', C: 'amqps://broker', D: 'mongodb+srv://db.example.com', E: 'mongodb://db:27017/core?tls=true' },
    'loopback': { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://localhost:4317', A: 'http://127.0.0.1:8080/x', B: 'redis://[::1]:6379', C: 'http://169.254.170.2/v4' },
  },
  violating: {
    'a collector': [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4317' }, CLEAR, 'error'],
    'Redis': [{ REDIS_URL: 'redis://cache.internal:6379/0' }, /REDIS_URL speak redis to cache\.internal without TLS/],
    'a queue': [{ BROKER: 'amqp://user@broker:5672' }, /speak amqp to broker/],
    'MongoDB': [{ DB: 'mongodb://db:27017/core?tls=false' }, /speak mongodb to db/],
    'the second of two': [{ URLS: 'https://a.example.com,http://b.example.com' }, /speak http to b\.example\.com/],
    'capitals': [{ API: 'HTTP://api.example.com' }, /speak HTTP to api\.example\.com/],
    'a host that begins like loopback': [{ API: 'http://localhost.example.com' }, CLEAR],
    'a user who is called like loopback': [{ API: 'http://localhost@api.example.com' }, /speak http to api\.example\.com/],
    'telemetry of one kind': [{ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://collector:4318/v1/traces' }, CLEAR],
  },
  open: ['OTEL_EXPORTER_OTLP_ENDPOINT'],
  notApplicable: {
    'origins, which are nobody\'s hop': { CORS_ALLOW_ORIGINS: 'http://localhost:3000,http://app.example.com' },
    'a proxy that is asked for tunnels': { HTTPS_PROXY: 'http://proxy:3128' },
    'words': { NOTE: 'see http' },
  },
}));

/** A topic with a policy that differs in some parts from what the CDK writes for enforceSSL. */
function topic(stack: Stack, statement: object = {}, topics?: string[]): CfnTopicPolicy {
  const made = new CfnTopic(stack, 'Topic');
  const refusal = { Effect: 'Deny', Principal: '*', Action: 'sns:Publish', Resource: made.ref, Condition: { Bool: { 'aws:SecureTransport': 'false' } } };
  return new CfnTopicPolicy(stack, 'Policy', { topics: topics ?? [made.ref], policyDocument: { Statement: [{ ...refusal, ...statement }] } });
}

const SENT_CLEAR = /takes messages that are sent without TLS/;

describeRule('TLS-5.topics', {
  compliant: {
    'as the CDK writes it': (stack) => new Topic(stack, 'Alarms', { enforceSSL: true }),
    'every action': (stack) => topic(stack, { Action: ['sns:Subscribe', 'SNS:*'], Principal: { AWS: '*' } }),
  },
  violating: {
    'no policy': { build: (stack) => new CfnTopic(stack, 'Topic'), message: SENT_CLEAR },
    'a policy of another topic': { build: (stack) => topic(stack, {}, [new CfnTopic(stack, 'Other').ref]), message: SENT_CLEAR },
    'what allows instead': { build: (stack) => topic(stack, { Effect: 'Allow' }), message: SENT_CLEAR },
    'a refusal of one role': { build: (stack) => topic(stack, { Principal: { AWS: 'arn:aws:iam::111122223333:role/one' } }), message: SENT_CLEAR },
    'a refusal of another action': { build: (stack) => topic(stack, { Action: 'sns:Subscribe' }), message: SENT_CLEAR },
    'a refusal of TLS': { build: (stack) => topic(stack, { Condition: { Bool: { 'aws:SecureTransport': 'true' } } }), message: SENT_CLEAR },
    'a refusal of something else': { build: (stack) => topic(stack, { Condition: { StringEquals: { 'aws:SecureTransport': 'false' } } }), message: SENT_CLEAR },
  },
  override: { build: (stack) => topic(stack).addPropertyOverride('PolicyDocument.Statement.0.Effect', 'Allow'), message: SENT_CLEAR },
  raw: { build: (stack) => new CfnResource(stack, 'Raw', { type: 'AWS::SNS::Topic' }), message: SENT_CLEAR },
  undecidable: {
    'topics known at deployment': (stack) => topic(stack).addPropertyOverride('Topics', deployTimeValue(stack)),
    'a policy known at deployment': (stack) => topic(stack).addPropertyOverride('PolicyDocument.Statement', deployTimeValue(stack)),
  },
});
