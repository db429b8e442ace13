import { App, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { UserPool, UserPoolDomain } from 'aws-cdk-lib/aws-cognito';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Authorizer } from '../../src/authorizer/authorizer';
import { CognitoIssuer, type CognitoIssuerProps } from '../../src/authorizer/cognito-issuer';
import { judge } from '../../src/checks/judge';
import { treeTemplates } from '../../src/checks/tree-templates';
import { SecretAccess } from '../../src/secrets/secret-access';
import { Size } from '../../src/size';
import { alarmTopic } from '../support/remote-core';

const CALLERS = [{ name: 'platform', scopes: ['invoke', 'read'] }, { name: 'batch-jobs', scopes: ['read'] }];

function issuer(props: Partial<CognitoIssuerProps> = {}, stack = new Stack(new App(), 'Stack')): CognitoIssuer {
  return new CognitoIssuer(stack, 'Issuer', { scopes: ['invoke', 'read', 'write'], callers: CALLERS, ...props });
}

interface Joined {
  readonly 'Fn::Join': readonly [string, readonly unknown[]];
}
type Domains = readonly { readonly Properties?: { readonly Domain?: Joined } }[];
type Secrets = readonly { readonly Properties?: { readonly SecretString?: Joined } }[];

const templateOf = (made: CognitoIssuer): Template => Template.fromStack(Stack.of(made));

describe('a Cognito issuer', () => {
  test('builds a user pool that nobody joins by themselves', () => {
    templateOf(issuer()).hasResource('AWS::Cognito::UserPool', {
      Properties: {
        AdminCreateUserConfig: { AllowAdminCreateUserOnly: true },
        MfaConfiguration: 'ON',
        EnabledMfas: ['SOFTWARE_TOKEN_MFA'],
        Policies: { PasswordPolicy: { MinimumLength: 14, RequireLowercase: true, RequireUppercase: true, RequireNumbers: true, RequireSymbols: true, TemporaryPasswordValidityDays: 1 } },
        UserPoolTier: 'PLUS',
        UserPoolAddOns: { AdvancedSecurityMode: 'ENFORCED' },
        DeletionProtection: 'ACTIVE',
      },
      DeletionPolicy: 'Retain',
    });
  });

  test('leaves nothing behind outside production', () => {
    templateOf(issuer({ size: Size.DEV })).hasResource('AWS::Cognito::UserPool', { Properties: { DeletionProtection: 'INACTIVE' }, DeletionPolicy: 'Delete' });
  });

  test('gives every caller a confidential client for client credentials and nothing else', () => {
    const template = templateOf(issuer());
    template.resourceCountIs('AWS::Cognito::UserPoolClient', 2);
    template.hasResourceProperties('AWS::Cognito::UserPoolClient', {
      ClientName: 'platform',
      GenerateSecret: true,
      AllowedOAuthFlows: ['client_credentials'],
      AllowedOAuthFlowsUserPoolClient: true,
      AllowedOAuthScopes: ['invoke', 'read'].map((name) => ({ 'Fn::Join': ['', [{ Ref: Match.stringLikeRegexp('ResourceServer') }, `/${name}`]] })),
      ExplicitAuthFlows: ['ALLOW_REFRESH_TOKEN_AUTH'],
      AccessTokenValidity: 15,
      TokenValidityUnits: { AccessToken: 'minutes' },
      EnableTokenRevocation: true,
      PreventUserExistenceErrors: 'ENABLED',
      CallbackURLs: Match.absent(),
    });
    template.hasResourceProperties('AWS::Cognito::UserPoolClient', { ClientName: 'batch-jobs', AllowedOAuthScopes: [{ 'Fn::Join': ['', [Match.anyValue(), '/read']] }] });
  });

  test('offers the scopes of its resource server', () => {
    const made = issuer({ resourceServer: 'https://core.acme.com' });
    templateOf(made).hasResourceProperties('AWS::Cognito::UserPoolResourceServer', {
      Identifier: 'https://core.acme.com',
      Scopes: [{ ScopeName: 'invoke', ScopeDescription: 'invoke' }, { ScopeName: 'read', ScopeDescription: 'read' }, { ScopeName: 'write', ScopeDescription: 'write' }],
    });
    expect(made.scope('invoke')).toBe('https://core.acme.com/invoke');
  });

  test('issues tokens from the address of its pool', () => {
    const made = issuer();
    const stack = Stack.of(made);
    const pool = { Ref: stack.getLogicalId(made.userPool.node.defaultChild as never) };
    const address = ['https://cognito-idp.', { Ref: 'AWS::Region' }, '.', { Ref: 'AWS::URLSuffix' }, '/', pool];
    expect(stack.resolve(made.issuer)).toEqual({ 'Fn::Join': ['', address] });
    expect(stack.resolve(made.jwksUri)).toEqual({ 'Fn::Join': ['', [...address, '/.well-known/jwks.json']] });
  });

  test('names its domain with letters that Cognito takes, whatever the construct is called', () => {
    const made = new CognitoIssuer(new Stack(new App(), 'AwsStack'), 'AmazonCognito', { scopes: ['invoke'], callers: [{ name: 'platform' }] });
    const uuid = { 'Fn::Select': [2, { 'Fn::Split': ['/', { Ref: 'AWS::StackId' }] }] };
    const [{ Properties: { Domain } = {} } = {}] = Object.values(templateOf(made).findResources('AWS::Cognito::UserPoolDomain')) as Domains;
    const [, parts] = Domain?.['Fn::Join'] ?? [];
    expect(parts).toEqual([expect.stringMatching(/^core-[0-9a-f]{8}-$/), ...[0, 4].map((part) => ({ 'Fn::Select': [part, { 'Fn::Split': ['-', uuid] }] }))]);
  });

  test('takes a given prefix, and asks for tokens there', () => {
    const made = issuer({ domainPrefix: 'acme-core' });
    templateOf(made).hasResourceProperties('AWS::Cognito::UserPoolDomain', { Domain: 'acme-core' });
    expect(Stack.of(made).resolve(made.tokenEndpoint)).toEqual({
      'Fn::Join': ['', ['https://', { Ref: expect.stringMatching(/^IssuerDomain/) as string }, '.auth.', { Ref: 'AWS::Region' }, '.amazoncognito.com/oauth2/token']],
    });
  });
});

