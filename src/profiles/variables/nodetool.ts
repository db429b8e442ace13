import { ANY_KEY, flag, HOST, HTTPS_URL, IDENTIFIER, LOCAL_URL, PORT, secret, text, words } from './forms';
import type { Presence, Variable } from './variable';

const nodetool = (name: string, rest: Omit<Variable, 'name' | 'profile'>): Variable => ({ name, profile: 'nodetool', ...rest });
const withSupabase = (then: 'required'): Presence => ({ when: 'AUTH_PROVIDER', is: ['supabase'], then, otherwise: 'optional' });
const providerKey = (name: string, provider: string, rows: readonly string[]): Variable => nodetool(name, {
  typed: `providerKeys: ProviderKey[] (LlmProvider.${provider})`, form: ANY_KEY, presence: 'optional', absence: 'harmless', emission: 'by-props', place: 'secrets',
  fedBy: 'ProviderKey; its hosts go into the egress', refused: ['your-api-key', 'changeme', ''], local: [], rows,
});
const staticS3Key = (name: string): Variable => nodetool(name, {
  typed: '– (the task\'s role)', form: ANY_KEY, presence: 'refused', absence: 'harmless', emission: 'never', place: 'nowhere', fedBy: 'nobody: TaskRole (C-12)',
  refused: ['any-key-at-all-would-be-wrong'], local: ['any-key-at-all-would-be-wrong'], rows: ['NT-45', 'NT-46', 'NT-78'],
});

