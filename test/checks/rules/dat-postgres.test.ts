import type { CfnResource, Stack } from 'aws-cdk-lib';
import { rawTask, task } from '../../support/containers';
import { deployTimeValue } from '../../support/load-balancing';
import { describeRule, type RuleCases } from '../../support/rule-cases';
import { fn } from '../../support/secrets';
import { written } from '../../support/written';

type Build = RuleCases['compliant'][string];

const variable = (name: string, value: string): Build => (stack) => task(stack, { environment: [{ name, value }] });

describeRule('DAT-1.no-file', {
  compliant: {
    'a server': variable('DATABASE_URL', 'postgresql://core@db.internal/core?sslmode=verify-full'),
    'a host': variable('POSTGRES_HOST', 'db.internal'),
    'a file that is none of a database': variable('LOG_FILE', '/var/log/core.db.log'),
    'a domain': variable('DB_HOST', 'core.dbs.internal'),
  },
  violating: {
    ...Object.fromEntries(['sqlite:///data/core.sqlite', 'sqlite+aiosqlite:///core.db', 'file:/data/core.db', '/data/core.db', '/data/core.sqlite3', 'sqlite3'].map((value) => [
      value, { build: variable('DATABASE_URL', value), message: /^container core keeps its data in a file by DATABASE_URL/, severity: 'error' as const },
    ])),
    'a path': { build: variable('DB_PATH', '/data/core.db'), message: /by DB_PATH/ },
    'a URL whatever it is called': { build: variable('SETTING', 'sqlite:///core.db'), message: /by SETTING/ },
    'an engine': { build: variable('DB_ENGINE', 'django.db.backends.sqlite3'), message: /by DB_ENGINE/ },
    'a function': { build: (stack) => fn(stack, { DATABASE_URL: 'sqlite://' }), message: /^the function keeps its data in a file/ },
    'a command line': { build: (stack) => task(stack, { command: ['core', '--db=sqlite:///core.db'] }), message: /by its command line/ },
  },
  override: { build: (stack) => task(stack, { environment: [{ name: 'DATABASE_URL', value: 'postgresql://db/core' }] }).addPropertyOverride('ContainerDefinitions.0.Environment.0.Value', 'sqlite://'), message: /by DATABASE_URL/ },
  raw: { build: (stack) => rawTask(stack, { Environment: [{ Name: 'DB_FILE', Value: 'core.sqlite' }] }), message: /by DB_FILE/ },
  undecidable: (stack) => variable('DATABASE_URL', deployTimeValue(stack))(stack),
  notApplicable: { 'a container without variables': (stack) => task(stack) },
});

const database = (stack: Stack, properties: Readonly<Record<string, unknown>> = {}, type = 'AWS::RDS::DBInstance'): CfnResource =>
  written(stack, 'Database', type, { Engine: 'postgres', EngineVersion: '17.4', ...properties });
const told = (properties: Readonly<Record<string, unknown>> = {}, type?: string): Build => (stack) =>
  task(stack, { environment: [{ name: 'POSTGRES_HOST', value: database(stack, properties, type).getAtt('Endpoint.Address').toString() }] });

describeRule('DAT-1.engine', {
  compliant: {
    'PostgreSQL': told(),
    'Aurora': told({ Engine: 'aurora-postgresql' }, 'AWS::RDS::DBCluster'),
    'a host of somebody else\'s': variable('PGHOST', 'db.example'),
  },
  violating: {
    'MySQL': { build: told({ Engine: 'mysql' }), message: /^container core has POSTGRES_HOST at Database, which is mysql and speaks no PostgreSQL/, severity: 'error' },
    'Aurora for MySQL': { build: told({ Engine: 'aurora-mysql' }, 'AWS::RDS::DBCluster'), message: /which is aurora-mysql/ },
  },
  override: {
    build: (stack) => {
      const host = { 'Fn::GetAtt': [database(stack, { Engine: 'mariadb' }).logicalId, 'Endpoint.Address'] };
      task(stack, { environment: [{ name: 'PGHOST', value: 'x' }] }).addPropertyOverride('ContainerDefinitions.0.Environment.0.Value', host);
    },
    message: /which is mariadb/,
  },
  raw: { build: (stack) => rawTask(stack, { Environment: [{ Name: 'POSTGRES_HOST', Value: database(stack, { Engine: 'mysql' }).getAtt('Endpoint.Address') }] }), message: /which is mysql/ },
  undecidable: (stack) => told({ Engine: deployTimeValue(stack) })(stack),
  notApplicable: { 'a container without a database': variable('LOG_LEVEL', 'INFO') },
});

const holding = (environment: Readonly<Record<string, string>>, secrets: readonly string[] = ['POSTGRES_PASSWORD']): Build => (stack) =>
  task(stack, { environment: Object.entries(environment).map(([name, value]) => ({ name, value })), secrets: secrets.map((name) => ({ name, valueFrom: `core/${name}` })) });
