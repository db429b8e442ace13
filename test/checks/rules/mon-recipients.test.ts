import { CfnResource, type Stack } from 'aws-cdk-lib';
import { CfnCompositeAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import { CfnAlias, CfnKey } from 'aws-cdk-lib/aws-kms';
import { CfnSubscription, CfnTopic, CfnTopicInlinePolicy, CfnTopicPolicy, Topic } from 'aws-cdk-lib/aws-sns';
import { alarm } from '../../support/alarms';
import { deployTimeValue } from '../../support/load-balancing';
import { describeRule } from '../../support/rule-cases';

const TOPIC = 'arn:aws:sns:eu-central-1:111122223333:alarms';
const NOBODY = /so nobody is told when it sounds/;

function counted(stack: Stack, props: object = {}, by: 'arn' | 'name' = 'arn'): CfnCompositeAlarm {
  const part = alarm(stack, { alarmActions: undefined, alarmName: by === 'name' ? 'acme-errors' : undefined });
  return new CfnCompositeAlarm(stack, 'All', { alarmRule: by === 'name' ? 'ALARM("acme-errors")' : `ALARM("${part.attrArn}")`, alarmActions: [TOPIC], ...props });
}

describeRule('MON-6.actions', {
  compliant: {
    'an alarm with a topic': (stack) => alarm(stack),
    'one that a composite alarm counts in by its ARN': (stack) => counted(stack),
    'one that a composite alarm counts in by its name': (stack) => counted(stack, {}, 'name'),
    'one of several': (stack) => counted(stack, { alarmRule: '(ALARM("other") OR ALARM(arn:aws:cloudwatch:eu-central-1:111122223333:alarm:acme-errors))' }, 'name'),
  },
  violating: {
    'no action': { build: (stack) => alarm(stack, { alarmActions: undefined }), message: NOBODY, severity: 'error' },
    'an empty list': { build: (stack) => alarm(stack, { alarmActions: [] }), message: /AlarmActions|is empty/ },
    'actions that are off': { build: (stack) => alarm(stack, { actionsEnabled: false }), message: /is false, so nobody is told/ },
    'a composite alarm that tells nobody either': { build: (stack) => counted(stack, { alarmActions: [] }), message: NOBODY },
    'a composite alarm whose actions are off': { build: (stack) => counted(stack, { actionsEnabled: false }), message: NOBODY },
    'a composite alarm that wants another one as well': {
      build: (stack) => counted(stack).addPropertyOverride('AlarmRule', { 'Fn::Join': ['', ['ALARM("', { 'Fn::GetAtt': ['Alarm', 'Arn'] }, '") AND ALARM("other")']] }), message: NOBODY,
    },
    'a composite alarm that sounds when all is well': { build: (stack) => counted(stack, { alarmRule: 'OK("acme-errors")' }, 'name'), message: NOBODY },
    'a composite alarm of one whose name begins alike': { build: (stack) => counted(stack, { alarmRule: 'ALARM("acme-errors-old")' }, 'name'), message: NOBODY },
    'a composite alarm of others': { build: (stack) => counted(stack, { alarmRule: 'ALARM("other")' }), message: NOBODY },
  },
  override: { build: (stack) => alarm(stack).addPropertyOverride('ActionsEnabled', false), message: /is false/ },
  raw: { build: (stack) => new CfnResource(stack, 'Raw', { type: 'AWS::CloudWatch::Alarm', properties: { MetricName: 'Errors' } }), message: NOBODY },
  undecidable: { 'actions known at deployment': (stack) => alarm(stack).addPropertyOverride('AlarmActions', deployTimeValue(stack)) },
});

/** A topic that an alarm tells. */
function topic(stack: Stack, props: object = {}): CfnTopic {
  const made = new CfnTopic(stack, 'Topic', props);
  alarm(stack, { alarmActions: [made.ref] });
  return made;
}

const subscription = [{ protocol: 'email', endpoint: 'oncall@acme.com' }];

describeRule('MON-6.recipients', {
  compliant: {
    'a subscription in the topic': (stack) => topic(stack, { subscription }),
    'a subscription beside it': (stack) => new CfnSubscription(stack, 'Subscription', { topicArn: topic(stack).ref, protocol: 'sqs', endpoint: 'arn:aws:sqs:eu-central-1:111122223333:alarms' }),
    'a subscription that chooses by what the alarm says': (stack) => new CfnSubscription(stack, 'Subscription', {
      topicArn: topic(stack).ref, protocol: 'email', endpoint: 'oncall@acme.com', filterPolicy: { AlarmName: ['acme-errors'] }, filterPolicyScope: 'MessageBody',
    }),
    'recipients elsewhere': (stack) => topic(stack).addMetadata('cdk-secure-core:recipients-elsewhere', 'The chat bot of the platform is subscribed by hand.'),
  },
  violating: {
    'no subscription': { build: (stack) => topic(stack), message: /tells nobody: alarms name it/, severity: 'error' },
    'a subscription for messages with an attribute': {
      build: (stack) => new CfnSubscription(stack, 'Subscription', { topicArn: topic(stack).ref, protocol: 'email', endpoint: 'oncall@acme.com', filterPolicy: { team: ['core'] } }),
      message: /tells nobody: Subscription has no endpoint, or takes messages with certain attributes alone/,
    },
    'a subscription of nobody': { build: (stack) => new CfnSubscription(stack, 'Subscription', { topicArn: topic(stack).ref, protocol: 'email' }), message: /Subscription has no endpoint/ },
    'an empty reason': { build: (stack) => topic(stack).addMetadata('cdk-secure-core:recipients-elsewhere', ' '), message: /tells nobody/ },
    'a subscription to another topic': {
      build: (stack) => {
        topic(stack);
        new CfnSubscription(stack, 'Subscription', { topicArn: TOPIC, protocol: 'email', endpoint: 'oncall@acme.com' });
      },
      message: /tells nobody/,
    },
    'a composite alarm': {
      build: (stack) => new CfnCompositeAlarm(stack, 'All', { alarmRule: 'ALARM("other")', alarmActions: [new CfnTopic(stack, 'Topic').ref] }), message: /tells nobody/,
    },
  },
  override: { build: (stack) => topic(stack, { subscription }).addPropertyOverride('Subscription', []), message: /tells nobody/ },
  raw: { build: (stack) => alarm(stack, { alarmActions: [new CfnResource(stack, 'Raw', { type: 'AWS::SNS::Topic' }).ref] }), message: /tells nobody/ },
  undecidable: {
    'a subscription to what only a deployment knows': (stack) => {
      topic(stack);
      new CfnSubscription(stack, 'Subscription', { topicArn: deployTimeValue(stack), protocol: 'email', endpoint: 'oncall@acme.com' });
    },
  },
  notApplicable: { 'a topic of no alarm': (stack) => new CfnTopic(stack, 'Topic') },
});

const CLOUDWATCH = { Effect: 'Allow', Principal: { Service: 'cloudwatch.amazonaws.com' }, Action: ['kms:Decrypt', 'kms:GenerateDataKey*'], Resource: '*' };
const OWNER = { Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::111122223333:root' }, Action: 'kms:*', Resource: '*' };

const key = (stack: Stack, ...Statement: object[]): CfnKey => new CfnKey(stack, 'Key', { keyPolicy: { Version: '2012-10-17', Statement: [OWNER, ...Statement] } });
const LOST = /every alarm is lost without a word/;

describeRule('MON-6.topic-key', {
  compliant: {
    'a key that lets CloudWatch use it': (stack) => topic(stack, { subscription, kmsMasterKeyId: key(stack, CLOUDWATCH).ref }),
    'an alias of one': (stack) => topic(stack, { kmsMasterKeyId: new CfnAlias(stack, 'Alias', { aliasName: 'alias/alarms', targetKeyId: key(stack, CLOUDWATCH).ref }).ref }),
    'two statements': (stack) => topic(stack, { kmsMasterKeyId: key(stack, { ...CLOUDWATCH, Action: 'kms:Decrypt' }, { ...CLOUDWATCH, Action: 'kms:GenerateDataKey' }).ref }),
  },
  violating: {
    'the key of the account': { build: (stack) => topic(stack, { kmsMasterKeyId: 'alias/aws/sns' }), message: LOST, severity: 'error' },
    'the key of the account by its ARN': { build: (stack) => topic(stack, { kmsMasterKeyId: 'arn:aws:kms:eu-central-1:111122223333:alias/aws/sns' }), message: LOST },
    'no key': { build: (stack) => topic(stack), message: /is not set, so what is wrong with the Core is kept in the clear/, severity: 'warning' },
    'a key for its owner alone': { build: (stack) => topic(stack, { kmsMasterKeyId: key(stack).ref }), message: LOST },
    'a key that may be read with alone': { build: (stack) => topic(stack, { kmsMasterKeyId: key(stack, { ...CLOUDWATCH, Action: 'kms:Decrypt' }).ref }), message: LOST },
    'a key for another service': { build: (stack) => topic(stack, { kmsMasterKeyId: key(stack, { ...CLOUDWATCH, Principal: { Service: 'events.amazonaws.com' } }).ref }), message: LOST },
    'a key that is denied': { build: (stack) => topic(stack, { kmsMasterKeyId: key(stack, { ...CLOUDWATCH, Effect: 'Deny' }).ref }), message: LOST },
  },
  override: { build: (stack) => topic(stack, { kmsMasterKeyId: key(stack, CLOUDWATCH).ref }).addPropertyOverride('KmsMasterKeyId', 'alias/aws/sns'), message: LOST },
  raw: {
    build: (stack) => alarm(stack, { alarmActions: [new CfnResource(stack, 'Raw', { type: 'AWS::SNS::Topic', properties: { KmsMasterKeyId: 'alias/aws/sns' } }).ref] }), message: LOST,
  },
  undecidable: {
    'a key known at deployment': (stack) => topic(stack, { kmsMasterKeyId: deployTimeValue(stack) }),
    'a key of another place': (stack) => topic(stack, { kmsMasterKeyId: 'arn:aws:kms:eu-central-1:111122223333:key/0a1b2c3d-4e5f-4071-8293-a4b5c6d7e8f9' }),
    'a policy known at deployment': (stack) => {
      const made = key(stack, CLOUDWATCH);
      made.addPropertyOverride('KeyPolicy', deployTimeValue(stack));
      topic(stack, { kmsMasterKeyId: made.ref });
    },
  },
  notApplicable: { 'a topic of no alarm': (stack) => new CfnTopic(stack, 'Topic') },
});

const PUBLISH = { Effect: 'Allow', Principal: { Service: 'cloudwatch.amazonaws.com' }, Action: 'sns:Publish', Resource: '*' };
const BY_TLS = { Effect: 'Deny', Principal: '*', Action: 'sns:Publish', Resource: '*', Condition: { Bool: { 'aws:SecureTransport': 'false' } } };
const OF_ACCOUNT = { ...PUBLISH, Principal: { AWS: '*' }, Condition: { StringEquals: { 'AWS:SourceOwner': '111122223333' } } };
const SILENT = /has a policy that does not let cloudwatch.amazonaws.com sns:Publish: every alarm is lost/;

const stated = (stack: Stack, ...Statement: object[]): CfnTopicPolicy => new CfnTopicPolicy(stack, 'Policy', { topics: [topic(stack).ref], policyDocument: { Version: '2012-10-17', Statement } });

describeRule('MON-6.topic-policy', {
  compliant: {
    'a policy that lets CloudWatch publish': (stack) => stated(stack, PUBLISH, BY_TLS),
    'a policy that lets the account publish, as the one has that a topic begins with': (stack) => stated(stack, OF_ACCOUNT),
    'a policy of one topic': (stack) => new CfnTopicInlinePolicy(stack, 'Policy', { topicArn: topic(stack).ref, policyDocument: { Statement: [PUBLISH] } }),
  },
  violating: {
    'a policy that only denies': { build: (stack) => stated(stack, BY_TLS), message: SILENT, severity: 'error' },
    'what the CDK writes for TLS': { build: (stack) => alarm(stack, { alarmActions: [new Topic(stack, 'Topic', { enforceSSL: true }).topicArn] }), message: SILENT },
    'a policy for another service': { build: (stack) => stated(stack, { ...PUBLISH, Principal: { Service: 'events.amazonaws.com' } }), message: SILENT },
    'a policy to subscribe by': { build: (stack) => stated(stack, { ...PUBLISH, Action: 'sns:Subscribe' }), message: SILENT },
  },
  override: { build: (stack) => stated(stack, PUBLISH).addPropertyOverride('PolicyDocument.Statement.0.Effect', 'Deny'), message: SILENT },
  raw: {
    build: (stack) => new CfnResource(stack, 'Raw', { type: 'AWS::SNS::TopicPolicy', properties: { Topics: [topic(stack).ref], PolicyDocument: { Statement: BY_TLS } } }), message: SILENT,
  },
  undecidable: { 'a policy known at deployment': (stack) => stated(stack).addPropertyOverride('PolicyDocument', deployTimeValue(stack)) },
  notApplicable: { 'a topic without a policy': (stack) => topic(stack), 'a topic of no alarm': (stack) => new Topic(stack, 'Topic', { enforceSSL: true }) },
});
