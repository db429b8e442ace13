import { Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Code, Function as Fn, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { AfterCheckout } from '../../src/broker/after-checkout';
import { BrokerCredential } from '../../src/broker/broker-credential';
import { credentialOf, SWEEP_VARIABLE } from '../../src/broker/contract';
import { DeviceCredentialKind } from '../../src/broker/device-credential-kind';
import { endpoints, ENV } from '../support/network-stack';
import { type BrokerPlace, brokerPlace, configurationOf, deviceSecret, madeBroker, statementsOf, toldTo } from './broker-stack';

const { SSH, SNMP, API_KEY } = DeviceCredentialKind;
const COMPLETE = `arn:aws:secretsmanager:${ENV.region}:${ENV.account}:secret:plain/router-AbCdEf`;

const rotator = ({ stack }: BrokerPlace, id = 'Rotator'): Fn => new Fn(stack, id, { runtime: Runtime.NODEJS_24_X, handler: 'index.handler', code: Code.fromInline('0') });
const broken = (make: (place: BrokerPlace) => BrokerCredential[]) => (): unknown => {
  const place = brokerPlace();
  return madeBroker({ credentials: make(place) }, place);
};

describe('A credential in AWS Secrets Manager', () => {
  test('is told by a name that says it, and with id and kind where its name does not', () => {
    const place = brokerPlace();
    const { stack } = place;
    madeBroker({
      credentials: [
        BrokerCredential.secretsManager('edge-switch', SNMP, deviceSecret(stack, 'edge-switch', 'snmp')),
        BrokerCredential.secretsManager('another', SNMP, deviceSecret(stack, 'mismatched', 'snmp')),
        BrokerCredential.secretsManager('nameless', SSH, new Secret(stack, 'Nameless')),
        BrokerCredential.secretsManager('complete', API_KEY, Secret.fromSecretCompleteArn(stack, 'Complete', COMPLETE)),
        BrokerCredential.secretsManager('by-name', SSH, Secret.fromSecretNameV2(stack, 'ByName', 'x/credentials/by-name/ssh')),
        BrokerCredential.secretsManager('foreign', SSH, Secret.fromSecretCompleteArn(stack, 'Foreign', COMPLETE.replace(ENV.account, '999900001111'))),
      ],
    }, place);
    const { credentials } = configurationOf(Template.fromStack(stack));
    expect(credentials).toEqual([
      '<Fn::Select : 6 Fn::Split : : Ref : Secretedgeswitch>',
      { id: 'another', kind: 'snmp', secret: expect.stringContaining('Secretmismatched') as string },
      { id: 'nameless', kind: 'ssh', secret: expect.stringContaining('Nameless') as string },
      { id: 'complete', kind: 'api_key', secret: 'plain/router-AbCdEf' },
      expect.stringContaining('x/credentials/by-name/ssh'),
      { id: 'foreign', kind: 'ssh', secret: COMPLETE.replace(ENV.account, '999900001111') },
    ]);
  });

  test('is read by the broker alone, as one that is known by its name too', () => {
    const place = brokerPlace();
    const { stack } = place;
    madeBroker({ credentials: [BrokerCredential.secretsManager('by-name', SSH, Secret.fromSecretNameV2(stack, 'ByName', 'x/credentials/by-name/ssh'))] }, place);
    const template = Template.fromStack(stack);
    const readers = Object.entries(template.findResources('AWS::IAM::Policy')).filter(([, policy]) => JSON.stringify(policy).includes('x/credentials/by-name/ssh')).map(([id]) => id);
    expect(readers).toEqual([expect.stringMatching(/^BrokerHandlerRole/)]);
    expect(JSON.stringify(statementsOf(template, /^BrokerHandlerRole/))).toContain('x/credentials/by-name/ssh-??????');
  });

  test('bears a tag, by which rules find it', () => {
    Template.fromStack(madeBroker().stack).hasResourceProperties('AWS::SecretsManager::Secret', {
      Name: 'staging/credentials/core-router/ssh', Tags: [{ Key: 'cdk-secure-core:device-credential', Value: 'SSH' }],
    });
  });

  test('may be as many as 50 of them, and 4 KB say when they are too many', () => {
    const many = (count: number): Stack => {
      const place = brokerPlace();
      madeBroker({ credentials: Array.from({ length: count }, (_, index) => BrokerCredential.secretsManager(`router-${index}`, SSH, deviceSecret(place.stack, `router-${index}`))) }, place);
      return place.stack;
    };
    expect(() => Template.fromStack(many(50))).not.toThrow();
    expect(() => Template.fromStack(many(70))).toThrow(/has about \d+ bytes of variables.*Let another CredentialBroker give some of the credentials out/);
  });

  test('is read back as it was written', () => {
    expect(credentialOf('arn:', 'production/credentials/core-router/ssh-AbCdEf')).toMatchObject({ id: 'core-router', kind: 'ssh' });
  });
});

describe('A credential in AWS Systems Manager', () => {
  const secure = ({ stack }: BrokerPlace): StringParameter => StringParameter.fromSecureStringParameterAttributes(stack, 'Secure', { parameterName: '/devices/switch', version: 1 }) as StringParameter;

  test('is told by its name, and read with its key through Systems Manager alone', () => {
    const place = brokerPlace();
    const encryptionKey = Key.fromKeyArn(place.stack, 'Key', `arn:aws:kms:${ENV.region}:${ENV.account}:key/devices`);
    const { stack } = madeBroker({ credentials: [BrokerCredential.parameterStore('switch', SNMP, secure(place), { encryptionKey })] }, place);
    const template = Template.fromStack(stack);
    expect(configurationOf(template).credentials).toEqual([{ id: 'switch', kind: 'snmp', parameter: '/devices/switch' }]);
    const statements = statementsOf(template, /^BrokerHandlerRole/);
    expect(statements).toContainEqual({
      Effect: 'Allow', Action: 'ssm:GetParameter', Resource: { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:ssm:${ENV.region}:${ENV.account}:parameter/devices/switch`]] },
    });
    expect(statements).toContainEqual({
      Effect: 'Allow', Action: 'kms:Decrypt', Resource: `arn:aws:kms:${ENV.region}:${ENV.account}:key/devices`,
      Condition: { StringEquals: { 'kms:ViaService': { 'Fn::Join': ['', ['ssm.', { Ref: 'AWS::Region' }, '.amazonaws.com']] } } },
    });
    expect(Object.keys(endpoints(stack))).toEqual(['dynamodb', 'logs', 'secretsmanager', 'ssm']);
  });

  test('is refused where everybody could read it', () => {
    expect(broken(({ stack }) => [BrokerCredential.parameterStore('switch', SNMP, new StringParameter(stack, 'Plain', { stringValue: 'readable' }))]))
      .toThrow('Field/Broker: credentials[0].parameter is "of another kind". Name a SecureString that was made by hand');
  });
});

describe('After a checkout', () => {
  const rotating = (): { readonly place: BrokerPlace; readonly template: Template; readonly alarms: string[] } => {
    const place = brokerPlace();
    const rotation = rotator(place);
    const { broker } = madeBroker({
      credentials: [
        BrokerCredential.secretsManager('changed', SSH, deviceSecret(place.stack, 'changed'), { after: AfterCheckout.rotate(rotation) }),
        BrokerCredential.secretsManager('kept', SSH, deviceSecret(place.stack, 'kept')),
      ],
    }, place);
    return { place, template: Template.fromStack(place.stack), alarms: broker.alarms.map(({ node }) => node.id) };
  };

  test('a credential is changed by a function of its owner, whom Secrets Manager calls', () => {
    const { template, alarms } = rotating();
    expect(configurationOf(template).credentials).toEqual([{ id: 'changed', kind: 'ssh', secret: expect.stringContaining('Secretchanged') as string, rotates: true }, expect.any(String)]);
    template.hasResourceProperties('AWS::SecretsManager::RotationSchedule', {
      SecretId: { Ref: Match.stringLikeRegexp('^Secretchanged') }, RotationLambdaARN: { 'Fn::GetAtt': [Match.stringLikeRegexp('^Rotator'), 'Arn'] }, RotationRules: { AutomaticallyAfterDays: 90 },
      RotateImmediatelyOnUpdate: false,
    });
    template.hasResourceProperties('AWS::Lambda::Permission', {
      FunctionName: { 'Fn::GetAtt': [Match.stringLikeRegexp('^Rotator'), 'Arn'] }, Principal: 'secretsmanager.amazonaws.com',
      SourceAccount: ENV.account, SourceArn: { Ref: Match.stringLikeRegexp('^Secretchanged') },
    });
    template.hasResource('AWS::Lambda::Function', { Metadata: { 'cdk-secure-core:kept-credentials': ['kept'] } });
    expect(alarms).toContain('BrokerSweepFailures');
  });

  test('somebody looks every minute which are due, and can read none of them', () => {
    const { template } = rotating();
    expect(toldTo(template, SWEEP_VARIABLE)).toEqual({
      version: 1, region: ENV.region, stateTable: '<Ref : BrokerStateTable>', secretArns: expect.stringContaining(':secret:') as string,
      credentials: [{ id: 'changed', secret: expect.stringContaining('Secretchanged') as string }],
    });
    template.hasResourceProperties('AWS::Events::Rule', { ScheduleExpression: 'rate(1 minute)' });
    const state = { 'Fn::GetAtt': [expect.stringMatching(/^BrokerStateTable/), 'Arn'] };
    const only = (partition: string): object => ({ 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': [partition] }, 'Null': { 'dynamodb:LeadingKeys': 'false' } });
    expect(statementsOf(template, /^BrokerAfterCheckoutSweepRole/)).toEqual([
      { Effect: 'Allow', Action: ['logs:CreateLogStream', 'logs:PutLogEvents'], Resource: { 'Fn::GetAtt': [expect.stringMatching(/^BrokerAfterCheckoutSweepLog/), 'Arn'] } },
      { Effect: 'Allow', Sid: 'WhatIsDue', Action: ['dynamodb:DeleteItem', 'dynamodb:PutItem', 'dynamodb:Query'], Resource: state, Condition: only('due') },
      { Effect: 'Allow', Sid: 'Leases', Action: 'dynamodb:GetItem', Resource: state, Condition: only('lease#*') },
      { Effect: 'Allow', Sid: 'AskForRotation', Action: 'secretsmanager:RotateSecret', Resource: { Ref: expect.stringMatching(/^Secretchanged/) as string } },
      { Effect: 'Allow', Sid: 'CallRotation', Action: 'lambda:InvokeFunction', Resource: { 'Fn::GetAtt': [expect.stringMatching(/^Rotator/), 'Arn'] } },
    ]);
  });

  test('nothing of that is there where all are kept', () => {
    const { stack } = madeBroker();
    expect(() => toldTo(Template.fromStack(stack), SWEEP_VARIABLE)).toThrow('No function is told');
  });
});

describe('What may be checked out', () => {
  test('has ids that a job can name, each once, and a secret of its own', () => {
    const one = ({ stack }: BrokerPlace, id = 'a'): BrokerCredential => BrokerCredential.secretsManager(id, SSH, deviceSecret(stack, 'a'));
    expect(broken(() => [])).toThrow('Field/Broker: credentials is []. Name what may be checked out');
    expect(broken((place) => [one(place, 'a/b')])).toThrow('credentials[0].id is "a/b". Begin with a letter or digit');
    expect(broken((place) => {
      const again = one(place);
      return [again, again];
    })).toThrow('credentials[1].id is "a". Another credential has it');
    expect(broken(({ stack }) => {
      const secret = deviceSecret(stack, 'a');
      return [BrokerCredential.secretsManager('a', SSH, secret), BrokerCredential.secretsManager('b', SSH, secret)];
    })).toThrow('credentials[1].secret is "b". a is kept in the same secret');
    expect(broken(({ stack }) => [BrokerCredential.secretsManager('a', JSON.parse('"TELNET"') as DeviceCredentialKind, deviceSecret(stack, 'a'))])).toThrow(
      'credentials[0].kind is "TELNET". Name one of SSH, SNMP, API_KEY.');
  });

  test('is of the broker\'s region and environment', () => {
    expect(broken(({ stack }) => [BrokerCredential.secretsManager('a', SSH, Secret.fromSecretCompleteArn(stack, 'Far', COMPLETE.replace(ENV.region, 'eu-west-1')))]))
      .toThrow('Field/Broker: credentials[0].secret is "of eu-west-1". This stack is in eu-central-1');
  });
});