const UNTOLD = /^container core is given the password of a PostgreSQL and no POSTGRES_HOST/;

describeRule('DAT-1.told', {
  compliant: {
    'a host': holding({ POSTGRES_HOST: 'db.internal' }),
    'a host of the templates': (stack) => holding({ PGHOST: database(stack).getAtt('Endpoint.Address').toString() }, ['PGPASSWORD'])(stack),
    'a host in a secret': holding({}, ['POSTGRES_PASSWORD', 'POSTGRES_HOST']),
    'a URL in a secret': holding({}, ['POSTGRES_PASSWORD', 'DATABASE_URL']),
  },
  violating: {
    'a password alone': { build: holding({ LOG_LEVEL: 'INFO' }), message: UNTOLD, severity: 'error' },
    'an empty host': { build: holding({ POSTGRES_HOST: '' }), message: UNTOLD },
    'a port and a name': { build: holding({ POSTGRES_PORT: '5432', POSTGRES_DB: 'core' }), message: UNTOLD },
  },
  override: {
    build: (stack) => {
      holding({ POSTGRES_HOST: 'db.internal' })(stack);
      (stack.node.findChild('Task') as CfnResource).addPropertyDeletionOverride('ContainerDefinitions.0.Environment');
    },
    message: UNTOLD,
  },
  raw: { build: (stack) => rawTask(stack, { Secrets: [{ Name: 'PGPASSWORD', ValueFrom: 'core/login' }] }), message: UNTOLD },
  undecidable: (stack) => rawTask(stack, { Secrets: [{ Name: 'PGPASSWORD', ValueFrom: 'core/login' }], Environment: deployTimeValue(stack) }),
  notApplicable: { 'a container without a database': variable('LOG_LEVEL', 'INFO') },
});

const group = (stack: Stack, parameters: Readonly<Record<string, unknown>>, family = 'postgres14'): string =>
  written(stack, 'Group', 'AWS::RDS::DBParameterGroup', { Family: family, Parameters: parameters }).ref;
const CLUSTER = 'AWS::RDS::DBCluster';
const withGroup = (parameters: Readonly<Record<string, unknown>>, family?: string): Build => (stack) => database(stack, { DBParameterGroupName: group(stack, parameters, family) });

describeRule('DAT-2.force-tls', {
  compliant: {
    'a group that forces it': withGroup({ 'rds.force_ssl': '1' }),
    'the same as a number': withGroup({ 'rds.force_ssl': 1 }),
    'a group of a version that does': withGroup({ log_statement: 'ddl' }, 'postgres17'),
    'a version that does': (stack) => database(stack),
    'the default group of such a version': (stack) => database(stack, { EngineVersion: '15', DBParameterGroupName: 'default.postgres15' }),
    'a cluster with a group': (stack) => {
      const forced = written(stack, 'Group', 'AWS::RDS::DBClusterParameterGroup', { Family: 'aurora-postgresql16', Parameters: { 'rds.force_ssl': '1' } });
      database(stack, { Engine: 'aurora-postgresql', EngineVersion: '16.4', DBClusterParameterGroupName: forced.ref }, CLUSTER);
    },
    'a new Aurora': (stack) => database(stack, { Engine: 'aurora-postgresql', EngineVersion: '17.4' }, CLUSTER),
  },
  violating: {
    'a group that switches it off': { build: withGroup({ 'rds.force_ssl': '0' }, 'postgres17'), message: /^Group switches rds\.force_ssl off/, severity: 'error' },
    'a group that says nothing': { build: withGroup({ log_statement: 'ddl' }), message: /^says nothing of rds\.force_ssl, and version 14/ },
    'an old version': { build: (stack) => database(stack, { EngineVersion: '14.12' }), message: /version 14 takes connections without TLS/ },
    'an Aurora of before': { build: (stack) => database(stack, { Engine: 'aurora-postgresql', EngineVersion: '16.4' }, CLUSTER), message: /version 16 takes/ },
  },
  override: { build: (stack) => { database(stack, { EngineVersion: '16.3' }).addPropertyOverride('EngineVersion', '13.3'); }, message: /version 13/ },
  raw: { build: (stack) => written(stack, 'Raw', 'AWS::RDS::DBInstance', { Engine: 'postgres', EngineVersion: 12 }), message: /version 12/ },
  undecidable: {
    'no version': (stack) => database(stack, { EngineVersion: undefined }),
    'a group of somebody else\'s': (stack) => database(stack, { DBParameterGroupName: 'core' }),
    'a setting of the deployment': (stack) => withGroup({ 'rds.force_ssl': deployTimeValue(stack) })(stack),
  },
  notApplicable: {
    'another engine': (stack) => database(stack, { Engine: 'mysql' }),
    'an instance of a cluster': (stack) => database(stack, { DBClusterIdentifier: 'core' }),
  },
});

