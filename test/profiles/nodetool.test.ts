import { App, Stack } from 'aws-cdk-lib';
import { Match, type Template } from 'aws-cdk-lib/assertions';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Access, AssetBucket, BackupCopy, ErrorTracking, JwtAlgorithm, LlmProvider, MasterKey, type ProfiledCore, Route, SecureMemcached, SecurePostgres, Size, Telemetry } from '../../src';
import { variablesOf } from '../../src/profiles/variables';
import { faultsIn } from '../../src/profiles/variables/judge';
import { containersIn, gateOf } from '../support/gate';
import { ENV } from '../support/network-stack';
import { CLIENT_ID, keyOf, networkIn, nodetool, PROJECT, secretOf, staticToken, supabase, whole } from '../support/nodetool';
import { findingsOf, profiled, templateOf, toldTo } from '../support/profiled-core';
import { JWT } from '../support/remote-core';

/** What the table says a profile writes. */
const tabled = (...emissions: readonly string[]): string[] => variablesOf('nodetool').filter(({ emission }) => emissions.includes(emission)).map(({ name }) => name);
/** What stores say beside the table. */
const COINED = ['DATABASE_URL', 'PGSSLMODE', 'PGSSLROOTCERT', 'POSTGRES_SSLMODE', 'POSTGRES_SSLROOTCERT'];

/** What the judge of variables has to say. */
function faultsAt(template: Template, choices: readonly string[] = []): unknown {
  const told = Object.entries(toldTo(template)).map(([name, text]) => [name, text === 'secret' ? { isSecret: true } : { isSecret: false, ...(text !== 'deployed' && { text }) }] as const);
  return faultsIn('nodetool', new Map(told), { choices });
}

const targetsOf = (template: Template): string[] => Object.values(template.findResources('AWS::NetworkFirewall::RuleGroup'))
  .flatMap(({ Properties }) => (Properties as { RuleGroup: { RulesSource: { RulesSourceList?: { Targets: string[] } } } }).RuleGroup.RulesSource.RulesSourceList?.Targets ?? []);

/** Where backups are copied to is somebody's choice, of which the pack warns. */
const findingsButCopies = (core: ProfiledCore): string[] => findingsOf(core).filter((finding) => !finding.startsWith('warning BDR-3.copy'));

interface Policy {
  readonly Roles: readonly unknown[];
  readonly PolicyDocument: { readonly Statement: readonly { readonly Action: string | readonly string[]; readonly Resource: unknown }[] };
}

/** How many stores each plan backs up. */
const backedUp = (template: Template): number[] => Object.values(template.findResources('AWS::Backup::BackupSelection'))
  .map(({ Properties }) => (Properties as { BackupSelection: { Resources: unknown[] } }).BackupSelection.Resources.length).sort();

describe('What Profile.nodetool tells its container', () => {
  test('is what the table always asks for, with its login, where nothing else is declared', () => {
    const template = templateOf(profiled(nodetool()));
    const told = toldTo(template);
    expect(Object.keys(told).sort()).toEqual([...tabled('always'), 'SUPABASE_KEY', 'SUPABASE_URL', ...COINED].sort());
    expect(told).toMatchObject({
      ENV: 'production', DEBUG: 'false', LOG_LEVEL: 'INFO', AUTH_PROVIDER: 'supabase', SUPABASE_URL: PROJECT, SUPABASE_KEY: 'secret', POSTGRES_DB: 'nodetool', POSTGRES_PORT: '5432',
      POSTGRES_USER: 'secret', POSTGRES_PASSWORD: 'secret', S3_REGION: 'eu-central-1',
    });
    expect(faultsAt(template)).toEqual([]);
  });

  test('is all of the table but what nobody writes, where everything is declared, each in its place and once', () => {
    const sentry = secretOf(new Stack(), 'sentry');
    const template = templateOf(profiled(nodetool(whole), {
      container: {
        telemetry: Telemetry.otlp({ endpoint: 'https://otel.acme.com:4317', serviceName: 'nodetool-api' }),
        errorTracking: ErrorTracking.sentry({ dsn: sentry, host: 'o1.ingest.sentry.io' }),
      },
    }));
    const told = toldTo(template);
    expect(Object.keys(told).sort()).toEqual([...tabled('always', 'by-props'), ...COINED].sort());
    expect(told).toMatchObject({ LOG_LEVEL: 'WARNING', GITHUB_CLIENT_ID: CLIENT_ID, GITHUB_CLIENT_SECRET: 'secret', MEMCACHE_PORT: '11211', OTEL_SERVICE_NAME: 'nodetool-api' });
    expect(faultsAt(template)).toEqual([]);
    const { Environment = [], Secrets = [] } = containersIn(template).Core ?? {};
    const placed = [...Environment.map(({ Name }) => [Name, 'environment'] as const), ...Secrets.map(({ Name }) => [Name, 'secrets'] as const)];
    expect(new Set(placed.map(([name]) => name)).size).toBe(placed.length);
    const places = new Map(variablesOf('nodetool').map(({ name, place }) => [name, place]));
    expect(placed.filter(([name, place]) => ![place, 'either', undefined].includes(places.get(name)))).toEqual([]);
  });

  test('says in plain sight what a static token is read from, and why there is one', () => {
    const core = profiled(nodetool((stack) => ({ auth: staticToken(stack) })));
    const template = templateOf(core);
    const told = toldTo(template);
    expect(Object.keys(told).sort()).toEqual([...tabled('always'), 'NODETOOL_API_TOKEN', ...COINED].sort());
    expect(told).toMatchObject({ AUTH_PROVIDER: 'static', NODETOOL_API_TOKEN: 'secret' });
    const choices = ['static-token:NODETOOL_API_TOKEN', 'static-reason:Only batch jobs of one team call it.'];
    expect(faultsAt(template, choices)).toEqual([]);
    template.hasResource('AWS::ECS::TaskDefinition', { Metadata: { 'cdk-secure-core:profile': { name: 'nodetool', environment: 'production', container: 'Core', choices } } });
    expect(findingsButCopies(core)).toEqual([]);
  });
});

