import type { ControlId } from '../../../src/controls';
import { isJsonMap, type Json, type JsonMap } from '../../../src/checks/template/template';
import { each, type Fault, items } from './fault';

const TASK = 'AWS::ECS::TaskDefinition';

const isNamed = (name: string) => (entry: Json): boolean => isJsonMap(entry) && entry.Name === name;

/** Whether a task is told a variable that one document alone has, so that it runs the document's program. */
const tells = (name: string) => ({ ContainerDefinitions }: JsonMap): boolean =>
  items(ContainerDefinitions).some((container) => isJsonMap(container) && items(container.Environment).some(isNamed(name)));

const DOCUMENTS = { cortex: 'GATEWAY_DEV_ALLOW_ALL_KEYS', tgefd: 'TGEFD_AUTH_MODE', nodetool: 'AUTH_PROVIDER', tom: 'TOM_CORE_AUTH_MODE' } as const;
type Document = keyof typeof DOCUMENTS;

function inProgram(document: Document, control: ControlId, name: string, change: (container: JsonMap) => JsonMap): Fault {
  return {
    name: `${document}: ${name}`, control, type: TASK, when: tells(DOCUMENTS[document]), path: ['ContainerDefinitions', 0],
    change: (container) => (isJsonMap(container) ? change(container) : null),
  };
}

/** The program is told another value. */
const told = (document: Document, control: ControlId, Name: string, Value: string): Fault => inProgram(document, control, `${Name}=${Value}`, (container) => ({
  ...container, Environment: [...items(container.Environment).filter((entry) => !isNamed(Name)(entry)), { Name, Value }],
}));

/** The program is not told at all. */
const untold = (document: Document, control: ControlId, name: string): Fault => inProgram(document, control, `without ${name}`, (container) => ({
  ...container, ...Object.fromEntries(['Environment', 'Secrets'].map((list) => [list, items(container[list]).filter((entry) => !isNamed(name)(entry))])),
}));

/** What each document's checklist asks for, the other way round (NT-16 to NT-19, NT-74 to NT-78, CX-41, TG-08 to TG-45, TS-38 to TS-43). */
export const VARIABLE_FAULTS: readonly Fault[] = [
  ...each(['development', 'prod', 'staging'], (value) => told('nodetool', 'CFG-1', 'ENV', value)),
  untold('nodetool', 'CFG-1', 'ENV'),
  ...each(['true', '1', ''], (value) => told('nodetool', 'CFG-2', 'DEBUG', value)),
  ...each(['DEBUG', 'TRACE', 'ERROR'], (value) => told('nodetool', 'CFG-2', 'LOG_LEVEL', value)),
  ...each(['local', 'none', 'Supabase', 'static'], (value) => told('nodetool', 'CFG-3', 'AUTH_PROVIDER', value)),
  ...each(['api_key', 'JWT', 'none'], (value) => told('tgefd', 'CFG-3', 'TGEFD_AUTH_MODE', value)),
  ...each(['none', 'API_KEY'], (value) => told('tom', 'CFG-3', 'TOM_CORE_AUTH_MODE', value)),
  ...each(['SUPABASE_URL', 'SUPABASE_KEY', 'AWS_SECRETS_MASTER_KEY_NAME', 'POSTGRES_PASSWORD', 'ASSET_BUCKET', 'GITHUB_CLIENT_SECRET'], (name) => untold('nodetool', 'CFG-4', name)),
  untold('tgefd', 'CFG-4', 'TGEFD_JWT_ISSUER'),
  untold('tom', 'CFG-4', 'TOM_CORE_API_KEYS'),
  untold('cortex', 'CFG-4', 'INTERNAL_VLLM_API_KEY'),
  told('nodetool', 'CFG-6', 'SUPABASE_URL', 'https://your-project.supabase.co'),
  told('nodetool', 'CFG-6', 'ASSET_BUCKET', '<bucket-name>'),
  told('cortex', 'CFG-6', 'CORS_ALLOW_ORIGINS', 'https://your-domain.com'),
  told('nodetool', 'CFG-6', 'POSTGRES_USER', 'postgres'),
  told('nodetool', 'CFG-6', 'SENTRY_DSN', ''),
  told('tgefd', 'CFG-6', 'TGEFD_JWT_BEARER_PREFIX', 'bearer'),
  told('tgefd', 'CFG-6', 'TGEFD_JWT_AUDIENCE', '*'),
  told('tgefd', 'CFG-6', 'TGEFD_ROLE_CLAIM', 'role'),
  told('tom', 'CFG-6', 'TOM_CORE_CREDENTIAL_FILE', 'creds.yml'),
  told('tom', 'CFG-6', 'TOM_CORE_WORKER_AUTH_REQUIRED', 'false'),
  inProgram('nodetool', 'CFG-6', 'ENV twice', (container) => ({ ...container, Environment: [{ Name: 'ENV', Value: 'production' }, ...items(container.Environment)] })),
  inProgram('nodetool', 'CFG-6', 'two master keys', (container) => ({
    ...container, Secrets: [...items(container.Secrets), { Name: 'SECRETS_MASTER_KEY', ValueFrom: 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:production/second-AbCdEf' }],
  })),
  ...each(['TGEFD_JWT_ALLOWED_ALGS', 'TGEFD_RBAC_ENABLED', 'TGEFD_API_KEY_SCOPES', 'TGEFD_ROLE_ADMIN_SCOPES'], (name) => untold('tgefd', 'CFG-7', name)),
  ...each(['GATEWAY_DEV_ALLOW_ALL_KEYS', 'CORS_ALLOW_ORIGINS'], (name) => untold('cortex', 'CFG-7', name)),
  untold('tom', 'CFG-7', 'TOM_CORE_WORKER_AUTH_REQUIRED'),
];
