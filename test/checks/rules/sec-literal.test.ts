import { App, CfnParameter, CfnResource, Fn, SecretValue, Stack } from 'aws-cdk-lib';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { CfnUser } from 'aws-cdk-lib/aws-elasticache';
import { Credentials, DatabaseInstance, DatabaseInstanceEngine, PostgresEngineVersion } from 'aws-cdk-lib/aws-rds';
import { CfnSecret, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { judge } from '../../../src/checks/judge';
import { treeTemplates } from '../../../src/checks/tree-templates';
import { rawTask } from '../../support/containers';
import { deployTimeValue, httpsListener } from '../../support/load-balancing';
import { template } from '../../support/templates';
import type { JsonMap, Template } from '../../../src/checks/template/template';
import { describeRule } from '../../support/rule-cases';
import { DYNAMIC_REFERENCE, fn } from '../../support/secrets';

function database(stack: Stack, credentials: Credentials): DatabaseInstance {
  return new DatabaseInstance(stack, 'Database', { engine: DatabaseInstanceEngine.postgres({ version: PostgresEngineVersion.VER_17_5 }), vpc: new Vpc(stack, 'Vpc'), credentials });
}

/** A listener that signs users in with a client secret. */
function signIn(stack: Stack, clientSecret: string): void {
  httpsListener(stack, {
    defaultActions: [{
      type: 'authenticate-oidc',
      order: 1,
      authenticateOidcConfig: {
        issuer: 'https://issuer.example',
        authorizationEndpoint: 'https://issuer.example/authorize',
        tokenEndpoint: 'https://issuer.example/token',
        userInfoEndpoint: 'https://issuer.example/userinfo',
        clientId: 'core',
        clientSecret,
      },
    }],
  });
}

function user(stack: Stack, props: object): CfnUser {
  return new CfnUser(stack, 'User', { engine: 'valkey', userId: 'core', userName: 'core', ...props });
}

const raw = (stack: Stack, type: string, properties: Record<string, unknown>): CfnResource => new CfnResource(stack, 'Raw', { type, properties });

/** A secret whose text is a parameter with this default. */
const declared = (stack: Stack, byDefault: string): CfnSecret => new CfnSecret(stack, 'Secret', { secretString: new CfnParameter(stack, 'Value', { default: byDefault, noEcho: true }).valueAsString });

/** Types that take a password, and the property that holds it. */
const OTHER_TYPES = [
  ['AWS::RDS::DBCluster', 'MasterUserPassword'], ['AWS::DocDB::DBCluster', 'MasterUserPassword'], ['AWS::ElastiCache::ReplicationGroup', 'AuthToken'],
  ['AWS::Redshift::Cluster', 'MasterUserPassword'], ['AWS::DMS::Endpoint', 'Password'],
] as const;

describeRule('SEC-1.literal', {
  compliant: {
    'a secret that is generated': (stack) => new Secret(stack, 'Secret'),
    'a database with a generated password': (stack) => database(stack, Credentials.fromGeneratedSecret('core')),
    'a database with a password by dynamic reference': (stack) => database(stack, Credentials.fromPassword('core', SecretValue.secretsManager('core/db'))),
    'a secret that the deployer gives': (stack) => new CfnSecret(stack, 'Secret', { secretString: new CfnParameter(stack, 'Value', { noEcho: true }).valueAsString }),
    'fields that a deployment fills in': (stack) => new Secret(stack, 'Secret', {
      secretObjectValue: { host: SecretValue.unsafePlainText(Fn.importValue('DbHost')), user: SecretValue.unsafePlainText('core'), password: SecretValue.secretsManager('core/db') },
    }),
    'a secret whose default is empty': (stack) => declared(stack, ''),
    'a secret that a parameter of the account holds': (stack) => new CfnSecret(stack, 'Secret', { secretString: '{{resolve:ssm:/core/db}}' }),
    'fields that a deployment fills in, written with blanks': (stack) =>
      new CfnSecret(stack, 'Secret', { secretString: `{ "username": "core", "password": "${deployTimeValue(stack)}" }` }),
    'a client secret by dynamic reference': (stack) => signIn(stack, DYNAMIC_REFERENCE),
    'a user with passwords by dynamic reference': (stack) => user(stack, { passwords: [DYNAMIC_REFERENCE] }),
  },
  violating: {
    'a secret in plain text': {
      build: (stack) => new Secret(stack, 'Secret', { secretStringValue: SecretValue.unsafePlainText('hunter2') }),
      message: /is written out in the template/,
      severity: 'error',
    },
    'a secret whose parameter has a default': {
      build: (stack) => new CfnSecret(stack, 'Secret', { secretString: new CfnParameter(stack, 'Value', { default: 'hunter2', noEcho: true }).valueAsString }),
      message: /has a default that is written out in the template/,
    },
    'a password of a broker': { build: (stack) => raw(stack, 'AWS::AmazonMQ::Broker', { Users: [{ Password: DYNAMIC_REFERENCE }, { Password: 'hunter2' }] }), message: /is written out/ },
    'a password of a search domain': {
      build: (stack) => raw(stack, 'AWS::OpenSearchService::Domain', { AdvancedSecurityOptions: { MasterUserOptions: { MasterUserPassword: 'hunter2' } } }),
      message: /is written out/,
    },
    'a password of a user of the account': { build: (stack) => raw(stack, 'AWS::IAM::User', { LoginProfile: { Password: 'hunter2' } }), message: /is written out/ },
    'a password in plain text beside fields that a deployment fills in': {
      build: (stack) => new Secret(stack, 'Secret', {
        secretObjectValue: { host: SecretValue.unsafePlainText(Fn.importValue('DbHost')), password: SecretValue.unsafePlainText('hunter2') },
      }),
      message: /has password written out/,
    },
    'a password in plain text beside a dynamic reference': {
      build: (stack) => new CfnSecret(stack, 'Secret', { secretString: `{"password":"hunter2","key":"${DYNAMIC_REFERENCE}"}` }),
      message: /has password written out/,
    },
    'a database password in plain text': { build: (stack) => database(stack, Credentials.fromPassword('core', SecretValue.unsafePlainText('hunter2'))), message: /is written out/ },
    ...Object.fromEntries(OTHER_TYPES.map(([type, property]) => [
      `${property} of ${type}`, { build: (stack: Stack) => new CfnResource(stack, 'Raw', { type, properties: { [property]: 'hunter2' } }), message: /is written out/ },
    ])),
    'one of two passwords of a user': { build: (stack) => user(stack, { passwords: [DYNAMIC_REFERENCE, 'hunter2'] }), message: /is written out/ },
    'a password of a user by the newer property': { build: (stack) => user(stack, { authenticationMode: { Type: 'password', Passwords: ['hunter2'] } }), message: /is written out/ },
    'a client secret in plain text': { build: (stack) => signIn(stack, 'hunter2'), message: /is written out/ },
  },
  override: {
    build: (stack) => {
      const { defaultChild } = database(stack, Credentials.fromGeneratedSecret('core')).node;
      if (CfnResource.isCfnResource(defaultChild)) defaultChild.addPropertyOverride('MasterUserPassword', 'hunter2');
    },
    message: /is written out/,
  },
  raw: { build: (stack) => new CfnResource(stack, 'Raw', { type: 'AWS::SecretsManager::Secret', properties: { SecretString: 'hunter2' } }), message: /is written out/ },
  undecidable: {
    'a secret that is a literal and a parameter': (stack) => new CfnSecret(stack, 'Secret', { secretString: `prefix-${deployTimeValue(stack)}` }),
    'passwords of which one is so': (stack) => user(stack, { passwords: [`prefix-${deployTimeValue(stack)}`] }),
  },
  notApplicable: { 'a listener that signs nobody in': (stack) => httpsListener(stack) },
});

const CANARY = 'canary-5d0c2b';

describe('a secret value', () => {
  test('is repeated by no finding', () => {
    const app = new App();
    const stack = new Stack(app, 'Stack');
    const values = [CANARY, `sk-${CANARY}${CANARY}`, `postgres://core:${CANARY}@db`, `{{resolve:ssm-secure:/${CANARY}:1}}`];
    const entries = ['HF_TOKEN', 'SETTING'].flatMap((Name) => values.map((Value) => ({ Name, Value })));
    rawTask(stack, {
      Environment: [
        ...entries,
        { Name: { Nested: CANARY }, Value: CANARY },
        { Name: 'HF_TOKEN', Value: { Nested: [CANARY] } },
        { Name: 'HF_TOKEN', Value: { 'Fn::Join': ['', [CANARY, { Ref: 'AWS::Region' }]] } },
      ],
      Command: [`--api-key=${CANARY}`, `sk-${CANARY}${CANARY}`, { Nested: CANARY }],
      DockerLabels: { 'example.token': CANARY },
      LogConfiguration: { LogDriver: 'splunk', Options: { 'splunk-token': CANARY } },
    });
    fn(stack, { HF_TOKEN: CANARY, SETTING: `sk-${CANARY}${CANARY}` });
    new CfnSecret(stack, 'Literal', { secretString: CANARY });
    new CfnSecret(stack, 'Partial', { secretString: `${CANARY}${deployTimeValue(stack)}` });
    new CfnSecret(stack, 'Fields', { secretString: `{"password":"${CANARY}","host":"${Fn.importValue('DbHost')}"}` });
    new CfnResource(stack, 'Map', { type: 'AWS::SecretsManager::Secret', properties: { SecretString: { password: CANARY } } });
    user(stack, { passwords: [CANARY] });
    signIn(stack, CANARY);
    const { findings } = judge(treeTemplates(app));
    expect(findings.filter(({ control }) => control === 'SEC-1').length).toBeGreaterThan(18);
    expect(JSON.stringify(findings)).not.toContain(CANARY);
  });
});

describe('a value that the deployer gives', () => {
  const secretOf = (declaration: JsonMap): Template => template(
    { Secret: { Type: 'AWS::SecretsManager::Secret', Properties: { SecretString: { Ref: 'Value' } } } },
    { Parameters: { Value: { Type: 'String', ...declaration } } },
  );
  const found = (declaration: JsonMap): string[] => judge([secretOf(declaration)], { parameters: new Map([['Value', CANARY]]) }).findings
    .filter(({ rule }) => rule.startsWith('SEC-1')).map(({ rule }) => rule);

  test.each<[string, JsonMap]>([['with NoEcho', { NoEcho: true }], ['without it', {}], ['instead of a default', { Default: '' }]])('is not in the template, %s', (_, declaration) => {
    expect(found(declaration)).toEqual([]);
  });
});
