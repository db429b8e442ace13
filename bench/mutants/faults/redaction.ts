import type { JsonMap } from '../../../src/checks/template/template';
import { each, type Fault, plus } from './fault';

const TASK = 'AWS::ECS::TaskDefinition';
const SECRET = 'AWS::SecretsManager::Secret';
const CLIENT = 'AWS::Cognito::UserPoolClient';

/** A collector of traces with these processors. */
const collector = (processors: JsonMap): string => JSON.stringify({
  receivers: { otlp: {} }, processors, exporters: { awsxray: {} }, service: { pipelines: { traces: { receivers: ['otlp'], processors: Object.keys(processors), exporters: ['awsxray'] } } },
});

const COLLECTORS: Readonly<Record<string, JsonMap>> = {
  'passes all on': {},
  'passes queries on': { attributes: { actions: [{ pattern: '^http\\.request\\.header\\.', action: 'delete' }] } },
  'passes headers on': { attributes: { actions: [{ key: 'url.query', action: 'delete' }, { key: 'db.statement', action: 'hash' }] } },
};

/** Credentials that turn up in traces (RC-19), and in what a stack tells (CX-35). */
export const REDACTION_FAULTS: readonly Fault[] = [
  ...each(Object.entries(COLLECTORS), ([what, processors]): Fault => ({
    name: `collector: ${what}`, control: 'RED-2', type: TASK, path: ['ContainerDefinitions', 0, 'Environment'], change: plus({ Name: 'AOT_CONFIG_CONTENT', Value: collector(processors) }),
  })),
  { name: 'output: the value of a secret', control: 'RED-4', type: SECRET, told: (logicalId) => ({ 'Fn::Join': ['', ['{{resolve:secretsmanager:', { Ref: logicalId }, ':SecretString}}']] }) },
  { name: 'output: the secret of a client', control: 'RED-4', type: CLIENT, told: (logicalId) => ({ 'Fn::GetAtt': [logicalId, 'ClientSecret'] }) },
  {
    name: 'parameter: the value of a secret', control: 'RED-4', type: SECRET,
    beside: (logicalId) => ({ Type: 'AWS::SSM::Parameter', Properties: { Type: 'String', Value: { 'Fn::Sub': `{{resolve:secretsmanager:\${${logicalId}}}}` } } }),
  },
];