export const NODETOOL: readonly Variable[] = [
  nodetool('ENV', {
    typed: '–', form: words('production'), written: 'production', presence: 'required', absence: 'unknown', emission: 'always', place: 'environment',
    fedBy: 'literal in every deployed stage (RC-01)', refused: ['development', 'prod', 'Production', 'test', ''], local: ['development', 'test'], rows: ['NT-16', 'NT-74'],
  }),
  nodetool('DEBUG', {
    typed: '–', form: flag('false'), written: 'false', presence: 'required', absence: 'unknown', emission: 'always', place: 'environment', fedBy: 'literal',
    refused: ['true', '1', 'False', ''], local: ['true'], rows: ['NT-17', 'NT-74'],
  }),
  nodetool('LOG_LEVEL', {
    typed: 'logLevel: LogLevel', form: { kind: 'words', values: ['INFO', 'WARNING'], warned: ['ERROR', 'CRITICAL'] }, written: 'INFO', presence: 'required', absence: 'unknown',
    emission: 'always', place: 'environment', fedBy: 'literal (C-37)', refused: ['DEBUG', 'TRACE', 'debug', ''], local: ['DEBUG'], rows: ['NT-18', 'NT-74', 'NT-86'],
  }),
  nodetool('AUTH_PROVIDER', {
    typed: 'auth: NodeToolAuth', form: words('supabase', 'static'), right: 'supabase', presence: 'required', absence: 'unknown', emission: 'always', place: 'environment',
    fedBy: 'derived', refused: ['none', 'local', 'Supabase', 'oauth', ''], local: ['none', 'local'],
    rows: ['NT-07', 'NT-08', 'NT-09', 'NT-10', 'NT-11', 'NT-19', 'NT-20', 'NT-79', 'NT-75'],
  }),
  nodetool('SUPABASE_URL', {
    typed: 'auth: NodeToolAuth.supabase({ url })', form: HTTPS_URL, localForm: LOCAL_URL, right: 'https://abcdefgh.supabase.co',
    presence: withSupabase('required'), absence: 'unknown', emission: 'by-props',
    place: 'environment', fedBy: 'prop; its host goes into the egress, its issuer into the gate', refused: ['http://abcdefgh.supabase.co', 'https://your-project.supabase.co', ''],
    local: ['http://abcdefgh.supabase.co'], rows: ['NT-21', 'NT-75'],
  }),
  nodetool('SUPABASE_KEY', {
    typed: 'auth: NodeToolAuth.supabase({ serviceKey: ecs.Secret })', form: ANY_KEY, presence: withSupabase('required'), absence: 'unknown', emission: 'by-props', place: 'secrets',
    fedBy: 'SM secret that the operator fills', refused: ['your-service-key', ''], local: [], rows: ['NT-21', 'NT-75'],
  }),
  nodetool('GITHUB_CLIENT_ID', {
    typed: 'github: GitHubOAuth (clientId)', form: text(/^[A-Za-z0-9._-]{8,64}$/, 'a client id'), right: 'Iv1.8a61f9b3a7aba766', presence: 'optional', absence: 'harmless', emission: 'by-props',
    place: 'environment', fedBy: 'prop; github.com and api.github.com go into the egress', refused: ['your-client-id', ''], local: [], rows: ['NT-22'],
  }),
  nodetool('GITHUB_CLIENT_SECRET', {
    typed: 'github: GitHubOAuth (clientSecret: ecs.Secret)', form: ANY_KEY, presence: 'optional', absence: 'harmless', emission: 'by-props', place: 'secrets',
    fedBy: 'SM secret that the operator fills', refused: ['your-client-secret', ''], local: [], rows: ['NT-22'],
  }),
  nodetool('SECRETS_MASTER_KEY', {
    typed: '– (the name is told instead)', form: secret(44, 'a Fernet key, 44 characters of base64url', /^[\w-]{43}=$/), presence: 'optional', absence: 'harmless', emission: 'never',
    place: 'secrets', fedBy: 'MasterKey.container(), by hand', refused: ['<generated-master-key>', 'changeme', ''], local: [], rows: ['NT-26', 'NT-76'],
  }),
  nodetool('AWS_SECRETS_MASTER_KEY_NAME', {
    typed: 'masterKey: MasterKey', form: text(/^[A-Za-z0-9/_+=.@-]{1,512}$/, 'the name of a secret'), documented: 'nodetool-master-key', right: 'production/nodetool/MasterKey',
    presence: 'optional', absence: 'unknown', emission: 'always', place: 'environment', fedBy: 'MasterKey.variables + grantRead(core)', refused: ['<name>', 'with blanks', ''], local: [],
    rows: ['NT-25', 'NT-27', 'NT-76'],
  }),
  providerKey('OPENAI_API_KEY', 'OPENAI', ['NT-32', 'NT-33']),
  providerKey('ANTHROPIC_API_KEY', 'ANTHROPIC', ['NT-33']),
  providerKey('GEMINI_API_KEY', 'GEMINI', ['NT-33']),
  providerKey('HF_TOKEN', 'HUGGING_FACE', ['NT-34', 'CX-35']),
  providerKey('REPLICATE_API_TOKEN', 'REPLICATE', ['NT-35']),
  providerKey('FAL_API_KEY', 'FAL', ['NT-35']),
  providerKey('ELEVENLABS_API_KEY', 'ELEVENLABS', ['NT-36']),
  nodetool('POSTGRES_DB', {
    typed: 'postgres: IPostgres', form: IDENTIFIER, documented: 'nodetool', written: 'nodetool', presence: 'required', absence: 'unknown', emission: 'always', place: 'environment',
    fedBy: 'PostgresUser.environment', refused: ['sqlite:///nodetool.db', 'node tool', ''], local: ['sqlite:///nodetool.db'], rows: ['NT-40', 'NT-77'],
  }),
  nodetool('POSTGRES_USER', {
    typed: 'postgres.addUser({ role })',
    form: text(/^(?!(postgres|root|admin|master|rdsadmin)$)[a-z_][a-z0-9_]{0,62}$/, 'a user that is not the administrator'),
    documented: 'nodetool_user', right: 'nodetool_user', presence: 'required', absence: 'unknown', emission: 'always', place: 'either',
    fedBy: 'PostgresUser.secrets: it changes by turns with the password', refused: ['postgres', 'root', 'admin', ''], local: ['postgres'], rows: ['NT-40', 'NT-77'],
  }),
  nodetool('POSTGRES_PASSWORD', {
    typed: 'postgres.addUser', form: secret(20, 'at least 20 random characters'), presence: 'required', absence: 'unknown', emission: 'always', place: 'secrets',
    fedBy: 'PostgresUser.secrets, rotated', refused: ['<strong-password>', '<strong-random-password>', 'password', 'changeme', ''], local: ['password'], rows: ['NT-40', 'NT-41', 'NT-77'],
  }),
  nodetool('POSTGRES_HOST', {
    typed: 'postgres: IPostgres', form: HOST, right: 'nodetool.abcdefgh.eu-central-1.rds.amazonaws.com', presence: 'required', absence: 'unknown', emission: 'always', place: 'environment',
    fedBy: 'AWS::RDS::DBInstance Endpoint.Address', refused: ['<database-host>', 'your-db-host', 'two words', ''], local: [], rows: ['NT-40', 'NT-77', 'NT-39'],
  }),
  nodetool('POSTGRES_PORT', {
    typed: 'postgres: IPostgres', form: PORT, documented: '5432', right: '5432', presence: 'required', absence: 'unknown', emission: 'always', place: 'environment',
    fedBy: 'AWS::RDS::DBInstance Endpoint.Port', refused: ['0', '65536', 'default'], local: [], rows: ['NT-40', 'NT-77'],
  }),
  staticS3Key('S3_ACCESS_KEY_ID'),
  staticS3Key('S3_SECRET_ACCESS_KEY'),
  nodetool('S3_ENDPOINT_URL', {
    typed: 'assets: AssetBucket', form: text(/^https:\/\/(?!s3\.amazonaws\.com(\/|$))[^\s@]+$/, 'an https URL of a region'), localForm: LOCAL_URL,
    documented: 'https://s3.amazonaws.com', right: 'https://s3.eu-central-1.amazonaws.com', presence: 'required', absence: 'unknown',
    emission: 'always', place: 'environment', fedBy: 'AssetBucket: https://s3.${AWS::Region}.${AWS::URLSuffix} (C-34)', refused: ['http://minio:9000', 'https://s3.amazonaws.com', ''],
    local: ['http://minio:9000', 'https://s3.amazonaws.com'], rows: ['NT-45', 'NT-78'],
  }),
  nodetool('S3_REGION', {
    typed: 'assets: AssetBucket', form: text(/^[a-z]{2}(-[a-z]+)+-\d$/, 'a region'), documented: 'us-east-1', right: 'eu-central-1', presence: 'required', absence: 'unknown', emission: 'always',
    place: 'environment', fedBy: 'AWS::Region; another literal is DAT-7\'s finding (C-34)', refused: ['frankfurt', ''], local: [], rows: ['NT-45', 'NT-78'],
  }),
  nodetool('ASSET_BUCKET', {
    typed: 'assets: AssetBucket', form: text(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'the name of a bucket'), right: 'acme-nodetool-assets', presence: 'required', absence: 'unknown',
    emission: 'always', place: 'environment', fedBy: 'AWS::S3::Bucket Ref', refused: ['<bucket-name>', 'your-asset-bucket', ''], local: [], rows: ['NT-45', 'NT-78'],
  }),
  nodetool('SENTRY_DSN', {
    typed: 'errorTracking: ErrorTracking', form: secret(20, 'an https DSN', /^https:\/\//), presence: 'optional', absence: 'harmless', emission: 'by-props', place: 'secrets',
    fedBy: 'ErrorTracking.sentry({ dsn: ecs.Secret }); its host goes into the egress', refused: ['<your-sentry-dsn>', ''], local: [], rows: ['NT-64'],
  }),
  nodetool('OTEL_SERVICE_NAME', {
    typed: 'telemetry: Telemetry', form: text(/^\S.{0,254}$/, 'a name'), documented: 'nodetool-api', right: 'nodetool-api', presence: 'optional', absence: 'harmless', emission: 'by-props',
    place: 'environment', fedBy: 'Telemetry.otlp', refused: [''], local: [], rows: ['NT-65'],
  }),
  nodetool('OTEL_EXPORTER_OTLP_ENDPOINT', {
    typed: 'telemetry: Telemetry', form: text(/^(https:\/\/[^\s@]+|http:\/\/(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d{1,5})?(\/.*)?)$/, 'https, or loopback'), localForm: LOCAL_URL,
    documented: 'http://collector:4317', right: 'https://otel.acme.com:4317', presence: 'optional', absence: 'harmless', emission: 'by-props', place: 'environment', fedBy: 'Telemetry.otlp (C-13)',
    refused: ['http://collector:4317', ''], local: ['http://collector:4317'], rows: ['NT-65'],
  }),
  nodetool('MEMCACHE_HOST', {
    typed: 'memcached: SecureMemcached', form: text(/^[a-z0-9-]+(\.[a-z0-9-]+)+$/i, 'the whole name of a cluster'), localForm: HOST,
    documented: 'memcached', right: 'cache.abc.cfg.euc1.cache.amazonaws.com', presence: 'optional', absence: 'harmless',
    emission: 'by-props', place: 'environment', fedBy: 'AWS::ElastiCache::CacheCluster ConfigurationEndpoint.Address, TLS only (C-14)',
    refused: ['memcached', ''], local: ['memcached'], rows: ['NT-72'],
  }),
  nodetool('MEMCACHE_PORT', {
    typed: 'memcached', form: PORT, documented: '11211', right: '11211', presence: 'optional', absence: 'harmless', emission: 'by-props', place: 'environment',
    fedBy: 'SecureMemcached', refused: ['0', '65536'], local: [], rows: ['NT-72'],
  }),
];
