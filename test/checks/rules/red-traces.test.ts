import { Aws, type Stack } from 'aws-cdk-lib';
import { CfnParameter as SsmParameter } from 'aws-cdk-lib/aws-ssm';
import type { CfnTaskDefinition } from 'aws-cdk-lib/aws-ecs';
import { FIRST_CONTAINER, rawTask, task } from '../../support/containers';
import { deployTimeValue } from '../../support/load-balancing';
import { describeRule } from '../../support/rule-cases';

const DELETED = ['url.query', 'db.statement'].map((key) => ({ key, action: 'delete' }));
const ATTRIBUTES = { actions: [{ pattern: '^http\\.request\\.header\\.', action: 'delete' }, ...DELETED] };

/** A collector that passes spans on by way of some processors. */
const through = (processors: Readonly<Record<string, unknown>>, more: object = {}): object => ({
  receivers: { otlp: { protocols: { http: { endpoint: '127.0.0.1:4318' } } } }, processors, exporters: { awsxray: {} },
  service: { pipelines: { traces: { receivers: ['otlp'], processors: Object.keys(processors), exporters: ['awsxray'] } } },
  ...more,
});
const pipelines = (traces: object): object => ({ service: { pipelines: { traces } } });

const told = (stack: Stack, configuration: object | string, name = 'AOT_CONFIG_CONTENT'): CfnTaskDefinition => (
  task(stack, { environment: [{ name, value: typeof configuration === 'string' ? configuration : JSON.stringify(configuration) }] })
);
const transform = (...statements: readonly unknown[]): object => through({ transform: { trace_statements: statements } });

const parameter = (stack: Stack, configuration: object, name?: string): SsmParameter => new SsmParameter(stack, 'Config', { type: 'String', value: JSON.stringify(configuration), name });
const filledIn = (stack: Stack, valueFrom: string): CfnTaskDefinition => task(stack, { secrets: [{ name: 'AOT_CONFIG_CONTENT', valueFrom }] });

const NOTHING = through({});
const GOOD = through({ attributes: ATTRIBUTES });
const ALL = /^container core passes http\.request\.header\.authorization, .*, url\.query and db\.statement of every span on/;
const SOME = /of every span on, where credentials travel/;