describeRule('DAT-2.client-mode', {
  compliant: {
    'a mode that verifies': variable('PGSSLMODE', 'verify-full'),
    'a URL that verifies': variable('DATABASE_URL', 'postgresql://core@db/core?sslmode=verify-full'),
    'a mode of the URL that encrypts': variable('DATABASE_URL', 'postgresql://core@db/core?application_name=core&sslmode=require'),
  },
  violating: {
    ...Object.fromEntries(['disable', 'allow', 'prefer', 'PREFER'].map((mode) => [mode, { build: variable('POSTGRES_SSLMODE', mode), message: /^container core takes a connection without TLS by POSTGRES_SSLMODE/, severity: 'error' as const }])),
    'a URL without': { build: variable('DATABASE_URL', 'postgres://core@db/core?sslmode=disable'), message: /by DATABASE_URL \(disable\)/ },
    'a connection string': { build: variable('DB_DSN', 'host=db user=core sslmode=prefer'), message: /by DB_DSN \(prefer\)/ },
    'a function': { build: (stack) => fn(stack, { PGSSLMODE: 'disable' }), message: /^the function takes/ },
  },
  override: { build: (stack) => task(stack, { environment: [{ name: 'PGSSLMODE', value: 'verify-full' }] }).addPropertyOverride('ContainerDefinitions.0.Environment.0.Value', 'allow'), message: /\(allow\)/ },
  raw: { build: (stack) => rawTask(stack, { Environment: [{ Name: 'DB_SSL_MODE', Value: 'disable' }] }), message: /by DB_SSL_MODE/ },
  undecidable: (stack) => variable('PGSSLMODE', deployTimeValue(stack))(stack),
  notApplicable: { 'a URL of something else': variable('CALLBACK_URL', 'https://app.example/?sslmode=disable') },
});

const variables = (all: Readonly<Record<string, string>>): Build => (stack) =>
  task(stack, { environment: Object.entries({ POSTGRES_HOST: 'db.internal', ...all }).map(([name, value]) => ({ name, value })) });
const VERIFYING = { PGSSLMODE: 'verify-full', PGSSLROOTCERT: '/authorities/rds.pem' };

describeRule('DAT-2.client-verifies', {
  compliant: {
    'a mode with authorities': variables(VERIFYING),
    'a mode by itself': variables({ DB_SSL_MODE: 'VERIFY-FULL' }),
    'two of each': variables({ ...VERIFYING, POSTGRES_SSLMODE: 'verify-full', POSTGRES_SSL_ROOT_CERT: '/authorities/rds.pem' }),
    'a URL': variables({ DATABASE_URL: 'postgresql://core@db.internal/core?sslmode=verify-full' }),
    'a function': (stack) => fn(stack, { PGHOST: 'db.internal', ...VERIFYING }),
  },
  violating: {
    'no word of it': { build: variables({}), message: /^container core is given a PostgreSQL, and nothing tells it to verify who answers there/, severity: 'warning' },
    'a password and no word of it': { build: (stack) => task(stack, { secrets: [{ name: 'POSTGRES_PASSWORD', valueFrom: 'core/login' }] }), message: /nothing tells it to verify/ },
    'an empty mode': { build: variables({ PGSSLMODE: '' }), message: /nothing tells it to verify/ },
    ...Object.fromEntries(['require', 'verify-ca', 'prefer'].map((mode) => [mode, { build: variables({ PGSSLMODE: mode }), message: /takes whoever answers for its PostgreSQL by PGSSLMODE/ }])),
    'one of two modes': { build: variables({ ...VERIFYING, POSTGRES_SSLMODE: 'require' }), message: /by POSTGRES_SSLMODE \(require\)/ },
    'a URL': { build: variables({ DATABASE_URL: 'postgresql://core@db.internal/core?sslmode=require' }), message: /by DATABASE_URL \(require\)/ },
    'authorities that nobody asks for': { build: variables({ ...VERIFYING, POSTGRES_SSLROOTCERT: '/authorities/rds.pem' }), message: /has authorities in POSTGRES_SSLROOTCERT, and no mode of that name/ },
  },
  override: {
    build: (stack) => {
      const told = task(stack, { environment: [{ name: 'PGHOST', value: 'db.internal' }, { name: 'PGSSLMODE', value: 'verify-full' }] });
      told.addPropertyOverride('ContainerDefinitions.0.Environment.1.Value', 'require');
    },
    message: /\(require\)/,
  },
  raw: { build: (stack) => rawTask(stack, { Environment: [{ Name: 'PGHOST', Value: 'db.internal' }] }), message: /nothing tells it to verify/ },
  undecidable: {
    'a mode of the deployment': (stack) => variables({ PGSSLMODE: deployTimeValue(stack) })(stack),
    'a mode of a secret store': holding({ PGHOST: 'db.internal' }, ['PGSSLMODE']),
  },
  notApplicable: {
    'a container without a database': variable('LOG_LEVEL', 'INFO'),
    'a proxy within the task': variables({ POSTGRES_HOST: '127.0.0.1' }),
    'a socket': variables({ POSTGRES_HOST: '/var/run/postgresql' }),
  },
});
