import { App, CfnResource, Duration, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { SecurityGroup, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { AwsSolutionsChecks } from 'cdk-nag';
import { type ExistingPostgresProps, type IPostgres, type PostgresUserProps, PrivateNetwork, Rotation, SecurePostgres, type SecurePostgresProps, Size } from '../../src';
import { judge } from '../../src/checks/judge';
import { treeTemplates } from '../../src/checks/tree-templates';
import { ROTATION_VARIABLE, type PostgresUserRotation } from '../../src/secrets/contract';
import { containersIn } from '../support/gate';
import { ENV } from '../support/network-stack';
import { alarmTopic, remoteCore } from '../support/remote-core';

const INSTANCE = 'AWS::RDS::DBInstance';
const SECRET = 'AWS::SecretsManager::Secret';
const LOG_GROUP = 'AWS::Logs::LogGroup';
const INGRESS = 'AWS::EC2::SecurityGroupIngress';
const OWN_GROUP = { 'Fn::GetAtt': [Match.stringLikeRegexp('^PostgresSecurityGroup'), 'GroupId'] };
const OWN_KEY = { 'Fn::GetAtt': [Match.stringLikeRegexp('^PostgresKey'), 'Arn'] };
const KEY_ARN = 'arn:aws:kms:eu-central-1:111122223333:key/6a4f1e0c-2b3d-4c5e-8f90-a1b2c3d4e5f6';
const CERTIFICATE = `-----BEGIN CERTIFICATE-----\n${'QUJD'.repeat(16)}\n-----END CERTIFICATE-----\n`;

interface Made {
  readonly stack: Stack;
  readonly postgres: SecurePostgres;
  readonly template: () => Template;
}

function made(props: (stack: Stack) => Partial<SecurePostgresProps> = () => ({})): Made {
  const stack = new Stack(new App(), 'Test', { env: ENV });
  const postgres = new SecurePostgres(stack, 'Postgres', { network: new PrivateNetwork(stack, 'Network'), ...props(stack) });
  return { stack, postgres, template: () => Template.fromStack(stack) };
}

/** What the function that renews a login is told, holes by the names of what fills them. */
function configurationIn(template: Template): PostgresUserRotation {
  const functions = Object.values(template.findResources('AWS::Lambda::Function')) as { Properties: { Environment?: { Variables: Record<string, unknown> } } }[];
  const [value] = functions.map(({ Properties }) => Properties.Environment?.Variables[ROTATION_VARIABLE]).filter((found) => found !== undefined);
  const [, parts] = (value as { 'Fn::Join': [string, unknown[]] })['Fn::Join'];
  return JSON.parse(parts.map((part) => (typeof part === 'string' ? part : JSON.stringify(part).replace(/[^A-Za-z0-9.]/g, ''))).join('')) as PostgresUserRotation;
}

describe('SecurePostgres', () => {
  test('speaks TLS only, keeps passwords as SCRAM, and logs neither statements nor values', () => {
    const template = made().template();
    template.hasResourceProperties('AWS::RDS::DBParameterGroup', {
      Family: 'postgres18',
      Parameters: {
        'rds.force_ssl': '1', 'password_encryption': 'scram-sha-256', 'log_statement': 'none', 'log_min_duration_statement': '-1', 'log_parameter_max_length': '0',
        'log_parameter_max_length_on_error': '0', 'log_min_error_statement': 'panic', 'log_error_verbosity': 'terse', 'log_disconnections': '1',
      },
    });
    template.hasResourceProperties(INSTANCE, { DBParameterGroupName: { Ref: Match.stringLikeRegexp('^PostgresParameters') }, CACertificateIdentifier: 'rds-ca-rsa2048-g1' });
  });

  test('is the newest PostgreSQL, whose minor versions Amazon RDS looks after', () => {
    made().template().hasResourceProperties(INSTANCE, { Engine: 'postgres', EngineVersion: '18', AutoMinorVersionUpgrade: true, AllowMajorVersionUpgrade: Match.absent() });
  });

  test('encrypts its disk, its insights, its password and its logs with one key, which is renewed', () => {
    const template = made().template();
    template.hasResourceProperties(INSTANCE,
      { StorageEncrypted: true, KmsKeyId: OWN_KEY, EnablePerformanceInsights: true, PerformanceInsightsKMSKeyId: OWN_KEY, MasterUserSecret: { KmsKeyId: OWN_KEY } });
    template.hasResourceProperties('AWS::KMS::Key', {
      EnableKeyRotation: true,
      KeyPolicy: { Statement: Match.arrayWith([Match.objectLike({ Principal: { Service: Match.anyValue() }, Action: Match.arrayWith(['kms:Decrypt*']), Condition: Match.anyValue() })]) },
    });
    for (const log of ['postgresql', 'upgrade']) template.hasResourceProperties(LOG_GROUP,
      { LogGroupName: Match.stringLikeRegexp(`^/aws/rds/instance/[a-z0-9]+/${log}$`), KmsKeyId: OWN_KEY, RetentionInDays: 180 });
  });

  test('takes a key of yours for all of it, and makes none', () => {
    const { postgres, template } = made((stack) => ({ encryptionKey: Key.fromKeyArn(stack, 'Given', KEY_ARN) }));
    postgres.addUser('Core', { role: 'core' });
    template().resourceCountIs('AWS::KMS::Key', 0);
    template().hasResourceProperties(INSTANCE, { KmsKeyId: KEY_ARN, MasterUserSecret: { KmsKeyId: KEY_ARN } });
    template().allResourcesProperties(SECRET, { KmsKeyId: KEY_ARN });
  });

  test('has logs that are there before it, by its own name', () => {
    const template = made().template();
    const [instance] = Object.values(template.findResources(INSTANCE)) as { Properties: { DBInstanceIdentifier: string; EnableCloudwatchLogsExports: string[] }; DependsOn: string[] }[];
    expect(instance?.Properties.EnableCloudwatchLogsExports).toEqual(['postgresql', 'upgrade']);
    expect(instance?.Properties.DBInstanceIdentifier).toMatch(/^[a-z][a-z0-9]{1,62}$/);
    for (const log of ['postgresql', 'upgrade']) {
      const [id = ''] = Object.keys(template.findResources(LOG_GROUP, { Properties: { LogGroupName: `/aws/rds/instance/${instance?.Properties.DBInstanceIdentifier}/${log}` } }));
      expect(instance?.DependsOn).toContain(id);
    }
  });

  test('has an administrator whose password Amazon RDS makes, keeps and renews, and nobody ever has', () => {
    const { stack, postgres, template } = made();
    template().hasResourceProperties(INSTANCE, { ManageMasterUserPassword: true, MasterUsername: 'postgres', MasterUserPassword: Match.absent() });
    template().resourceCountIs(SECRET, 0);
    expect(stack.resolve(postgres.adminSecret.secretArn)).toEqual({ 'Fn::GetAtt': [expect.stringMatching(/^PostgresInstance/), 'MasterUserSecret.SecretArn'] });
  });

  test('knows who comes by IAM as well', () => {
    made().template().hasResourceProperties(INSTANCE, { EnableIAMDatabaseAuthentication: true });
  });

  test.each([
    [Size.DEV, { DBInstanceClass: 'db.t4g.micro', MultiAZ: false, DeletionProtection: false, BackupRetentionPeriod: 14, AllocatedStorage: '20', MaxAllocatedStorage: 50,
      DeleteAutomatedBackups: true }, 'Delete'],
    [Size.STANDARD, { DBInstanceClass: 'db.t4g.medium', MultiAZ: true, DeletionProtection: false, BackupRetentionPeriod: 14, AllocatedStorage: '20', MaxAllocatedStorage: 200,
      DeleteAutomatedBackups: true }, 'Delete'],
    [Size.PRODUCTION, { DBInstanceClass: 'db.m7g.large', MultiAZ: true, DeletionProtection: true, BackupRetentionPeriod: 35, AllocatedStorage: '100', MaxAllocatedStorage: 1000,
      DeleteAutomatedBackups: false }, 'Retain'],
  ])('is as large, as lasting and as hard to lose as %s says', (size, properties, policy) => {
    const { postgres, template } = made(() => ({ size }));
    postgres.addUser('Core', { role: 'core' });
    template().hasResource(INSTANCE, { Properties: { ...properties, StorageType: 'gp3', CopyTagsToSnapshot: true, PubliclyAccessible: false }, DeletionPolicy: policy, UpdateReplacePolicy: policy });
    for (const type of [SECRET, 'AWS::KMS::Key', 'AWS::RDS::DBSubnetGroup', 'AWS::RDS::DBParameterGroup']) template().allResources(type, { DeletionPolicy: policy });
    const logs = Object.values(template().findResources(LOG_GROUP, { Properties: { LogGroupName: Match.stringLikeRegexp('^/aws/rds/') } })) as { DeletionPolicy: string }[];
    expect(logs.map(({ DeletionPolicy }) => DeletionPolicy)).toEqual(Array.from({ length: 2 }, () => (policy === 'Retain' ? 'RetainExceptOnCreate' : 'Delete')));
  });

  test('goes with its stack where asked, and still stands in two zones', () => {
    made(() => ({ removalPolicy: RemovalPolicy.DESTROY })).template().hasResource(INSTANCE, { DeletionPolicy: 'Delete', Properties: { MultiAZ: true, DeleteAutomatedBackups: true } });
  });

  test('stands in the data tier, and lets nobody in or out unless told', () => {
    const template = made().template();
    template.hasResourceProperties('AWS::RDS::DBSubnetGroup', { SubnetIds: [{ Ref: Match.stringLikeRegexp('DataSubnet1') }, { Ref: Match.stringLikeRegexp('DataSubnet2') }] });
    template.hasResourceProperties(INSTANCE, { VPCSecurityGroups: [OWN_GROUP], DBSubnetGroupName: { Ref: Match.stringLikeRegexp('^PostgresSubnets') }, Port: '5432', DBName: 'core' });
    template.hasResourceProperties('AWS::EC2::SecurityGroup',
      { GroupDescription: 'Of Test/Postgres', SecurityGroupIngress: Match.absent(), SecurityGroupEgress: [Match.objectLike({ CidrIp: '255.255.255.255/32' })] });
    template.resourcePropertiesCountIs(INGRESS, { GroupId: OWN_GROUP }, 0);
  });

  test('keeps its logical ids and its name: another one would be another database', () => {
    const { postgres, template } = made();
    postgres.addUser('Core', { role: 'core' });
    const resources = template().toJSON().Resources as Record<string, { Type: string; Properties: { DBInstanceIdentifier?: string } }>;
    const stateful = Object.entries(resources).filter(([id, { Type }]) => id.startsWith('Postgres') && [INSTANCE, SECRET, 'AWS::KMS::Key', 'AWS::RDS::DBSubnetGroup',
      'AWS::RDS::DBParameterGroup'].includes(Type));
    expect(stateful.map(([id]) => id).sort()).toEqual(['PostgresCoreLogin2F4D9533', 'PostgresInstanceEC667DB9', 'PostgresKey24D76AA8', 'PostgresParameters116DB31A', 'PostgresSubnetsD95E7AB8']);
    expect(stateful.map(([, { Properties }]) => Properties.DBInstanceIdentifier).filter(Boolean)).toEqual(['testpostgres4489dbc2']);
  });

  test.each([
    ['backups of a week', { backupRetention: Duration.days(7) }, 'Test/Postgres: backupRetention is "7 days". Name whole days from 14 to 35.'],
    ['backups of more than Amazon RDS keeps', { backupRetention: Duration.days(36) }, 'Test/Postgres: backupRetention is "36 days". Name whole days from 14 to 35.'],
    ['backups of half a day more', { backupRetention: Duration.hours(14 * 24 + 12) }, 'Name whole days from 14 to 35.'],
    ['a database with a quote', { database: 'core"' }, 'Test/Postgres: database is "core\\"". Begin with a lower-case letter'],
    ['a database that every server has', { database: 'template1' }, 'Test/Postgres: database is "template1". Begin with'],
    ['a name that is too long', { database: 'c'.repeat(64) }, '63 at most'],
  ])('refuses %s', (_, props, message) => {
    expect(() => made(() => props)).toThrow(message);
  });

  test('keeps backups as long as asked, within bounds', () => {
    for (const days of [14, 35]) made(() => ({ backupRetention: Duration.days(days) })).template().hasResourceProperties(INSTANCE, { BackupRetentionPeriod: days });
  });

  test('refuses a data tier in one zone, whatever its size', () => {
    const network = (stack: Stack): Partial<SecurePostgresProps> => {
      const vpc = new Vpc(stack, 'Vpc', { maxAzs: 2, natGateways: 0 });
      const subnets = vpc.isolatedSubnets;
      return { size: Size.DEV, network: PrivateNetwork.fromVpc(stack, 'Existing', { vpc, ingressSubnets: { subnets }, coreSubnets: { subnets }, dataSubnets: { subnets: subnets.slice(0, 1) } }) };
    };
    expect(() => made(network)).toThrow('Test/Postgres: network is "a data tier in 1 zones". Give it subnets in 2 zones: Amazon RDS asks for them.');
  });
});

describe('A user of SecurePostgres', () => {
  test('has a login with a password that nobody has ever seen, and everything else that is known', () => {
    const { postgres, template } = made();
    postgres.addUser('Core', { role: 'core' });
    template().resourceCountIs(SECRET, 1);
    template().hasResourceProperties(SECRET, {
      KmsKeyId: OWN_KEY,
      SecretString: Match.absent(),
      GenerateSecretString: {
        GenerateStringKey: 'password',
        PasswordLength: 40,
        ExcludePunctuation: true,
        SecretStringTemplate: { 'Fn::Join': ['',
          ['{"username":"core_a","host":"', { 'Fn::GetAtt': [Match.stringLikeRegexp('^PostgresInstance'), 'Endpoint.Address'] }, '","port":5432,"dbname":"core"}']] },
      },
    });
  });

  test('is renewed every 30 days by a function that is told what to renew, and no secret', () => {
    const { postgres, template } = made();
    postgres.addUser('Core', { role: 'core' });
    template().hasResourceProperties('AWS::SecretsManager::RotationSchedule', { SecretId: { Ref: Match.stringLikeRegexp('^PostgresCoreLogin') }, RotationLambdaARN: Match.anyValue() });
    expect(configurationIn(template())).toMatchObject({
      kind: 'postgres-user', role: 'core', port: 5432, dbname: 'core', caPath: '/authorities/amazon-rds.pem',
      adminSecretArn: expect.stringMatching(/MasterUserSecret\.SecretArn$/) as string, host: expect.stringMatching(/Endpoint\.Address$/) as string,
    });
    expect(configurationIn(template()).ca).toBeUndefined();
  });

  test('is renewed as often as asked', () => {
    const { postgres, template } = made();
    postgres.addUser('Core', { role: 'core', rotation: Rotation.every(Duration.days(7)) });
    expect(JSON.stringify(template().findResources('AWS::SecretsManager::RotationSchedule'))).toContain('7');
  });

  test('shows who listens what is wrong with its login, and whom it has to wait for', () => {
    const { stack, postgres } = made();
    const user = postgres.addUser('Core', { role: 'core' });
    expect(user.alarms.map(({ node }) => node.path)).toEqual(['Test/Postgres/Core/Rotation/Failures', 'Test/Postgres/Core/Rotation/Age']);
    expect(stack.resolve(user.metricAgeDays().dimensions)).toEqual({ Secret: stack.resolve(user.secret.secretArn) as unknown });
    expect(stack.resolve(user.metricFailures().dimensions)).toEqual({ FunctionName: stack.resolve(user.rotationFunction.functionName) as unknown });
    new CfnResource(stack, 'Service', { type: 'Custom::Service' }).node.addDependency(user.ready);
    const [service] = Object.values(Template.fromStack(stack).findResources('Custom::Service'));
    expect(service?.DependsOn).toEqual([expect.stringMatching(/^PostgresCoreRotationEnsure/)]);
  });

  test('lets its function in at the port alone', () => {
    const { postgres, template } = made();
    postgres.addUser('Core', { role: 'core' });
    template().resourcePropertiesCountIs(INGRESS, { GroupId: OWN_GROUP }, 1);
    template().hasResourceProperties(INGRESS,
      { GroupId: OWN_GROUP, FromPort: 5432, ToPort: 5432, IpProtocol: 'tcp', SourceSecurityGroupId: { 'Fn::GetAtt': [Match.stringLikeRegexp('^PostgresCoreRotation'), 'GroupId'] } });
  });

  test.each<[string, PostgresUserProps, string]>([
    ['no role', { role: '' }, 'Test/Postgres/Core: role is "". Begin with a lower-case letter or an underscore'],
    ['a quote', { role: 'core"; drop role x' }, 'and use lower-case letters, digits and underscores only, 61 at most: its logins are <role>_a and <role>_b.'],
    ['a digit first', { role: '1core' }, 'Begin with a lower-case letter'],
    ['a role whose login would be cut off', { role: 'c'.repeat(62) }, '61 at most'],
    ['the administrator', { role: 'postgres' }, 'Test/Postgres/Core: role is "postgres". PostgreSQL or Amazon RDS has it already: choose another one.'],
    ['what PostgreSQL keeps to itself', { role: 'pg_core' }, 'has it already'],
    ['what Amazon RDS keeps to itself', { role: 'rds_core' }, 'has it already'],
    ['everybody', { role: 'public' }, 'has it already'],
    ['whoever is logged in', { role: 'session_user' }, 'has it already'],
    ['a login that nobody would make', { role: 'core', rotation: Rotation.never('It is only a trial, and nobody depends on it') },
      'Test/Postgres/Core: rotation is "Rotation.never". Name Rotation.every(…): what renews the login is what makes it.'],
  ])('is refused as %s', (_, props, message) => {
    expect(() => made().postgres.addUser('Core', props)).toThrow(message);
  });

  test('is refused a role that somebody has, since two who renew its logins would shut each other out', () => {
    const { postgres } = made();
    postgres.addUser('Core', { role: 'core' });
    expect(() => postgres.addUser('Batch', { role: 'core' })).toThrow('role is "core". Another user has it: choose one that nobody has');
    expect(() => postgres.addUser('Other', { role: 'batch' })).not.toThrow();
  });
});

describe('A Core with a SecurePostgres', () => {
  const stack = new Stack(new App(), 'Test', { env: ENV });
  const network = new PrivateNetwork(stack, 'Network', { ingressReachesInternet: true });
  const postgres = new SecurePostgres(stack, 'Postgres', { network });
  remoteCore(stack, { network, stores: [postgres.addUser('CoreUser', { role: 'core' })] });
  const template = Template.fromStack(stack);
  const { Core: core, Authorities: authorities } = containersIn(template) as unknown as Record<string, Record<string, unknown>>;

  test('is told where it is and how to know it, and none of its credentials in plain sight', () => {
    const host = { 'Fn::GetAtt': [expect.stringMatching(/^PostgresInstance/) as string, 'Endpoint.Address'] };
    expect(core?.Environment).toEqual([
      { Name: 'POSTGRES_HOST', Value: host },
      { Name: 'POSTGRES_PORT', Value: '5432' },
      { Name: 'POSTGRES_DB', Value: 'core' },
      { Name: 'POSTGRES_SSLMODE', Value: 'verify-full' },
      { Name: 'POSTGRES_SSLROOTCERT', Value: '/authorities/amazon-rds.pem' },
      { Name: 'PGSSLMODE', Value: 'verify-full' },
      { Name: 'PGSSLROOTCERT', Value: '/authorities/amazon-rds.pem' },
    ]);
    const field = (name: string): unknown => ({ 'Fn::Join': ['', [{ Ref: expect.stringMatching(/^PostgresCoreUserLogin/) as string }, `:${name}::`]] });
    expect(core?.Secrets).toEqual([
      { Name: 'POSTGRES_USER', ValueFrom: field('username') },
      { Name: 'POSTGRES_PASSWORD', ValueFrom: field('password') },
      { Name: 'DATABASE_URL', ValueFrom: field('url') },
    ]);
  });

  test('starts once the authorities are there, which it cannot write', () => {
    expect(core?.DependsOn).toEqual([{ ContainerName: 'Authorities', Condition: 'SUCCESS' }]);
    expect(core?.MountPoints).toEqual([{ ContainerPath: '/authorities', ReadOnly: true, SourceVolume: 'Authorities' }]);
    expect(authorities).toMatchObject({
      Command: ['/app/ca-bundle.js'],
      Essential: false,
      User: '1000:1000',
      ReadonlyRootFilesystem: true,
      Privileged: false,
      LinuxParameters: { Capabilities: { Drop: ['ALL'] } },
      Environment: [{ Name: 'AUTHORITIES', Value: '{"amazon-rds.pem":"amazon-rds"}' }],
      MountPoints: [{ ContainerPath: '/authorities', ReadOnly: false, SourceVolume: 'Authorities' }],
    });
    expect(authorities?.Secrets).toBeUndefined();
    template.hasResourceProperties('AWS::ECS::TaskDefinition', { Volumes: [{ Name: 'Authorities' }] });
  });

  test('makes room for what writes them, in the task that it has', () => {
    const [task] = Object.values(template.findResources('AWS::ECS::TaskDefinition')) as
      { Properties: { Cpu: string; Memory: string; ContainerDefinitions: { Name: string; Cpu: number; Memory: number }[] } }[];
    expect(task?.Properties).toMatchObject({ Cpu: '1024', Memory: '2048' });
    expect(task?.Properties.ContainerDefinitions.map(({ Name, Cpu, Memory }) => [Name, Cpu, Memory])).toEqual([['Core', 510, 960], ['Gate', 512, 1024], ['Authorities', 2, 64]]);
  });

  test('is let in at the port alone', () => {
    template.resourcePropertiesCountIs(INGRESS, { GroupId: OWN_GROUP }, 2);
    template.hasResourceProperties(INGRESS,
      { GroupId: OWN_GROUP, FromPort: 5432, ToPort: 5432, SourceSecurityGroupId: { 'Fn::GetAtt': [Match.stringLikeRegexp('^CoreServiceSecurityGroup'), 'GroupId'] } });
  });

  test('starts only once its login has been made', () => {
    const [service] = Object.values(template.findResources('AWS::ECS::Service')) as { DependsOn: string[] }[];
    const [trigger = '?'] = Object.keys(template.findResources('Custom::Trigger'));
    expect(service?.DependsOn).toContain(trigger);
    const [{ DependsOn: before } = { DependsOn: [] }] = Object.values(template.findResources('Custom::Trigger')) as { DependsOn: string[] }[];
    expect(before).toEqual(expect.arrayContaining([expect.stringMatching(/^PostgresInstance/)]));
  });
});

describe('A PostgreSQL that exists already', () => {
  function existing(props: Partial<ExistingPostgresProps> = {}): { readonly stack: Stack; readonly postgres: IPostgres; readonly network: PrivateNetwork } {
    const stack = new Stack(new App(), 'Test', { env: ENV });
    const network = new PrivateNetwork(stack, 'Network', { ingressReachesInternet: true });
    const postgres = SecurePostgres.fromExisting(stack, 'Postgres', {
      network,
      host: 'db.c1.eu-central-1.rds.amazonaws.com',
      database: 'core',
      securityGroup: SecurityGroup.fromSecurityGroupId(stack, 'Group', 'sg-1'),
      adminSecret: Secret.fromSecretCompleteArn(stack, 'Admin', 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:admin-AbCdEf'),
      ...props,
    });
    return { stack, postgres, network };
  }

  test('has users of its own, and nothing of it is made anew', () => {
    const { stack, postgres } = existing({ port: 6432 });
    postgres.addUser('Core', { role: 'core' });
    const template = Template.fromStack(stack);
    template.resourceCountIs(INSTANCE, 0);
    template.hasResourceProperties(SECRET,
      { GenerateSecretString: Match.objectLike({ SecretStringTemplate: '{"username":"core_a","host":"db.c1.eu-central-1.rds.amazonaws.com","port":6432,"dbname":"core"}' }) });
    template.hasResourceProperties(INGRESS, { GroupId: 'sg-1', FromPort: 6432, ToPort: 6432 });
    expect(configurationIn(template)).toMatchObject({ host: 'db.c1.eu-central-1.rds.amazonaws.com', port: 6432, adminSecretArn: expect.stringMatching(/secret:admin-AbCdEf$/) as string });
  });

  test('refuses a role that somebody has who was brought the same server once more, since all of its databases have the same roles', () => {
    const { stack, postgres, network } = existing();
    postgres.addUser('Core', { role: 'core' });
    const again = (id: string, host: string): IPostgres => SecurePostgres.fromExisting(stack, id, {
      network,
      host,
      database: 'other',
      securityGroup: SecurityGroup.fromSecurityGroupId(stack, `${id}Group`, 'sg-1'),
      adminSecret: Secret.fromSecretCompleteArn(stack, `${id}Admin`, 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:admin-AbCdEf'),
    });
    expect(() => again('Again', 'db.c1.eu-central-1.rds.amazonaws.com').addUser('Core', { role: 'core' })).toThrow('Test/Again/Core: role is "core". Another user has it');
    expect(() => again('Other', 'db.c2.eu-central-1.rds.amazonaws.com').addUser('Core', { role: 'core' })).not.toThrow();
  });

  test('is found by its name, where the network answers for names that it was told', () => {
    const { stack } = existing({ host: 'db.acme.internal', ca: CERTIFICATE });
    Template.fromStack(stack).hasResourceProperties('AWS::Route53Resolver::FirewallDomainList', { Domains: Match.arrayWith(['db.acme.internal']) });
    expect(JSON.stringify(Template.fromStack(existing().stack).findResources('AWS::Route53Resolver::FirewallDomainList'))).not.toContain('db.c1');
  });

  test.each(['db.acme.internal', 'db.c1.rds.cn-north-1.amazonaws.com.cn'])('is asked who vouches for %s, which its name does not say', (host) => {
    expect(() => existing({ host })).toThrow(`Test/Postgres: ca is nothing. Name the authorities that vouch for ${host} as PEM`);
    expect(() => existing({ host, ca: CERTIFICATE })).not.toThrow();
  });

  test('is known by authorities of its own, in a file of its own', () => {
    const { stack, postgres, network } = existing({ ca: CERTIFICATE });
    remoteCore(stack, { network, stores: [postgres.addUser('User', { role: 'core' })] });
    const template = Template.fromStack(stack);
    const { Core: core, Authorities: authorities } = containersIn(template);
    const file = (core?.Environment?.find(({ Name }) => Name === 'PGSSLROOTCERT')?.Value as string).replace('/authorities/', '');
    expect(file).toMatch(/^[0-9a-f]{8}\.pem$/);
    expect(authorities?.Environment).toEqual([{ Name: 'AUTHORITIES', Value: JSON.stringify({ [file]: CERTIFICATE }) }]);
    expect(configurationIn(template)).toMatchObject({ ca: CERTIFICATE, caPath: `/authorities/${file}` });
  });

  test.each<[string, Partial<ExistingPostgresProps>, string]>([
    ['no port', { port: 0 }, 'Test/Postgres: port is 0. Name a port from 1 to 65535.'],
    ['no certificates', { ca: 'amazon' }, 'Test/Postgres: ca is "no list of certificates". Name the authorities as PEM, one or more blocks of -----BEGIN CERTIFICATE-----, and nothing else.'],
    ['more than certificates', { ca: `${CERTIFICATE}-----BEGIN PRIVATE KEY-----\nQUJD\n-----END PRIVATE KEY-----` }, 'ca is "no list of certificates"'],
    ['a database with a blank', { database: 'my core' }, 'Test/Postgres: database is "my core".'],
  ])('is refused with %s', (_, props, message) => {
    expect(() => existing(props)).toThrow(message);
  });
});

describe.each([Size.DEV, Size.STANDARD, Size.PRODUCTION])('of size %s', (size) => {
  test('our own pack and AwsSolutions have nothing to say of it', () => {
    const app = new App();
    const stack = new Stack(app, 'Test', { env: ENV });
    new SecurePostgres(stack, 'Postgres', { network: new PrivateNetwork(stack, 'Network'), size, alarmTopic: alarmTopic(stack) }).addUser('Core', { role: 'core' });
    // Who reads secrets is watched for all of a stack, and by none of its stores.
    expect(judge(treeTemplates(app)).findings.filter(({ logicalId, control }) => logicalId.startsWith('Postgres') && control !== 'SEC-8')).toEqual([]);
    Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
    expect(() => app.synth()).not.toThrow();
  });
});
