import { Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { Secret as EcsSecret } from 'aws-cdk-lib/aws-ecs';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { type CoreContainerProps, Egress, ErrorTracking, PrivateNetwork, type SentryProps, Telemetry } from '../../src';
import { deployTimeValue } from '../support/load-balancing';
import { remoteCore } from '../support/remote-core';

const HOST = 'o1.ingest.sentry.io';
const sentry = (stack: Stack, host = HOST): ErrorTracking => ErrorTracking.sentry({ dsn: EcsSecret.fromSecretsManager(Secret.fromSecretNameV2(stack, 'Dsn', 'sentry')), host });
const otlp = (endpoint: string): Telemetry => Telemetry.otlp({ endpoint, serviceName: 'nodetool-api' });

interface Container { readonly Name: string; readonly Environment?: object[]; readonly Secrets?: object[] }

function containerOf(container: (stack: Stack) => Partial<CoreContainerProps>): Container {
  const stack = new Stack();
  remoteCore(stack, { container: container(stack) });
  const [task] = Object.values(Template.fromStack(stack).findResources('AWS::ECS::TaskDefinition')) as { Properties: { ContainerDefinitions: Container[] } }[];
  const core = task?.Properties.ContainerDefinitions.find(({ Name }) => Name === 'Core');
  if (!core) throw new Error('There is no Core.');
  return core;
}

describe('ErrorTracking', () => {
  test('gives the container the DSN from a secret, and in no other way', () => {
    const core = containerOf((stack) => ({ errorTracking: sentry(stack) }));
    expect(core.Secrets).toEqual([expect.objectContaining({ Name: 'SENTRY_DSN' })]);
    expect(JSON.stringify(core.Environment ?? [])).not.toContain('SENTRY');
  });

  test('refuses a DSN in plain sight, and keeps it out of the message', () => {
    const plain = (): unknown => containerOf(() => ({ environment: { SENTRY_DSN: 'https://abc@o1.ingest.sentry.io/1' } }));
    expect(plain).toThrow('Default/Core/Service: container.environment.SENTRY_DSN is "in plain sight". Whoever has it writes into the project: take container.errorTracking with a secret.');
    expect(plain).not.toThrow(/abc/);
  });

  test('refuses a DSN as text, whose compiler did not tell, and keeps it out of the message', () => {
    const text = (): unknown => containerOf(() => ({ errorTracking: ErrorTracking.sentry({ dsn: 'https://abc@o1.ingest.sentry.io/1', host: HOST } as unknown as SentryProps) }));
    expect(text).toThrow('container.errorTracking.dsn is "of type string". Name a secret');
    expect(text).not.toThrow(/abc/);
  });

  test.each(['https://o1.ingest.sentry.io', 'localhost', '*.sentry.io'])('refuses %s as a host', (host) => {
    expect(() => containerOf((stack) => ({ errorTracking: sentry(stack, host) }))).toThrow('container.errorTracking.host is');
  });

  test('names its variable once', () => {
    expect(() => containerOf((stack) => ({ errorTracking: sentry(stack), secrets: { SENTRY_DSN: EcsSecret.fromSecretsManager(Secret.fromSecretNameV2(stack, 'Other', 'other')) } })))
      .toThrow('container.errorTracking is "SENTRY_DSN". container.secrets names the variable too');
  });
});

describe('Telemetry', () => {
  test.each(['https://otlp.example.com:4318', 'http://localhost:4317', 'http://127.0.0.1:4317/v1', 'http://[::1]:4317'])('tells the container of %s', (endpoint) => {
    expect(containerOf(() => ({ telemetry: otlp(endpoint) })).Environment).toEqual(expect.arrayContaining([
      { Name: 'OTEL_SERVICE_NAME', Value: 'nodetool-api' },
      { Name: 'OTEL_EXPORTER_OTLP_ENDPOINT', Value: endpoint },
    ]));
  });

  test('passes an endpoint that only a deployment knows', () => {
    expect(() => containerOf((stack) => ({ telemetry: otlp(deployTimeValue(stack)) }))).not.toThrow();
  });

  test.each([
    'http://collector:4317', 'http://localhost.example.com', 'http://127.0.0.1.example.com', 'http://10.0.0.1:4317',
    'grpc://collector:4317', 'collector:4317', 'https://', 'https://key@otlp.example.com',
  ])(
    'refuses %s, which others can read along, or which tells a key', (endpoint) => {
      const todo = 'Name https://…, or http://localhost of a collector in the same task';
      expect(() => containerOf(() => ({ telemetry: otlp(endpoint) }))).toThrow(new RegExp(`container\\.telemetry\\.endpoint is "of scheme [a-z]+"\\. ${todo}`));
      expect(() => containerOf(() => ({ environment: { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: endpoint } }))).toThrow(/container\.environment\.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT is "of scheme/);
    });

  test('refuses a service without a name', () => {
    expect(() => containerOf(() => ({ telemetry: Telemetry.otlp({ endpoint: 'http://localhost:4317', serviceName: ' ' }) }))).toThrow('container.telemetry.serviceName is " ".');
  });
});

describe('What the container sends to', () => {
  const warnings = (given: (stack: Stack) => Parameters<typeof remoteCore>[1]): number => {
    const stack = new Stack();
    remoteCore(stack, given(stack));
    return Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp('its egress does not name it')).length;
  };

  test('is warned of where the egress does not name it, or nobody knows', () => {
    expect(warnings((stack) => ({ container: { errorTracking: sentry(stack) } }))).toBe(1);
    expect(warnings((stack) => ({ container: { errorTracking: sentry(stack), telemetry: otlp('https://otlp.example.com') }, egress: Egress.allowDomains([HOST]) }))).toBe(1);
    expect(warnings((stack) => ({ container: { errorTracking: sentry(stack) }, egress: Egress.allowDomains(['sentry.io']) }))).toBe(1);
    expect(warnings((stack) => ({ container: { errorTracking: sentry(stack) }, network: new PrivateNetwork(stack, 'Network', { ingressReachesInternet: true }) }))).toBe(1);
  });

  test('is not where it is named, or in the same task', () => {
    expect(warnings((stack) => ({ container: { errorTracking: sentry(stack) }, egress: Egress.allowDomains([HOST]) }))).toBe(0);
    expect(warnings((stack) => ({ container: { errorTracking: sentry(stack) }, egress: Egress.allowDomains(['.sentry.io']) }))).toBe(0);
    expect(warnings(() => ({ container: { telemetry: otlp('http://localhost:4317') } }))).toBe(0);
  });
});