describeRule('RED-2.collector-processors', {
  compliant: {
    'attributes that are deleted': (stack) => told(stack, GOOD),
    'attributes that are hashed, or written over': (stack) => told(stack, through({
      'attributes/one': { actions: [{ pattern: 'header', action: 'hash' }] }, 'attributes/two': { actions: DELETED.map(({ key }) => ({ key, action: 'upsert', value: 'hidden' })) },
    })),
    'a processor that lets named attributes pass alone': (stack) => told(stack, through({ redaction: { allowed_keys: ['http.route'] } })),
    'a processor that masks keys by patterns': (stack) => told(stack, through({ redaction: { allow_all_keys: true, blocked_key_patterns: ['header', 'query', 'statement'] } })),
    'statements': (stack) => told(stack, transform('delete_matching_keys(span.attributes, "(?:header|query)")', 'delete_key(span.attributes, "db.statement")')),
    'statements in groups': (stack) => told(stack, transform({ context: 'span', statements: ['keep_keys(attributes, ["http.route", "url.path"])'] })),
    'keys that are kept by a pattern': (stack) => told(stack, transform('keep_matching_keys(span.attributes, "^http.route$")')),
    'a second pipeline, behind a connector, that deletes': (stack) => told(stack, {
      ...through({ attributes: ATTRIBUTES }), connectors: { forward: {} },
      service: { pipelines: { 'traces/in': { exporters: ['forward'] }, 'traces/out': { receivers: ['forward'], processors: ['attributes'], exporters: ['awsxray'] } } },
    }),
    'another variable, which the command names': (stack) => task(stack, { command: ['--config=env:CONFIG'], environment: [{ name: 'CONFIG', value: JSON.stringify(GOOD) }] }),
    'a parameter of the template': (stack) => filledIn(stack, parameter(stack, GOOD).ref),
  },
  violating: {
    'no processor': { build: (stack) => told(stack, NOTHING), message: ALL, severity: 'error' },
    'a processor that no pipeline names': { build: (stack) => told(stack, { ...GOOD, ...pipelines({ processors: ['batch'], exporters: ['awsxray'] }) }), message: ALL },
    'a pipeline without processors': { build: (stack) => told(stack, { ...GOOD, ...pipelines({ exporters: ['awsxray'] }) }), message: ALL },
    'a processor that no section has': { build: (stack) => told(stack, pipelines({ processors: ['attributes'], exporters: ['awsxray'] })), message: ALL },
    'one of two pipelines': {
      build: (stack) => told(stack, { ...GOOD, service: { pipelines: { 'traces': { processors: ['attributes'], exporters: ['awsxray'] }, 'traces/all': { exporters: ['awsxray'] } } } }), message: ALL,
    },
    'headers alone that are deleted': {
      build: (stack) => told(stack, through({ attributes: { actions: [{ pattern: 'header', action: 'delete' }] } })), message: /passes url\.query and db\.statement of every span on/,
    },
    'a pattern that is none': { build: (stack) => told(stack, through({ attributes: { actions: [{ pattern: '(', action: 'delete' }, ...DELETED] } })), message: SOME },
    'attributes that are kept under another name': { build: (stack) => told(stack, through({ attributes: { actions: [{ key: 'url.query', action: 'extract', pattern: 'x' }] } })), message: ALL },
    'some spans alone': { build: (stack) => told(stack, through({ attributes: { include: { match_type: 'strict', services: ['a'] }, ...ATTRIBUTES } })), message: ALL },
    'a list that allows what it should not': { build: (stack) => told(stack, through({ redaction: { allowed_keys: ['url.query'] } })), message: /passes url\.query of every span on/ },
    'what is ignored': { build: (stack) => told(stack, through({ redaction: { ignored_keys: ['db.statement'] } })), message: /passes db\.statement of every span on/ },
    'everything that is allowed': { build: (stack) => told(stack, through({ redaction: { allow_all_keys: true, blocked_values: ['4[0-9]{15}'] } })), message: ALL },
    'statements about resources': { build: (stack) => told(stack, transform({ context: 'resource', statements: ['keep_keys(attributes, [])'] })), message: ALL },
    'another variable, which the command names': {
      build: (stack) => task(stack, { command: ['--config', 'env:CONFIG'], environment: [{ name: 'CONFIG', value: JSON.stringify(NOTHING) }] }), message: ALL,
    },
    'the command line': { build: (stack) => task(stack, { command: [`--config=yaml:${JSON.stringify(NOTHING)}`] }), message: ALL },
    'a parameter by reference': { build: (stack) => filledIn(stack, parameter(stack, NOTHING).ref), message: ALL },
    'a parameter by its ARN': {
      build: (stack) => filledIn(stack, `arn:${Aws.PARTITION}:ssm:eu-central-1:${Aws.ACCOUNT_ID}:parameter/${parameter(stack, NOTHING).ref}`), message: ALL,
    },
    'a parameter by its name': {
      build: (stack) => {
        parameter(stack, NOTHING, '/core/collector');
        filledIn(stack, 'arn:aws:ssm:eu-central-1:111122223333:parameter/core/collector');
      },
      message: ALL,
    },
  },
  override: { build: (stack) => told(stack, GOOD).addPropertyOverride(`${FIRST_CONTAINER}.Environment.0.Value`, JSON.stringify(NOTHING)), message: ALL },
  raw: { build: (stack) => rawTask(stack, { Environment: [{ Name: 'AOT_CONFIG_CONTENT', Value: JSON.stringify(NOTHING) }] }), message: ALL },
  undecidable: {
    'YAML': (stack) => told(stack, 'service:\n  pipelines:\n    traces:\n      exporters: [awsxray]\n'),
    'YAML on the command line': (stack) => task(stack, { command: ['--config=yaml:service::pipelines::traces::processors: []'] }),
    'a value known at deployment': (stack) => told(stack, deployTimeValue(stack)),
    'a key known at deployment': (stack) => told(stack, through({ attributes: { actions: [{ key: deployTimeValue(stack), action: 'delete' }] } })),
    'a parameter that is elsewhere': (stack) => filledIn(stack, 'arn:aws:ssm:eu-central-1:111122223333:parameter/core/collector'),
    'a statement with a condition': (stack) => told(stack, transform('delete_key(span.attributes, "url.query") where span.kind == 2')),
    'a statement that alters values': (stack) => told(stack, transform('replace_all_patterns(span.attributes, "value", "ctx_.*", "hidden")')),
  },
  notApplicable: {
    'a task without a collector': (stack) => task(stack),
    'a collector whose configuration is in its image': (stack) => task(stack, { command: ['--config=/etc/ecs/ecs-default-config.yaml'] }),
    'what a command adds to a configuration in an image': (stack) => task(stack, { command: ['--config=/etc/otel.yaml', '--config=yaml:processors::batch::timeout: 2s'] }),
    'a collector of metrics': (stack) => told(stack, { service: { pipelines: { metrics: { exporters: ['awsemf'] } } } }),
    'holes that matter to nobody': (stack) => told(stack, { exporters: { awsemf: { region: deployTimeValue(stack) } }, service: { pipelines: { metrics: { exporters: ['awsemf'] } } } }),
  },
});
