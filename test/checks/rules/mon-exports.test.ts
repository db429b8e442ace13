import { CfnResource, type Stack } from 'aws-cdk-lib';
import { CfnTaskDefinition } from 'aws-cdk-lib/aws-ecs';
import { FIRST_CONTAINER, rawTask, task } from '../../support/containers';
import { deployTimeValue } from '../../support/load-balancing';
import { describeRule } from '../../support/rule-cases';

const told = (stack: Stack, variables: Readonly<Record<string, string>>): CfnTaskDefinition => (
  task(stack, { environment: Object.entries(variables).map(([name, value]) => ({ name, value })) })
);

const DSN = 'https://0123456789abcdef0123456789abcdef@o1.ingest.sentry.io/1';
const SHOWN = /has SENTRY_DSN in plain sight/;

describeRule('MON-4.sentry-dsn', {
  compliant: {
    'a DSN from a secret store': (stack) => task(stack, { secrets: [{ name: 'SENTRY_DSN', valueFrom: 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:sentry' }] }),
    'error tracking that is off': (stack) => told(stack, { SENTRY_DSN: '' }),
  },
  violating: {
    'a DSN in plain sight': { build: (stack) => told(stack, { SENTRY_DSN: DSN }), message: SHOWN, severity: 'warning' },
    'one whose end a deployment adds': { build: (stack) => told(stack, { SENTRY_DSN: `https://${deployTimeValue(stack)}@o1.ingest.sentry.io/1` }), message: SHOWN },
    'one of a function': {
      build: (stack) => new CfnResource(stack, 'Function', { type: 'AWS::Lambda::Function', properties: { Environment: { Variables: { SENTRY_DSN: DSN } } } }), message: /the function has SENTRY_DSN/,
    },
  },
  override: { build: (stack) => told(stack, { SENTRY_DSN: '' }).addPropertyOverride(`${FIRST_CONTAINER}.Environment.0.Value`, DSN), message: SHOWN },
  raw: { build: (stack) => rawTask(stack, { Environment: [{ Name: 'SENTRY_DSN', Value: DSN }] }), message: SHOWN },
  undecidable: { 'a value known at deployment': (stack) => told(stack, { SENTRY_DSN: deployTimeValue(stack) }) },
  notApplicable: { 'a program without error tracking': (stack) => told(stack, { LOG_LEVEL: 'info' }) },
});

const NAME = { OTEL_SERVICE_NAME: 'nodetool-api' };
const OTLP = 'OTEL_EXPORTER_OTLP_ENDPOINT';
const READ_ALONG = /over a way that others can read along/;

describeRule('MON-5.otlp-endpoint', {
  compliant: {
    'https': (stack) => told(stack, { ...NAME, [OTLP]: 'https://otlp.example.com:4318' }),
    'https to a host that a deployment names': (stack) => told(stack, { ...NAME, [OTLP]: `https://${deployTimeValue(stack)}:4318` }),
    'the same task by its name': (stack) => told(stack, { ...NAME, [OTLP]: 'http://localhost:4317' }),
    'the same task by its address': (stack) => told(stack, { ...NAME, [OTLP]: 'http://127.0.0.1:4317' }),
    'the same task by its address of IPv6': (stack) => told(stack, { ...NAME, [OTLP]: 'http://[::1]:4317' }),
    'a name among other attributes': (stack) => told(stack, { OTEL_RESOURCE_ATTRIBUTES: 'service.name=core', [OTLP]: 'http://localhost:4317' }),
  },
  violating: {
    'http to a host': { build: (stack) => told(stack, { ...NAME, [OTLP]: 'http://collector:4317' }), message: READ_ALONG, severity: 'warning' },
    'http to a host that begins like the loopback': { build: (stack) => told(stack, { ...NAME, [OTLP]: 'http://localhost.example.com:4317' }), message: READ_ALONG },
    'http to an address that begins like the loopback': { build: (stack) => told(stack, { ...NAME, [OTLP]: 'http://127.0.0.1.example.com' }), message: READ_ALONG },
    'http to a host whose end a deployment names': { build: (stack) => told(stack, { ...NAME, [OTLP]: `http://collector.${deployTimeValue(stack)}` }), message: READ_ALONG },
    'no scheme': { build: (stack) => told(stack, { ...NAME, [OTLP]: 'collector:4317' }), message: READ_ALONG },
    'a key in the URL': { build: (stack) => told(stack, { ...NAME, [OTLP]: 'https://key@otlp.example.com' }), message: READ_ALONG },
    'the endpoint of traces alone': { build: (stack) => told(stack, { ...NAME, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://collector:4318' }), message: /OTEL_EXPORTER_OTLP_TRACES_ENDPOINT over a way/ },
    'no name': { build: (stack) => told(stack, { [OTLP]: 'https://otlp.example.com' }), message: /sends traces without OTEL_SERVICE_NAME/ },
  },
  override: { build: (stack) => told(stack, { [OTLP]: 'http://localhost:4317', ...NAME }).addPropertyOverride(`${FIRST_CONTAINER}.Environment.0.Value`, 'http://collector:4317'), message: READ_ALONG },
  raw: { build: (stack) => rawTask(stack, { Environment: [{ Name: OTLP, Value: 'http://collector:4317' }] }), message: READ_ALONG },
  undecidable: {
    'an endpoint known at deployment': (stack) => told(stack, { ...NAME, [OTLP]: deployTimeValue(stack) }),
    'an endpoint of a secret store': (stack) => task(stack, {
      secrets: [{ name: OTLP, valueFrom: 'arn:aws:ssm:eu-central-1:111122223333:parameter/otlp' }], environment: [{ name: 'OTEL_SERVICE_NAME', value: 'core' }],
    }),
  },
  notApplicable: { 'a program that sends nothing': (stack) => told(stack, NAME) },
});
