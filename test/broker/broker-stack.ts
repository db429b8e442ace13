import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import type { IAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import type { IAuditTrail } from '../../src/audit/audit-trail';
import { BrokerCredential } from '../../src/broker/broker-credential';
import { BrokerPhase } from '../../src/broker/broker-phase';
import type { BrokerIngressOptions, CredentialBrokerProps } from '../../src/broker/broker-props';
import { BROKER_VARIABLE, type BrokerConfiguration } from '../../src/broker/contract';
import { CredentialBroker } from '../../src/broker/credential-broker';
import { DeviceCredentialKind } from '../../src/broker/device-credential-kind';
import { PrivateNetwork } from '../../src/network/private-network';
import { ENV } from '../support/network-stack';
import { certificate } from '../support/remote-core';

/** Where records go, without what keeps them. */
export class TestTrail extends Construct implements IAuditTrail {
  public readonly hot = new LogGroup(this, 'Hot');
  public readonly alarms: IAlarm[] = [];
}

export interface BrokerPlace {
  readonly app: App;
  readonly stack: Stack;
  readonly network: PrivateNetwork;
  readonly audit: IAuditTrail;
}

export function brokerPlace(app = new App(), id = 'Field'): BrokerPlace {
  const stack = new Stack(app, id, { env: ENV });
  return { app, stack, network: new PrivateNetwork(stack, 'Network'), audit: new TestTrail(stack, 'Audit') };
}

/** A secret as a person fills it, named so that the name says all. */
export function deviceSecret(stack: Stack, id: string, kind = 'ssh'): Secret {
  return new Secret(stack, `Secret-${id}`, { secretName: `staging/credentials/${id}/${kind}` });
}

export interface MadeBroker extends BrokerPlace {
  readonly broker: CredentialBroker;
}

/** What a test may lay over a broker. */
export interface BrokerChanges extends Partial<Omit<CredentialBrokerProps, 'ingress'>> {
  readonly ingress?: Partial<BrokerIngressOptions>;
}

/** A broker with whatever a test lays over it. */
export function madeBroker(props: BrokerChanges = {}, place = brokerPlace(), id = 'Broker'): MadeBroker {
  const { stack, network, audit } = place;
  const broker = new CredentialBroker(stack, id, {
    network,
    audit,
    environment: 'staging',
    phase: BrokerPhase.perWorkerKeys(),
    ...props,
    ingress: { domainName: 'broker.acme.internal', certificate: props.ingress?.certificate ?? certificate(stack), ...props.ingress },
    credentials: props.credentials ?? [BrokerCredential.secretsManager('core-router', DeviceCredentialKind.SSH, deviceSecret(stack, 'core-router'))],
  });
  return { ...place, broker };
}

export interface Statement {
  readonly Sid?: string;
  readonly Action: string | string[];
  readonly Resource: unknown;
  readonly Condition?: unknown;
}

/** What the policies say whose logical id matches. */
export function statementsOf(template: Template, policy: RegExp): Statement[] {
  return Object.entries(template.findResources('AWS::IAM::Policy')).filter(([id]) => policy.test(id))
    .flatMap(([, { Properties }]) => (Properties as { PolicyDocument: { Statement: Statement[] } }).PolicyDocument.Statement);
}

/** What a function is told by a variable, with `<…>` for what only a deployment knows. */
export function toldTo(template: Template, variable: string): unknown {
  const functions = Object.values(template.findResources('AWS::Lambda::Function')).map(({ Properties }) => Properties as { Environment?: { Variables?: Record<string, unknown> } });
  const found = functions.map(({ Environment }) => Environment?.Variables?.[variable]).find((value) => value !== undefined);
  if (found === undefined) throw new Error(`No function is told ${variable}.`);
  return JSON.parse(textOf(found));
}

export function configurationOf(template: Template): BrokerConfiguration {
  return toldTo(template, BROKER_VARIABLE) as BrokerConfiguration;
}

/** A text of a template, with `<…>` for what only a deployment knows. */
export function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  const [[, inner] = ['', undefined]] = Object.entries(value as Record<string, unknown>);
  const parts = Array.isArray(inner) && Array.isArray(inner[1]) ? inner[1] as unknown[] : [];
  return parts.map((part) => (typeof part === 'string' ? part : `<${shown(part)}>`)).join('');
}

/** An intrinsic function in a few letters: the logical ids in it without their hash. */
function shown(part: unknown): string {
  return JSON.stringify(part).replace(/[A-F0-9]{8}"/g, '"').replace(/[^A-Za-z0-9:.]+/g, ' ').trim();
}

/** The day so many days from now, as a migration names it. */
export const inDays = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