describe('What callers of NodeTool have to show', () => {
  test('is a token of the project, verified by load balancer and gate, and passed on', () => {
    const template = templateOf(profiled(nodetool(whole)));
    const { identity, core, policy, cors } = gateOf(template).configuration;
    expect(identity.accept).toEqual([['token']]);
    expect(identity.tokens).toEqual([expect.objectContaining({ issuer: `${PROJECT}/auth/v1`, algorithms: ['RS256'], claims: [{ name: 'aud', values: ['authenticated'] }] })]);
    expect(identity.tokens[0]?.keys.uri).toBe(`${PROJECT}/auth/v1/.well-known/jwks.json`);
    expect(core.passes).toEqual({ proof: 'token' });
    expect(core.keyHeader).toBeUndefined();
    expect(policy.routes).toEqual([{ method: 'ANY', path: '/', subtree: true, access: { kind: 'authenticated' }, tier: 'light', streams: false }]);
    expect(cors?.origins).toEqual(['https://app.acme.com']);
    template.hasResourceProperties('AWS::ElasticLoadBalancingV2::ListenerRule', { Actions: Match.arrayWith([Match.objectLike({ Type: 'jwt-validation' })]) });
  });

  test('is a token that the gate alone verifies where the project signs by ES256, on paths that are spelled out', () => {
    const template = templateOf(profiled(nodetool((stack) => ({
      auth: supabase(stack, { algorithm: JwtAlgorithm.ES256 }), routes: [Route.post('/api/jobs', { access: Access.authenticated() })], webSocketPath: '/ws',
    }))));
    const { identity, policy } = gateOf(template).configuration;
    expect(identity.tokens[0]?.algorithms).toEqual(['ES256']);
    expect(policy.routes.map(({ method, path, streams }) => [method, path, streams])).toEqual([['GET', '/ws', true], ['POST', '/api/jobs', false]]);
    expect(Object.keys(template.findResources('AWS::ElasticLoadBalancingV2::ListenerRule', { Properties: { Actions: Match.arrayWith([Match.objectLike({ Type: 'jwt-validation' })]) } }))).toEqual([]);
  });

  test('is the edge\'s token, while NodeTool is shown its own by the gate, which is the same secret', () => {
    const template = templateOf(profiled(nodetool((stack) => ({ auth: staticToken(stack) }))));
    const { identity, core } = gateOf(template).configuration;
    expect(identity.tokens.map(({ issuer }) => issuer)).toEqual([JWT.issuer]);
    expect(core.passes).toBeUndefined();
    expect(core.keyHeader).toBe('authorization');
    const { Core, Gate } = containersIn(template);
    const own = Core?.Secrets?.find(({ Name }) => Name === 'NODETOOL_API_TOKEN')?.ValueFrom;
    expect(JSON.stringify(own)).toContain(':current::');
    expect(Gate?.Secrets?.map(({ ValueFrom }) => ValueFrom)).toContainEqual(own);
  });
});

describe('What NodeTool asks by itself', () => {
  test('is its project, its providers and GitHub, and nobody else', () => {
    expect(targetsOf(templateOf(profiled(nodetool())))).toEqual(['abcdefgh.supabase.co']);
    const more = templateOf(profiled(nodetool((stack) => ({
      providerKeys: [keyOf(stack, LlmProvider.OPENAI)], github: { clientId: CLIENT_ID, clientSecret: secretOf(stack, 'github') },
    }))));
    expect(targetsOf(more)).toEqual(['abcdefgh.supabase.co', 'api.github.com', 'api.openai.com', 'github.com']);
  });

  test('is nobody with a static token, so that there is no firewall', () => {
    templateOf(profiled(nodetool((stack) => ({ auth: staticToken(stack) })))).resourceCountIs('AWS::NetworkFirewall::Firewall', 0);
  });
});

