import { App, CfnParameter, Duration, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { type CfnUserPoolClient, type IUserPoolClient, UserPool, UserPoolClient, UserPoolDomain } from 'aws-cdk-lib/aws-cognito';
import { ApplicationListenerRule, ListenerAction, ListenerCondition } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { AdminSession, type OidcAdminSessionProps } from '../../src/authorizer/admin-session';
import { AdminUsers, type AdminUsersProps } from '../../src/authorizer/admin-users';
import { judge } from '../../src/checks/judge';
import { treeTemplates } from '../../src/checks/tree-templates';
import { Size } from '../../src/size';
import { albListener } from '../support/alb';

/** What a value comes down to in a template. */
const resolved = (stack: Stack, value: unknown): unknown => stack.resolve(value);

const newStack = (): Stack => new Stack(new App(), 'Stack', { env: { region: 'eu-central-1' } });
const users = (stack: Stack, props: Partial<AdminUsersProps> = {}): AdminUsers => new AdminUsers(stack, 'Admins', { domainName: 'core.acme.com', ...props });

function oidc(stack: Stack, props: Partial<OidcAdminSessionProps> = {}): AdminSession {
  return AdminSession.oidc({
    issuer: 'https://login.acme.com',
    authorizationEndpoint: 'https://login.acme.com/authorize',
    tokenEndpoint: 'https://login.acme.com/token',
    userInfoEndpoint: 'https://who.acme.com/me',
    clientId: 'core-admin',
    clientSecret: Secret.fromSecretNameV2(stack, 'Secret', 'core-admin'),
    ...props,
  });
}

/** A listener with the session before a rule. */
function behind(stack: Stack, session: AdminSession, gate: 'guard' | 'refuse' = 'guard'): Template {
  new ApplicationListenerRule(stack, 'Admin', {
    listener: albListener(stack), priority: 1, conditions: [ListenerCondition.pathPatterns(['/admin', '/admin/*'])],
    action: session._bind(stack, 'core.acme.com')[gate](ListenerAction.fixedResponse(200)),
  });
  return Template.fromStack(stack);
}

const COMMON = { Scope: 'openid', SessionCookieName: 'SecureCoreAdmin', SessionTimeout: 3600, OnUnauthenticatedRequest: 'authenticate' };

describe('AdminSession.cognito', () => {
  test('logs administrators in at their pool', () => {
    const stack = newStack();
    const admins = users(stack);
    behind(stack, AdminSession.cognito(admins)).hasResourceProperties('AWS::ElasticLoadBalancingV2::ListenerRule', {
      Actions: [
        {
          Type: 'authenticate-cognito', Order: 1,
          AuthenticateCognitoConfig: {
            ...COMMON,
            UserPoolArn: resolved(stack, admins.userPool.userPoolArn),
            UserPoolClientId: resolved(stack, admins.userPoolClient.userPoolClientId),
            UserPoolDomain: resolved(stack, admins.userPoolDomain.domainName),
          },
        },
        Match.objectLike({ Type: 'fixed-response', Order: 2 }),
      ],
    });
  });

  test('takes people who are there already', () => {
    const stack = newStack();
    const session = AdminSession.cognito({
      userPool: UserPool.fromUserPoolId(stack, 'Pool', 'eu-central-1_Abc'),
      userPoolClient: UserPoolClient.fromUserPoolClientId(stack, 'Client', 'client'),
      userPoolDomain: UserPoolDomain.fromDomainName(stack, 'Domain', 'acme'),
      sessionTimeout: Duration.hours(8),
      cookieName: 'AcmeAdmin',
    });
    expect(session._hosts).toEqual(['acme.auth.eu-central-1.amazoncognito.com']);
    behind(stack, session).hasResourceProperties('AWS::ElasticLoadBalancingV2::ListenerRule', {
      Actions: Match.arrayWith([Match.objectLike({
        AuthenticateCognitoConfig: { ...COMMON, SessionTimeout: 28_800, SessionCookieName: 'AcmeAdmin', UserPoolClientId: 'client', UserPoolDomain: 'acme', UserPoolArn: Match.anyValue() },
      })]),
    });
  });

  test('has the load balancer ask the domain of the pool', () => {
    const stack = newStack();
    expect(resolved(stack, AdminSession.cognito(users(stack, { domainPrefix: 'acme' }))._hosts)).toEqual(['acme.auth.eu-central-1.amazoncognito.com']);
  });

  test('has it ask for any prefix where only a deployment knows it, and for the whole name of a domain of one\'s own', () => {
    const stack = newStack();
    expect(AdminSession.cognito(users(stack))._hosts).toEqual(['.auth.eu-central-1.amazoncognito.com']);
    const userPool = new UserPool(stack, 'Own');
    const certificate = Certificate.fromCertificateArn(stack, 'Certificate', 'arn:aws:acm:us-east-1:111122223333:certificate/6a4f1e0c-2b3d-4c5e-8f90-a1b2c3d4e5f6');
    const userPoolDomain = userPool.addDomain('Domain', { customDomain: { domainName: 'login.acme.com', certificate } });
    expect(AdminSession.cognito({ userPool, userPoolDomain, userPoolClient: userPool.addClient('Client') })._hosts).toEqual(['login.acme.com']);
  });

  test('leaves the egress to the ingress', () => {
    const stack = newStack();
    behind(stack, AdminSession.cognito(users(stack))).hasResourceProperties('AWS::EC2::SecurityGroup', { SecurityGroupEgress: [Match.objectLike({ CidrIp: '255.255.255.255/32' })] });
  });

  test('keeps the pack content', () => {
    const stack = newStack();
    behind(stack, AdminSession.cognito(users(stack)));
    const { findings } = judge(treeTemplates(stack.node.root));
    expect(findings.filter(({ control }) => /^(IDN|SEC)-/.test(control)).map(({ rule, message }) => `${rule} ${message}`)).toEqual([]);
  });
});

describe('people who may see the admin plane', () => {
  test('are invited, have a second factor and long passwords', () => {
    const stack = newStack();
    users(stack);
    Template.fromStack(stack).hasResource('AWS::Cognito::UserPool', {
      Properties: {
        AdminCreateUserConfig: { AllowAdminCreateUserOnly: true }, MfaConfiguration: 'ON', UserPoolAddOns: { AdvancedSecurityMode: 'ENFORCED' }, UsernameAttributes: ['email'],
        Policies: { PasswordPolicy: Match.objectLike({ MinimumLength: 14 }) }, DeletionProtection: 'ACTIVE',
      },
      DeletionPolicy: 'Retain',
    });
  });

  test('log in by a code that goes to the load balancer alone', () => {
    const stack = newStack();
    users(stack);
    Template.fromStack(stack).hasResourceProperties('AWS::Cognito::UserPoolClient', {
      AllowedOAuthFlows: ['code'], AllowedOAuthScopes: ['openid'], CallbackURLs: ['https://core.acme.com/oauth2/idpresponse'], GenerateSecret: true, EnableTokenRevocation: true,
      PreventUserExistenceErrors: 'ENABLED', AccessTokenValidity: 15, RefreshTokenValidity: 480, SupportedIdentityProviders: ['COGNITO'],
      TokenValidityUnits: { AccessToken: 'minutes', IdToken: 'minutes', RefreshToken: 'minutes' },
    });
  });

  test('leave nothing behind outside production', () => {
    const stack = newStack();
    users(stack, { size: Size.DEV });
    Template.fromStack(stack).hasResource('AWS::Cognito::UserPool', { DeletionPolicy: 'Delete', Properties: { DeletionProtection: 'INACTIVE' } });
  });

  test.each(['https://core.acme.com', 'core.acme.com/admin', 'Core.acme.com'])('are not called back at %s', (domainName) => {
    expect(() => users(newStack(), { domainName })).toThrow(`Stack/Admins: domainName is "${domainName}". Name the host of the ingress in lower case`);
  });
});

describe('the callback of a login', () => {
  const bound = (stack: Stack, userPoolClient: IUserPoolClient, domainName = 'core.acme.com'): Stack => {
    const userPool = UserPool.fromUserPoolId(stack, 'Pool', 'eu-central-1_Abc');
    AdminSession.cognito({ userPool, userPoolClient, userPoolDomain: UserPoolDomain.fromDomainName(stack, 'Domain', 'acme') })._bind(stack, domainName);
    return stack;
  };
  const client = (stack: Stack, callbackUrls: string[]): UserPoolClient => new UserPool(stack, 'Own').addClient('Client', { oAuth: { callbackUrls } });

  test('goes to the host of the ingress, or every login would end in redirect_mismatch', () => {
    const stack = newStack();
    bound(stack, users(stack, { domainName: 'other.acme.com' }).userPoolClient);
    expect(() => Template.fromStack(stack)).toThrow(
      'Stack: admin is "a client that calls back to https://other.acme.com/oauth2/idpresponse, not to core.acme.com". Logins come back to domainName: give AdminUsers the domainName core.acme.com, '
      + 'or the client Stack/Admins/Client/Resource the callback https://core.acme.com/oauth2/idpresponse.');
  });

  test.each([
    [['https://core.acme.com/oauth2/callback']], [['http://core.acme.com/oauth2/idpresponse']], [['https://core.acme.com.evil.com/oauth2/idpresponse']],
    [['https://Core.acme.com/oauth2/idpresponse']], [['https://a.acme.com/oauth2/idpresponse', 'https://b.acme.com/oauth2/idpresponse']],
  ])('is not %j', (urls) => {
    const stack = newStack();
    bound(stack, client(stack, urls));
    expect(() => Template.fromStack(stack)).toThrow(`admin is "a client that calls back to ${urls.join(', ')}, not to core.acme.com"`);
  });

  test.each([
    [['https://core.acme.com/oauth2/idpresponse'], 'Core.acme.com'], [['https://core.acme.com:8443/oauth2/idpresponse'], 'core.acme.com'],
    [['https://a.acme.com/', 'https://core.acme.com/oauth2/idpresponse'], 'core.acme.com'],
  ])('may be %j at %s', (urls, domainName) => {
    const stack = newStack();
    bound(stack, client(stack, urls), domainName);
    expect(() => Template.fromStack(stack)).not.toThrow();
  });

  test('is looked at as it is in the template', () => {
    const stack = newStack();
    const { userPoolClient } = users(stack, { domainName: 'other.acme.com' });
    (userPoolClient.node.defaultChild as CfnUserPoolClient).addPropertyOverride('CallbackURLs', ['https://core.acme.com/oauth2/idpresponse']);
    expect(() => Template.fromStack(bound(stack, userPoolClient))).not.toThrow();
    const nowhere = newStack();
    const admins = users(nowhere);
    (admins.userPoolClient.node.defaultChild as CfnUserPoolClient).addPropertyDeletionOverride('CallbackURLs');
    expect(() => Template.fromStack(bound(nowhere, admins.userPoolClient))).toThrow('calls back to nowhere');
  });

  test('is taken as it is where it cannot be known', () => {
    const stack = newStack();
    bound(stack, UserPoolClient.fromUserPoolClientId(stack, 'Imported', 'client'));
    expect(() => Template.fromStack(stack)).not.toThrow();
    const parameter = newStack();
    bound(parameter, users(parameter, { domainName: new CfnParameter(parameter, 'Host').valueAsString }).userPoolClient);
    expect(() => Template.fromStack(parameter)).not.toThrow();
    const token = newStack();
    bound(token, users(token).userPoolClient, new CfnParameter(token, 'Host').valueAsString);
    expect(() => Template.fromStack(token)).not.toThrow();
  });
});

describe('AdminSession.oidc', () => {
  test('logs administrators in at the provider, with a secret that is in no template', () => {
    const stack = newStack();
    behind(stack, oidc(stack, { clientSecretField: 'secret' })).hasResourceProperties('AWS::ElasticLoadBalancingV2::ListenerRule', {
      Actions: Match.arrayWith([{
        Type: 'authenticate-oidc', Order: 1,
        AuthenticateOidcConfig: {
          ...COMMON, Issuer: 'https://login.acme.com', AuthorizationEndpoint: 'https://login.acme.com/authorize', TokenEndpoint: 'https://login.acme.com/token',
          UserInfoEndpoint: 'https://who.acme.com/me', ClientId: 'core-admin',
          ClientSecret: { 'Fn::Join': ['', Match.arrayWith([Match.stringLikeRegexp('resolve:secretsmanager'), Match.stringLikeRegexp('core-admin:SecretString:secret::')])] },
        },
      }]),
    });
  });

  test('answers strangers 401 where a login would not help', () => {
    const stack = newStack();
    behind(stack, oidc(stack), 'refuse').hasResourceProperties('AWS::ElasticLoadBalancingV2::ListenerRule', {
      Actions: Match.arrayWith([Match.objectLike({ AuthenticateOidcConfig: Match.objectLike({ OnUnauthenticatedRequest: 'deny' }) })]),
    });
  });

  test('has the load balancer ask the token and user info endpoints', () => {
    expect(oidc(newStack())._hosts).toEqual(['login.acme.com', 'who.acme.com']);
  });

  test('keeps the pack content', () => {
    const stack = newStack();
    behind(stack, oidc(stack));
    const { findings } = judge(treeTemplates(stack.node.root));
    expect(findings.filter(({ control }) => /^(IDN|SEC)-/.test(control)).map(({ rule, message }) => `${rule} ${message}`)).toEqual([]);
  });

  test.each<[string, Partial<OidcAdminSessionProps>, string]>([
    ['issuer', { issuer: 'http://login.acme.com' }, 'Name an https URL'],
    ['tokenEndpoint', { tokenEndpoint: 'login.acme.com/token' }, 'Name an https URL'],
    ['userInfoEndpoint', { userInfoEndpoint: 'https://me:hunter2@login.acme.com/' }, 'without a user or password'],
    ['authorizationEndpoint', { authorizationEndpoint: 'https://login.acme.com/#a' }, 'Name an https URL'],
    ['clientId', { clientId: ' ' }, 'Name the client'],
    ['sessionTimeout', { sessionTimeout: Duration.hours(9) }, '1 minute to 8 hours'],
    ['sessionTimeout', { sessionTimeout: Duration.seconds(59) }, '1 minute to 8 hours'],
    ['cookieName', { cookieName: 'a b' }, '1 to 64 letters'],
  ])('refuses a wrong %s (%j)', (prop, wrong, todo) => {
    const stack = newStack();
    const session = oidc(stack, wrong);
    expect(() => session._bind(stack, 'core.acme.com')).toThrow(`Stack: admin.${prop} is `);
    expect(() => session._bind(stack, 'core.acme.com')).toThrow(todo);
    expect(() => session._bind(stack, 'core.acme.com')).toThrow(/^(?!.*hunter2)/s);
  });
});
