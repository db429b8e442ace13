import { App, Aws, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Key } from 'aws-cdk-lib/aws-kms';
import { AwsSolutionsChecks } from 'cdk-nag';
import { judge } from '../../../src/checks/judge';
import { GateTable } from '../../../src/gate/gate-table';
import { KeySetMirror, type KeySetMirrorProps } from '../../../src/gate/mirror/key-set-mirror';
import { KEY_SET_MAX_AGE_SECONDS } from '../../../src/gate/contract';

const URI = 'https://login.acme.com/.well-known/jwks.json';

function stackOf(props: Partial<KeySetMirrorProps> = {}): Stack {
  const stack = new Stack(new App(), 'Core');
  new KeySetMirror(stack, 'Mirror', { table: new GateTable(stack, 'GateTable'), uris: [URI], ...props });
  return stack;
}

const template = (props?: Partial<KeySetMirrorProps>): Template => Template.fromStack(stackOf(props));

describe('KeySetMirror', () => {
  test('runs outside any VPC, one at a time, is not retried, and is stopped before the next run', () => {
    const mirror = template();
    mirror.hasResourceProperties('AWS::Lambda::Function', {
      Runtime: 'nodejs24.x', Handler: 'index.handler', Timeout: 30, ReservedConcurrentExecutions: Match.absent(), VpcConfig: Match.absent(),
      LoggingConfig: { LogGroup: { Ref: Match.stringLikeRegexp('^MirrorLog') } },
    });
    mirror.hasResourceProperties('AWS::Lambda::EventInvokeConfig', { MaximumRetryAttempts: 0, MaximumEventAgeInSeconds: 60 });
  });

  test('is told its table and its key sets, and no secret', () => {
    template().hasResourceProperties('AWS::Lambda::Function', { Environment: { Variables: { MIRROR_TABLE: { Ref: Match.stringLikeRegexp('^GateTable') }, MIRROR_URIS: JSON.stringify([URI]) } } });
  });

  test('takes key sets that only a deployment knows', () => {
    template({ uris: [`https://cognito-idp.${Aws.REGION}.amazonaws.com/pool/.well-known/jwks.json`] }).hasResourceProperties('AWS::Lambda::Function', {
      Environment: { Variables: { MIRROR_URIS: { 'Fn::Join': ['', ['["https://cognito-idp.', { Ref: 'AWS::Region' }, '.amazonaws.com/pool/.well-known/jwks.json"]']] } } },
    });
  });

  test('runs every minute, which leaves sixty runs until its copies are not trusted', () => {
    const mirror = template();
    mirror.hasResourceProperties('AWS::Events::Rule', {
      ScheduleExpression: 'rate(1 minute)', State: 'ENABLED',
      Targets: [Match.objectLike({ Arn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^MirrorFunction'), 'Arn'] }, RetryPolicy: { MaximumEventAgeInSeconds: 60, MaximumRetryAttempts: 0 } })],
    });
    expect(KEY_SET_MAX_AGE_SECONDS / 60).toBe(60);
    mirror.hasResourceProperties('AWS::Lambda::Permission', { Principal: 'events.amazonaws.com', SourceArn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^MirrorSchedule'), 'Arn'] } });
  });

  test('may write signing keys and its log, and nothing else', () => {
    const mirror = template();
    const statements = Object.values(mirror.findResources('AWS::IAM::Policy')).map(({ Properties }) => (Properties as { PolicyDocument: { Statement: unknown } }).PolicyDocument.Statement);
    expect(statements).toEqual([[
      expect.objectContaining({ Action: 'dynamodb:PutItem', Condition: expect.objectContaining({ 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['jwks'] } }) as unknown }),
      { Effect: 'Allow', Action: ['logs:CreateLogStream', 'logs:PutLogEvents'], Resource: { 'Fn::GetAtt': [expect.stringMatching(/^MirrorLog/), 'Arn'] } },
    ]]);
    mirror.hasResourceProperties('AWS::IAM::Role', { ManagedPolicyArns: Match.absent() });
    mirror.resourceCountIs('AWS::IAM::Role', 1);
  });

  test('has a log that ends', () => {
    template().hasResource('AWS::Logs::LogGroup', { Properties: { RetentionInDays: 30 }, DeletionPolicy: 'Retain' });
    template({ removalPolicy: RemovalPolicy.DESTROY }).hasResource('AWS::Logs::LogGroup', { DeletionPolicy: 'Delete' });
  });

  test('leaves nothing to AwsSolutions that is not answered', () => {
    const app = new App();
    const stack = new Stack(app, 'Core');
    new KeySetMirror(stack, 'Mirror', { table: new GateTable(stack, 'GateTable', { encryptionKey: new Key(stack, 'Key', { enableKeyRotation: true }) }), uris: [URI] });
    Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
    expect(() => app.synth()).not.toThrow();
  });

  test('leaves nothing to find to our own pack', () => {
    expect(judge([{ name: 'Core', body: template().toJSON() }]).findings.map(({ rule, logicalId }) => `${rule} ${logicalId}`)).toEqual([]);
  });

  test.each<[string, string[]]>([
    ['nothing', []],
    ['a key set twice', [URI, URI]],
    ['too many', Array.from({ length: 11 }, (_, at) => `${URI}?${at}`)],
    ['http', ['http://login.acme.com/jwks.json']],
    ['a password', ['https://user:pass@login.acme.com/jwks.json']],
    ['a fragment', [`${URI}#keys`]],
    ['no URL', ['login.acme.com']],
  ])('refuses %s', (_, uris) => {
    expect(() => stackOf({ uris })).toThrow(/^Core\/Mirror: uris is /);
  });
});
