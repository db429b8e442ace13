import { App, Duration, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Code, Function as Fn, Runtime } from 'aws-cdk-lib/aws-lambda';
import { AfterCheckout } from '../../src/broker/after-checkout';
import { DEVICE_CREDENTIAL_TAG } from '../../src/broker/contract';
import { DeviceCredentialKind } from '../../src/broker/device-credential-kind';
import { DeviceCredentials } from '../../src/broker/device-credentials';
import type { DeviceCredentialProps, DeviceCredentialsProps } from '../../src/broker/device-credentials-props';
import { SecureCoreChecks } from '../../src/checks/secure-core-checks';
import { Size } from '../../src/size';
import { ENV } from '../support/network-stack';
import { alarmTopic } from '../support/remote-core';

const ROUTERS: DeviceCredentialProps = { id: 'core-routers', kind: DeviceCredentialKind.SSH };

function made(props: Partial<DeviceCredentialsProps> = {}): { readonly stack: Stack; readonly devices: DeviceCredentials } {
  const stack = new Stack(new App(), 'Field', { env: ENV });
  return { stack, devices: new DeviceCredentials(stack, 'Credentials', { credentials: [ROUTERS], environment: 'staging', alarmTopic: alarmTopic(stack), ...props }) };
}

describe('Credentials of devices', () => {
  test('are empty secrets under one key, named so that the name says all', () => {
    const { stack } = made({ credentials: [ROUTERS, { id: 'switches', kind: DeviceCredentialKind.SNMP, maxAge: Duration.days(30) }] });
    const template = Template.fromStack(stack);
    const key = { KmsKeyId: Match.anyValue(), GenerateSecretString: Match.absent() };
    template.hasResource('AWS::SecretsManager::Secret', {
      Properties: { ...key, Name: 'staging/credentials/core-routers/ssh', Tags: Match.arrayWith([{ Key: DEVICE_CREDENTIAL_TAG, Value: 'SSH' }]) },
      Metadata: { 'cdk-secure-core:rotated-by-issuer-days': 90 }, DeletionPolicy: 'RetainExceptOnCreate',
    });
    template.hasResource('AWS::SecretsManager::Secret', { Properties: { ...key, Name: 'staging/credentials/switches/snmp' }, Metadata: { 'cdk-secure-core:rotated-by-issuer-days': 30 } });
    const keys = Object.values(template.findResources('AWS::SecretsManager::Secret')).map((secret) => JSON.stringify((secret.Properties as { readonly KmsKeyId: object }).KmsKeyId));
    expect([keys.length, new Set(keys).size]).toEqual([2, 1]);
  });

  test('want nothing but a broker, which watches them, and their alarms are heard', () => {
    const { stack, devices } = made();
    expect(new SecureCoreChecks(stack).validateScope(stack).violations.map(({ ruleName }) => ruleName)).toEqual(['SEC-8.reads']);
    expect(devices.alarms.map(({ node }) => node.path)).toEqual(['Field/Credentials/Credential-core-routers/Overdue', 'Field/Credentials/Ages0/Failures']);
  });

  test('are found without anybody who hears of them', () => {
    const { stack } = made({ alarmTopic: undefined });
    expect(new SecureCoreChecks(stack).validateScope(stack).violations.map(({ ruleName }) => ruleName)).toContain('MON-6.actions');
  });

  test('may be written by a function that changes them on the devices, and by nobody else', () => {
    const stack = new Stack(new App(), 'Field', { env: ENV });
    const rotation = new Fn(stack, 'Rotator', { runtime: Runtime.NODEJS_24_X, handler: 'index.handler', code: Code.fromInline('0') });
    new DeviceCredentials(stack, 'Credentials', { credentials: [ROUTERS, { id: 'switches', kind: DeviceCredentialKind.SNMP, after: AfterCheckout.rotate(rotation) }], environment: 'staging' });
    const puts = Object.values(Template.fromStack(stack).findResources('AWS::IAM::Policy'))
      .flatMap(({ Properties: { PolicyDocument: { Statement } } }) => Statement as { Action: string | string[]; Resource: object }[])
      .filter(({ Action }) => [Action].flat().includes('secretsmanager:PutSecretValue'));
    expect(puts).toEqual([expect.objectContaining({ Resource: { Ref: expect.stringContaining('Credentialswitches') as string } })]);
  });

  test('go with a stack of Size.DEV', () => {
    const { stack } = made({ size: Size.DEV });
    Template.fromStack(stack).hasResource('AWS::SecretsManager::Secret', { DeletionPolicy: 'Delete' });
  });

  test.each<[string, Partial<DeviceCredentialsProps>, string]>([
    ['none', { credentials: [] }, 'credentials is []. List credentials of devices'],
    ['what is no list', { credentials: ROUTERS as unknown as DeviceCredentialProps[] }, 'credentials is "object". List credentials of devices'],
    ['no environment', { environment: undefined }, 'environment is nothing. Name whose secrets these are'],
    ['an id with a slash', { credentials: [{ ...ROUTERS, id: 'core/routers' }] }, 'credentials[0].id is "core/routers". Begin with a letter or digit'],
    ['an id twice', { credentials: [ROUTERS, ROUTERS] }, 'credentials[1].id is "core-routers". Another credential has it'],
    ['half a day', { credentials: [{ ...ROUTERS, maxAge: Duration.hours(12) }] }, 'credentials[0].maxAge is "Duration.hours(12)". Name whole days from 1 to 365.'],
    ['a topic by its ARN', { alarmTopic: 'arn:aws:sns:eu-central-1:111122223333:alarms' as unknown as DeviceCredentialsProps['alarmTopic'] }, 'alarmTopic is "a text".'],
  ])('refuse %s', (_, props, message) => {
    expect(() => made(props)).toThrow(`Field/Credentials: ${message}`);
  });
});