describe('an existing user pool', () => {
  test('gets clients and a domain, and stays as it is', () => {
    const stack = new Stack(new App(), 'Stack', { env: { region: 'eu-central-1' } });
    const made = issuer({ userPool: UserPool.fromUserPoolId(stack, 'Pool', 'eu-central-1_Abc') }, stack);
    const template = templateOf(made);
    template.resourceCountIs('AWS::Cognito::UserPool', 0);
    template.resourceCountIs('AWS::Cognito::UserPoolDomain', 1);
    template.allResourcesProperties('AWS::Cognito::UserPoolClient', { UserPoolId: 'eu-central-1_Abc' });
    expect(stack.resolve(made.issuer)).toEqual({ 'Fn::Join': ['', ['https://cognito-idp.eu-central-1.', { Ref: 'AWS::URLSuffix' }, '/eu-central-1_Abc']] });
  });

  test.each([['acme', 'https://acme.auth.eu-central-1.amazoncognito.com/oauth2/token'], ['login.acme.com', 'https://login.acme.com/oauth2/token']])('keeps its domain %s', (domain, endpoint) => {
    const stack = new Stack(new App(), 'Stack', { env: { region: 'eu-central-1' } });
    const made = issuer({ userPool: UserPool.fromUserPoolId(stack, 'Pool', 'eu-central-1_Abc'), userPoolDomain: UserPoolDomain.fromDomainName(stack, 'Domain', domain) }, stack);
    templateOf(made).resourceCountIs('AWS::Cognito::UserPoolDomain', 0);
    expect(made.tokenEndpoint).toBe(endpoint);
  });
});