describe('Where NodeTool keeps what it keeps', () => {
  test('is made for it, and backed up with its gate', () => {
    const core = profiled(nodetool());
    const template = templateOf(core);
    template.hasResourceProperties('AWS::RDS::DBInstance', { DBName: 'nodetool' });
    expect(JSON.stringify(template.findResources('AWS::SecretsManager::Secret'))).toContain('nodetool_user_a');
    expect(Object.entries(core.parts).filter(([, part]) => part !== undefined).map(([name]) => name).sort()).toEqual(['assets', 'backups', 'postgres']);
    expect(backedUp(template)).toEqual([1, 3]);
  });

  test('is brought, in which case a database of somebody else\'s is not backed up', () => {
    const core = profiled(nodetool((stack) => {
      const network = networkIn(stack);
      const [securityGroup] = new SecureMemcached(stack, 'Memcached', { network }).connections.securityGroups;
      if (!securityGroup) throw new Error('A cache has a security group.');
      return {
        postgres: SecurePostgres.fromExisting(stack, 'Postgres', {
          network, host: 'nodetool.abcdefgh.eu-central-1.rds.amazonaws.com', database: 'workflows', securityGroup, adminSecret: Secret.fromSecretNameV2(stack, 'Admin', 'production/admin'),
        }),
        assets: new AssetBucket(stack, 'Assets'),
        backupCopy: BackupCopy.toVaultArn('arn:aws:backup:eu-west-1:111122223333:backup-vault:copies'),
      };
    }));
    const template = templateOf(core);
    expect(toldTo(template)).toMatchObject({ POSTGRES_DB: 'workflows', POSTGRES_HOST: 'nodetool.abcdefgh.eu-central-1.rds.amazonaws.com' });
    template.resourceCountIs('AWS::RDS::DBInstance', 0);
    expect(JSON.stringify(template.findResources('AWS::Backup::BackupPlan'))).toContain('arn:aws:backup:eu-west-1:111122223333:backup-vault:copies');
    expect(backedUp(template)).toEqual([1, 2]);
  });

  test('is read with a key whose name it is told, which its role alone may read, and for which it waits', () => {
    const core = profiled(nodetool());
    const template = templateOf(core);
    const [id = ''] = Object.keys(template.findResources('AWS::SecretsManager::Secret', { Properties: { Name: Match.stringLikeRegexp('^production/.*/MasterKey$') } }));
    const readers = Object.values(template.findResources('AWS::IAM::Policy')).map(({ Properties }) => Properties as Policy).filter(({ PolicyDocument }) => PolicyDocument.Statement
      .some(({ Action, Resource }) => [Action].flat().includes('secretsmanager:GetSecretValue') && JSON.stringify(Resource).includes(`"${id}"`)));
    const [task] = Object.values(template.findResources('AWS::ECS::TaskDefinition')) as { Properties: { TaskRoleArn: { 'Fn::GetAtt': [string, string] } } }[];
    expect(readers.map(({ Roles }) => Roles)).toEqual([[{ Ref: task?.Properties.TaskRoleArn['Fn::GetAtt'][0] }]]);
    const [service] = Object.values(template.findResources('AWS::ECS::Service')) as { DependsOn: string[] }[];
    expect(service?.DependsOn).toEqual(expect.arrayContaining(Object.keys(template.findResources('Custom::SecureCoreMasterKey'))));
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmDescription: Match.stringLikeRegexp('^Somebody unexpected read a secret of .*/Core: .*/Core/MasterKeyAccess'), AlarmActions: Match.anyValue(),
    });
  });
});

test('a master key of a stack of its own is read all the same, and no stack waits for one that waits for it', () => {
  const core = profiled(nodetool((stack) => {
    const keys = new Stack(App.of(stack), 'Keys', { env: ENV });
    return { masterKey: new MasterKey(keys, 'MasterKey', { environment: 'production', backupAttestation: 'A sealed copy lies in the safe of the bank.' }) };
  }));
  expect(toldTo(templateOf(core))).toHaveProperty('AWS_SECRETS_MASTER_KEY_NAME');
  expect(Stack.of(core).dependencies.map(({ stackName }) => stackName)).toEqual(['Keys']);
});

test.each([Size.DEV, Size.STANDARD, Size.PRODUCTION])('the pack has nothing to say of %s', (size) => {
  expect(findingsButCopies(profiled(nodetool(whole), { size }))).toEqual([]);
});
