import { App, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { AlarmTopic, Recipient } from '../../src';

const ACCOUNT = { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } };
const CLOUDWATCH = { Service: 'cloudwatch.amazonaws.com' };

function topicOf(...recipients: Recipient[]): Template {
  const stack = new Stack();
  new AlarmTopic(stack, 'Alarms', { recipients });
  return Template.fromStack(stack);
}

describe('AlarmTopic', () => {
  const template = topicOf(Recipient.email('oncall@acme.com'));

  test('is encrypted by a key that is renewed every year and goes with it', () => {
    template.hasResourceProperties('AWS::SNS::Topic', { KmsMasterKeyId: { 'Fn::GetAtt': ['AlarmsKey8B9C40AB', 'Arn'] } });
    template.hasResource('AWS::KMS::Key', { DeletionPolicy: 'Delete', Properties: { EnableKeyRotation: true } });
  });

  test('has a key that CloudWatch may use for alarms of this account, and nobody else but the account', () => {
    const [key] = Object.values(template.findResources('AWS::KMS::Key')) as { Properties: { KeyPolicy: { Statement: object[] } } }[];
    expect(key?.Properties.KeyPolicy.Statement).toEqual([
      expect.objectContaining({ Action: 'kms:*', Principal: { AWS: expect.anything() as unknown } }),
      { Sid: 'AlarmsOfThisAccount', Effect: 'Allow', Principal: CLOUDWATCH, Action: ['kms:Decrypt', 'kms:GenerateDataKey*'], Resource: '*', Condition: ACCOUNT },
    ]);
  });

  test('is published to over TLS alone, by CloudWatch for alarms of this account', () => {
    const [policy] = Object.values(template.findResources('AWS::SNS::TopicPolicy')) as { Properties: { PolicyDocument: { Statement: object[] } } }[];
    expect(policy?.Properties.PolicyDocument.Statement).toEqual([
      expect.objectContaining({ Effect: 'Deny', Action: 'sns:Publish', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
      { Sid: 'AlarmsOfThisAccount', Effect: 'Allow', Principal: CLOUDWATCH, Action: 'sns:Publish', Resource: { Ref: expect.stringMatching(/^Alarms[0-9A-F]{8}$/) as string }, Condition: ACCOUNT },
    ]);
  });

  test('takes a key that is brought, and lets CloudWatch use one of the app', () => {
    const stack = new Stack();
    new AlarmTopic(stack, 'Alarms', { recipients: [Recipient.email('oncall@acme.com')], encryptionKey: new Key(stack, 'Own') });
    const built = Template.fromStack(stack);
    built.resourceCountIs('AWS::KMS::Key', 1);
    built.hasResourceProperties('AWS::KMS::Key', { KeyPolicy: { Statement: Match.arrayWith([Match.objectLike({ Principal: CLOUDWATCH })]) } });
  });

  test.each([[[]], [undefined]])('asks for recipients where they are %j', (recipients) => {
    expect(() => new AlarmTopic(new Stack(), 'Alarms', { recipients: recipients as unknown as Recipient[] })).toThrow(/^Default\/Alarms: recipients is (\[\]|nothing)\. Name who hears alarms, at least one: Recipient\.email/);
  });
});

describe('Recipient', () => {
  test('is a mailbox, a URL, a queue or a function', () => {
    const stack = new Stack(new App(), 'Alarms');
    const handler = new LambdaFunction(stack, 'Function', { runtime: Runtime.NODEJS_24_X, handler: 'index.handler', code: Code.fromInline('exports.handler = () => {};') });
    new AlarmTopic(stack, 'Topic', {
      recipients: [Recipient.email('oncall@acme.com'), Recipient.https('https://pager.example/key'), Recipient.queue(new Queue(stack, 'Queue')), Recipient.lambda(handler)],
    });
    const template = Template.fromStack(stack);
    const subscriptions = Object.values(template.findResources('AWS::SNS::Subscription')) as { Properties: { Protocol: string } }[];
    expect(subscriptions.map(({ Properties }) => Properties.Protocol).sort()).toEqual(['email', 'https', 'lambda', 'sqs']);
    template.hasResourceProperties('AWS::Lambda::Permission', { Principal: 'sns.amazonaws.com' });
  });

  test('may be subscribed elsewhere, as a reviewer reads in the template', () => {
    topicOf(Recipient.elsewhere('The chat bot is subscribed in the stack Chat.')).hasResource('AWS::SNS::Topic', {
      Metadata: { 'cdk-secure-core:recipients-elsewhere': 'The chat bot is subscribed in the stack Chat.' },
    });
  });

  test.each([
    ['a name without a mailbox', Recipient.email('oncall'), 'recipients[0] is "oncall". Name one mailbox'],
    ['two mailboxes', Recipient.email('a@acme.com b@acme.com'), 'Name one mailbox'],
    ['a URL without TLS', Recipient.https('http://pager.example/key'), 'recipients[0] is "http:…". Name a URL that begins with https://.'],
    ['no reason', Recipient.elsewhere('chat'), 'Say why in a sentence'],
  ])('is refused where it is %s', (_, recipient, message) => {
    expect(() => topicOf(recipient)).toThrow(message);
  });

  test('keeps what opens a URL out of the message', () => {
    expect(() => topicOf(Recipient.https('http://pager.example/s3cret'))).toThrow(expect.not.objectContaining({ message: expect.stringContaining('s3cret') as string }) as Error);
  });
});