describe('the secret of a caller', () => {
  test('is not there until somebody asks for it', () => {
    templateOf(issuer()).resourceCountIs('AWS::SecretsManager::Secret', 0);
  });

  test('goes from Cognito to Secrets Manager, by reference', () => {
    const made = issuer({ domainPrefix: 'acme' });
    expect(made.clientSecret('platform')).toBe(made.clientSecret('platform'));
    const [{ Properties: { SecretString } = {} } = {}] = Object.values(templateOf(made).findResources('AWS::SecretsManager::Secret')) as Secrets;
    const [, text = []] = SecretString?.['Fn::Join'] ?? [];
    const client = Stack.of(made).getLogicalId(made.client('platform').node.defaultChild as never);
    expect(text).toContainEqual({ 'Fn::GetAtt': [client, 'ClientSecret'] });
    expect(text.filter((part) => typeof part === 'string').join('')).toMatch(/^\{"client_id":"","client_secret":"","token_endpoint":"https:\/\/.*","scope":"core\/invoke core\/read"\}$/);
  });

  test('is encrypted with a given key', () => {
    const stack = new Stack(new App(), 'Stack');
    const key = new Key(stack, 'Key');
    issuer({ encryptionKey: key }, stack).clientSecret('platform');
    Template.fromStack(stack).hasResourceProperties('AWS::SecretsManager::Secret', { KmsKeyId: stack.resolve(key.keyArn) as unknown });
  });

  test('is read by whom it is granted, who reads no other', () => {
    const made = issuer();
    const stack = Stack.of(made);
    const role = new Role(stack, 'Platform', { assumedBy: new ServicePrincipal('ecs-tasks.amazonaws.com') });
    made.clientSecret('batch-jobs');
    made.grantClientSecret('platform', role);
    Template.fromStack(stack).hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: [
          {
            Effect: 'Allow',
            Action: 'kms:Decrypt',
            Resource: { 'Fn::GetAtt': [Match.stringLikeRegexp('^IssuerSecretsKey'), 'Arn'] },
            Condition: { StringEquals: { 'kms:ViaService': { 'Fn::Join': ['', ['secretsmanager.', { Ref: 'AWS::Region' }, '.amazonaws.com']] } } },
          },
          { Effect: 'Allow', Action: ['secretsmanager:GetSecretValue', 'secretsmanager:DescribeSecret'], Resource: { Ref: Match.stringLikeRegexp('^IssuerSecretsplatform') } },
        ],
      },
    });
  });

  test('is encrypted with one key of the issuer\'s own where none is given, and says why nothing renews it', () => {
    const made = issuer();
    made.clientSecret('platform');
    made.clientSecret('batch-jobs');
    const template = templateOf(made);
    template.resourceCountIs('AWS::KMS::Key', 1);
    template.allResources('AWS::SecretsManager::Secret', {
      Properties: { KmsKeyId: { 'Fn::GetAtt': [Match.stringLikeRegexp('^IssuerSecretsKey'), 'Arn'] } },
      Metadata: { 'cdk-secure-core:rotation-exempt': Match.stringLikeRegexp('a second caller') },
    });
  });

  test('raises no finding once its reads are watched', () => {
    const made = issuer();
    const clientSecret = made.clientSecret('platform');
    const rulesThatFind = (): string[] => judge(treeTemplates(Stack.of(made).node.root)).findings.map(({ rule, message }) => `${rule} ${message}`);
    expect(rulesThatFind()).toEqual([expect.stringMatching(/^SEC-8\.reads /)]);
    const stack = Stack.of(made);
    const readers = [new Role(stack, 'Reader', { assumedBy: new ServicePrincipal('ecs-tasks.amazonaws.com') })];
    new SecretAccess(stack, 'Access', { secrets: [clientSecret], readers, alarmTopic: alarmTopic(stack) });
    expect(rulesThatFind()).toEqual([]);
  });
});

describe('a wrong issuer', () => {
  const pool = (stack: Stack) => UserPool.fromUserPoolId(stack, 'Pool', 'eu-central-1_Abc');
  const stack = new Stack(new App(), 'Other');
  test.each<[string, Partial<CognitoIssuerProps>, string]>([
    ['scopes', { scopes: [] }, 'at least one scope'],
    ['scopes', { scopes: ['a/b'] }, 'without blanks, slashes'],
    ['scopes', { scopes: ['invoke', 'invoke', 'read'] }, 'Name it once'],
    ['resourceServer', { resourceServer: 'the core' }, 'without blanks'],
    ['callers', { callers: [] }, '1 to 10 callers'],
    ['callers', { callers: Array.from({ length: 11 }, (_, index) => ({ name: `caller-${index}` })) }, '1 to 10 callers'],
    ['callers', { callers: [{ name: 'Platform' }] }, 'lower-case letters'],
    ['callers', { scopes: ['invoke'], callers: [{ name: 'platform' }, { name: 'platform' }] }, 'Name it once'],
    ['callers.platform.scopes', { callers: [{ name: 'platform', scopes: ['admin'] }] }, "Name some of the issuer's scopes: invoke, read, write."],
    ['callers.platform.scopes', { callers: [{ name: 'platform', scopes: [] }] }, 'at least one scope'],
    ['callers.platform.scopes', { callers: [{ name: 'platform' }] }, 'Name those of invoke, read, write that it needs, and no more (AZN-6).'],
    ...['Acme', 'aws-core', 'my-amazon', 'cognito1', '-core', 'core-', 'a'.repeat(64), '']
      .map((domainPrefix): [string, Partial<CognitoIssuerProps>, string] => ['domainPrefix', { domainPrefix }, 'without the words aws']),
    ['domainPrefix', { domainPrefix: 'acme', userPool: pool(stack), userPoolDomain: UserPoolDomain.fromDomainName(stack, 'Domain', 'acme') }, 'userPoolDomain is the domain'],
    ['userPool', { userPoolDomain: UserPoolDomain.fromDomainName(stack, 'Alone', 'acme') }, 'Name the user pool'],
  ])('is refused for its %s (%#)', (prop, wrong, todo) => {
    expect(() => issuer(wrong)).toThrow(`Stack/Issuer: ${prop} is `);
    expect(() => issuer(wrong)).toThrow(todo);
  });

  test('is asked for a scope or a caller that it does not know', () => {
    expect(() => issuer().scope('admin')).toThrow("Stack/Issuer: scope is \"admin\". Name one of the issuer's scopes: invoke, read, write.");
    expect(() => issuer().client('nobody')).toThrow("caller is \"nobody\". Name one of the issuer's callers: platform, batch-jobs.");
    expect(() => Authorizer.cognito(issuer(), { scope: 'admin' })).toThrow('scope is "admin"');
  });
});
