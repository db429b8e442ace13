import { Duration, Lazy, Stack, Token } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { IAuditTrail } from '../../src/audit/audit-trail';
import { BrokerCredential } from '../../src/broker/broker-credential';
import type { BrokerPhase } from '../../src/broker/broker-phase';
import type { CredentialBrokerProps } from '../../src/broker/broker-props';
import { CredentialBroker } from '../../src/broker/credential-broker';
import { DeviceCredentialKind } from '../../src/broker/device-credential-kind';
import { JobBinding } from '../../src/broker/job-binding';
import { LeaseTerms } from '../../src/broker/lease-terms';
import { Callers } from '../../src/ingress/callers';
import { certificate } from '../support/remote-core';
import { type BrokerChanges, brokerPlace, madeBroker } from './broker-stack';

const named = (stack: Stack): BrokerCredential[] => [BrokerCredential.secretsManager('a', DeviceCredentialKind.SSH, Secret.fromSecretNameV2(stack, 'Named', 'a'))];
const refusal = (props: BrokerChanges) => (): unknown => madeBroker(props);

describe('A CredentialBroker is refused', () => {
  test.each(['network', 'ingress', 'phase', 'credentials', 'audit', 'environment'] as const)('without %s', (prop) => {
    const { stack } = brokerPlace();
    const given = { network: {}, ingress: {}, phase: {}, credentials: [], audit: {}, environment: 'staging', [prop]: undefined } as unknown as CredentialBrokerProps;
    expect(() => new CredentialBroker(stack, 'Broker', given)).toThrow(`Field/Broker: ${prop} is nothing.`);
  });

  test('with a phase of somebody\'s own', () => {
    expect(refusal({ phase: { _bind: () => undefined } as unknown as BrokerPhase })).toThrow('Field/Broker: phase is "object". Name how workers prove who they are');
  });

  test('before everybody', () => {
    expect(refusal({ ingress: { callers: Callers.internet({ reason: 'Everybody has to reach it.' }) } })).toThrow('Field/Broker: ingress.callers is "Callers.internet".');
    expect(refusal({ ingress: { callers: Callers.granted().and(Callers.internet({ reason: 'Everybody has to reach it.' })) } })).toThrow('ingress.callers is "Callers.internet"');
  });

  test('by a name that nobody could sign', () => {
    expect(refusal({ ingress: { domainName: Token.asString({ Ref: 'Name' }) } })).toThrow('Field/Broker: ingress.domainName is a token. Write the host name out: workers sign it.');
    expect(refusal({ ingress: { domainName: 'https://broker' } })).toThrow('domainName is "https://broker"');
    expect(madeBroker({ ingress: { domainName: 'Broker.Acme.Internal' } }).broker.url).toBe('https://broker.acme.internal');
  });

  test.each([0, 6001, 1.5, Number.NaN])('with %p requests a minute', (requestsPerWorker) => {
    expect(refusal({ requestsPerWorker })).toThrow('Field/Broker: requestsPerWorker is');
  });

  test.each([Duration.seconds(4), Duration.seconds(61), Duration.millis(5500), Duration.seconds(Lazy.number({ produce: () => 60 }))])('with a clock that may be off by %p', (clockWindow) => {
    expect(refusal({ clockWindow })).toThrow(/clockWindow is "(a token|Duration\..*)". Name 5 to 60 whole seconds./);
  });

  test.each([
    [{ ttl: Duration.seconds(59) }, 'leases.ttl is "Duration.seconds(59)". Name 60 to 900 whole seconds.'],
    [{ ttl: Duration.seconds(901) }, 'leases.ttl is "Duration.seconds(901)"'],
    [{ longest: Duration.hours(9) }, 'leases.longest is "Duration.hours(9)". Name 60 to 28800 whole seconds.'],
    [{ ttl: Duration.minutes(10), longest: Duration.minutes(9) }, 'leases.longest is "540 seconds". Name 600 seconds at least'],
  ])('with leases of %j', (terms, message) => {
    expect(refusal({ leases: LeaseTerms.of(terms) })).toThrow(message);
  });

  test('where whoever comes first has a job and nobody says why', () => {
    expect(refusal({ jobs: JobBinding.firstToClaim('because') })).toThrow('Field/Broker: JobBinding.firstToClaim.reason is "because". Say why in a sentence');
  });

  test('beside secrets of another environment', () => {
    const place = brokerPlace();
    const ingress = { certificate: certificate(place.stack) };
    madeBroker({ ingress }, place);
    expect(() => madeBroker({ environment: 'other', ingress, credentials: named(place.stack) }, place, 'Other')).toThrow(
      'environment is "other". Field/Broker/OwnKeys of the same stack is of staging');
    expect(refusal({ environment: 'Staging' })).toThrow('Field/Broker: environment is "Staging".');
  });

  test('with records of another region', () => {
    const place = brokerPlace();
    const far = new Stack(place.app, 'Far', { env: { account: '111122223333', region: 'eu-west-1' } });
    const audit = Object.assign(new Construct(far, 'Audit'), { hot: new LogGroup(far, 'Hot'), alarms: [] }) as unknown as IAuditTrail;
    expect(() => madeBroker({ audit }, place)).toThrow('Field/Broker: audit is "of eu-west-1"');
  });
});
