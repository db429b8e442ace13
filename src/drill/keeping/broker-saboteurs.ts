import { BROKER_URL_VARIABLE, BROKER_VARIABLE, type BrokerConfiguration, DEFAULTS, DEVICE_CREDENTIAL_TAG, JOBS_TABLE_VARIABLE } from '../../broker/contract';
import { isJsonMap, type Json, type JsonMap } from '../../checks/template/template';
import { deprived, mapAltered, textAltered } from '../altered';
import type { Saboteur } from '../attack';
import { listOf, mapOf, mapsIn } from '../json';
import { changed, listAltered, resourcesOf, saboteur } from '../saboteurs';
import { FUNCTION, ROLE, SECRET, TASK_DEFINITION } from './types';
import { echoBroker } from './workers/echo';

/** Alters every function that lends credentials to workers. */
function brokersAltered(name: string, alter: (properties: JsonMap) => JsonMap | undefined): Saboteur {
  return saboteur(name, [FUNCTION], (properties) => (BROKER_VARIABLE in mapOf(mapOf(properties.Environment).Variables) ? alter(properties) : undefined));
}

/** Alters what every such function is told. */
function told(name: string, alter: (configuration: BrokerConfiguration) => BrokerConfiguration | undefined): Saboteur {
  return brokersAltered(name, (properties) => mapAltered(properties, 'Environment', (environment) => mapAltered(environment, 'Variables', (variables) => {
    const after = textAltered(variables[BROKER_VARIABLE] ?? '', alter);
    return after === undefined ? undefined : { ...variables, [BROKER_VARIABLE]: after };
  })));
}

/** What a broker does whatever it is told, no template takes away but with its code. */
const replacedBy = (name: string, code: string): Saboteur => brokersAltered(name, (properties) => ({ ...properties, Code: { ZipFile: code }, Handler: 'index.handler' }));
export const ECHO_BROKER = replacedBy('the broker gives whatever is asked', echoBroker());
export const TALKATIVE_BROKER = replacedBy('the broker writes what it gives into its log', echoBroker('talkative'));

const DAY = 86_400;
const TEN_YEARS = 3650 * DAY;

export const WINDOW_OF_A_DAY = told('a request may be a day old', (configuration) => ({ ...configuration, windowSeconds: DAY }));
export const FIRST_TO_CLAIM = told('whoever comes first has a job', (configuration) => (configuration.binding === 'assigned' ? { ...configuration, binding: 'first-to-claim' } : undefined));
export const ENDLESS_LEASES = told('leases last ten years', (configuration) => ({ ...configuration, leases: { ...configuration.leases, ttlSeconds: TEN_YEARS, longestSeconds: TEN_YEARS } }));

export const SHARED_KEY = told('all workers share one key', ({ phase, ...rest }) => (
  phase.kind === 'shared-key' ? undefined : { ...rest, phase: { kind: 'shared-key', shared: { ring: phase.own.ring } } }
));
/** Whoever promised keys of their own, or a day until which there are others. */
export const MIGRATING_FOR_EVER = told('a migration until 2099', ({ phase, ...rest }) => {
  if (phase.kind === 'shared-key') return undefined;
  const { own } = phase;
  const shared = phase.kind === 'migration' ? phase.shared : { ring: own.ring };
  return { ...rest, phase: { kind: 'migration', shared, own: { ...own, tokenSeconds: own.tokenSeconds ?? DEFAULTS.tokenSeconds }, until: '2099-01-01' } };
});

export const LOG_ELSEWHERE = brokersAltered('the broker writes to a log group of its own', (properties) => deprived(properties, 'LoggingConfig'));

const isWorker = ({ Environment }: JsonMap): boolean => {
  const names = mapsIn(Environment).map(({ Name }) => Name);
  return names.includes(BROKER_URL_VARIABLE) && !names.includes(JOBS_TABLE_VARIABLE);
};

/** Hands workers a credential when they start. */
export const CREDENTIAL_TOLD = saboteur('workers are told a credential', [TASK_DEFINITION], (properties, template) => {
  const [secret] = Object.entries(resourcesOf(template)).find(([, resource]) => isJsonMap(resource) && resource.Type === SECRET && isDeviceCredential(mapOf(resource.Properties))) ?? [];
  if (secret === undefined) return undefined;
  return listAltered(properties, 'ContainerDefinitions', (containers) => changed(containers, (container) => (
    isWorker(container) ? { ...container, Secrets: [...listOf(container.Secrets), { Name: 'DEVICE_LOGIN', ValueFrom: { Ref: secret } }] } : undefined
  )));
});

const isDeviceCredential = ({ Tags }: JsonMap): boolean => mapsIn(Tags).some(({ Key }) => Key === DEVICE_CREDENTIAL_TAG);

/** Lets what workers run as do something. */
function workersMay(name: string, Action: readonly string[]): Saboteur {
  return saboteur(name, [ROLE], (properties, template, logicalId) => {
    if (!rolesOfWorkers(template).includes(logicalId)) return undefined;
    const policy = { PolicyName: 'drill', PolicyDocument: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action, Resource: '*' }] } };
    return { ...properties, Policies: [...listOf(properties.Policies), policy] };
  });
}

function rolesOfWorkers(template: JsonMap): Json[] {
  return Object.values(resourcesOf(template)).filter(isJsonMap).flatMap(({ Type, Properties }) => {
    const { ContainerDefinitions, TaskRoleArn } = mapOf(Properties);
    const [role] = listOf(mapOf(TaskRoleArn)['Fn::GetAtt']);
    return Type === TASK_DEFINITION && role !== undefined && mapsIn(ContainerDefinitions).some(isWorker) ? [role] : [];
  });
}

export const WORKERS_READ_SECRETS = workersMay('workers read every secret', ['secretsmanager:GetSecretValue']);
export const WORKERS_READ_TABLES = workersMay('workers read every table', ['dynamodb:GetItem', 'dynamodb:Scan']);
export const WORKERS_WRITE_TABLES = workersMay('workers write every table', ['dynamodb:PutItem', 'dynamodb:DeleteItem']);
