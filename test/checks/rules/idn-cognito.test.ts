import { Duration, type Stack } from 'aws-cdk-lib';
import { CfnUserPool, CfnUserPoolClient, OAuthScope, UserPool, UserPoolClient, type UserPoolClientProps } from 'aws-cdk-lib/aws-cognito';
import { type CfnListener } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { forward, listenerRule } from '../../support/actions';
import { alb, resourceOf } from '../../support/alb';
import { deployTimeValue, httpsListener } from '../../support/load-balancing';
import { raw } from '../../support/network';
import { describeRule } from '../../support/rule-cases';

type ClientProps = Partial<ConstructorParameters<typeof CfnUserPoolClient>[2]>;

const client = (stack: Stack, props: ClientProps = {}): CfnUserPoolClient => new CfnUserPoolClient(stack, 'Client', { userPoolId: 'eu-central-1_a', ...props });
const cdkClient = (stack: Stack, props: Partial<UserPoolClientProps> = {}): UserPoolClient => new UserPoolClient(stack, 'Client', { userPool: new UserPool(stack, 'Pool'), ...props });
const rawClient = (stack: Stack, properties: object): void => {
  raw(stack, 'AWS::Cognito::UserPoolClient', { UserPoolId: 'eu-central-1_a', ...properties });
};

const LONG = /issues access tokens that are good for 2 hours/;

describeRule('IDN-4.short-tokens', {
  compliant: {
    'an hour, which is the default': (stack) => client(stack),
    'an hour, said in hours without a unit': (stack) => client(stack, { accessTokenValidity: 1, tokenValidityUnits: { refreshToken: 'days' } }),
    '15 minutes': (stack) => client(stack, { accessTokenValidity: 15, tokenValidityUnits: { accessToken: 'minutes' }, enableTokenRevocation: true }),
    '3600 seconds': (stack) => client(stack, { accessTokenValidity: 3600, tokenValidityUnits: { accessToken: 'seconds' } }),
    'the construct of the CDK': (stack) => cdkClient(stack, { accessTokenValidity: Duration.minutes(15) }),
  },
  violating: {
    'two hours without a unit': { build: (stack) => client(stack, { accessTokenValidity: 2 }), message: LONG, severity: 'error' },
    'a day': { build: (stack) => client(stack, { accessTokenValidity: 1, tokenValidityUnits: { accessToken: 'days' } }), message: /good for 1 days/ },
    '61 minutes': { build: (stack) => cdkClient(stack, { accessTokenValidity: Duration.minutes(61) }), message: /good for 61 minutes/ },
    'minutes whose unit was forgotten': { build: (stack) => client(stack, { accessTokenValidity: 15 }), message: /good for 15 hours/ },
    'a unit that does not exist': { build: (stack) => client(stack, { accessTokenValidity: 1, tokenValidityUnits: { accessToken: 'weeks' } }), message: /good for 1 weeks/ },
    'no revocation': { build: (stack) => cdkClient(stack, { enableTokenRevocation: false }), message: /turns token revocation off/ },
    'no revocation, beside a validity that is not known': {
      build: (stack) => rawClient(stack, { EnableTokenRevocation: 'false', AccessTokenValidity: deployTimeValue(stack) }),
      message: /revocation off/,
    },
  },
  override: {
    build: (stack) => resourceOf(cdkClient(stack, { accessTokenValidity: Duration.minutes(15) })).addPropertyOverride('TokenValidityUnits.AccessToken', 'hours'),
    message: /good for 15 hours/,
  },
  raw: { build: (stack) => rawClient(stack, { AccessTokenValidity: '2' }), message: LONG },
  undecidable: {
    'a validity known at deployment': (stack) => rawClient(stack, { AccessTokenValidity: deployTimeValue(stack) }),
    'a unit known at deployment': (stack) => client(stack, { accessTokenValidity: 30, tokenValidityUnits: { accessToken: deployTimeValue(stack) } }),
    'revocation known at deployment': (stack) => rawClient(stack, { EnableTokenRevocation: deployTimeValue(stack) }),
  },
});

const INEXACT = /must be an exact https URL/;

describeRule('IDN-13.exact-callbacks', {
  compliant: {
    'exact addresses': (stack) => client(stack, {
      callbackUrLs: ['https://core.acme.com/oauth2/idpresponse'], logoutUrLs: ['https://core.acme.com/bye?from=core'], defaultRedirectUri: 'https://core.acme.com',
    }),
    'a load balancer\'s own name': (stack) => client(stack, { callbackUrLs: [`https://${alb(stack).loadBalancerDnsName}/oauth2/idpresponse`] }),
    'a host known at deployment': (stack) => client(stack, { callbackUrLs: [`https://${deployTimeValue(stack)}/callback`] }),
    'a port': (stack) => client(stack, { callbackUrLs: ['https://core.acme.com:8443/callback'] }),
  },
  violating: {
    'plain HTTP': { build: (stack) => client(stack, { callbackUrLs: ['http://core.acme.com/callback'] }), message: INEXACT, severity: 'warning' },
    'a wildcard': { build: (stack) => client(stack, { callbackUrLs: ['https://core.acme.com/ok', 'https://*.acme.com/callback'] }), message: INEXACT },
    'a wildcard in the path': { build: (stack) => client(stack, { callbackUrLs: ['https://core.acme.com/*'] }), message: INEXACT },
    'a wildcard behind a host known at deployment': { build: (stack) => client(stack, { callbackUrLs: [`https://${deployTimeValue(stack)}/*`] }), message: INEXACT },
    'plain HTTP to a host known at deployment': { build: (stack) => client(stack, { callbackUrLs: [`http://${deployTimeValue(stack)}/`] }), message: INEXACT },
    'a user part': { build: (stack) => client(stack, { callbackUrLs: ['https://core.acme.com@evil.com/'] }), message: INEXACT },
    'a fragment': { build: (stack) => client(stack, { callbackUrLs: ['https://core.acme.com/#callback'] }), message: INEXACT },
    'an app\'s own scheme': { build: (stack) => client(stack, { callbackUrLs: ['myapp://callback'] }), message: INEXACT },
    'this machine': { build: (stack) => client(stack, { callbackUrLs: ['https://localhost:3000/callback'] }), message: /no address of the app/ },
    'this machine by its address': { build: (stack) => client(stack, { callbackUrLs: ['https://127.0.0.1/callback'] }), message: /no address of the app/ },
    'what the CDK fills in': { build: (stack) => cdkClient(stack), message: /sends codes and tokens to https:\/\/example\.com, which is no address of the app/ },
    'an inexact way out': { build: (stack) => client(stack, { logoutUrLs: ['http://core.acme.com/bye'] }), message: INEXACT },
    'an inexact default': { build: (stack) => client(stack, { defaultRedirectUri: 'http://core.acme.com/' }), message: INEXACT },
  },
  override: {
    build: (stack) => client(stack, { callbackUrLs: ['https://core.acme.com/callback'] }).addPropertyOverride('CallbackURLs.0', 'https://core.acme.com/*'),
    message: INEXACT,
  },
  raw: { build: (stack) => rawClient(stack, { LogoutURLs: ['http://localhost:3000'] }), message: INEXACT },
  undecidable: {
    'an address known at deployment': (stack) => client(stack, { callbackUrLs: [deployTimeValue(stack)] }),
    'a list known at deployment': (stack) => rawClient(stack, { CallbackURLs: deployTimeValue(stack) }),
  },
  notApplicable: { 'a client of machines': (stack) => client(stack, { allowedOAuthFlows: ['client_credentials'] }) },
});

const IMPLICIT = /hands tokens out in the address that a browser keeps/;

describeRule('IDN-13.no-implicit-flow', {
  compliant: {
    'codes': (stack) => client(stack, { allowedOAuthFlows: ['code'] }),
    'machines': (stack) => client(stack, { allowedOAuthFlows: ['client_credentials'] }),
    'the construct of the CDK, told to': (stack) => cdkClient(stack, { oAuth: { flows: { authorizationCodeGrant: true }, scopes: [OAuthScope.OPENID] } }),
  },
  violating: {
    'implicit beside codes': { build: (stack) => client(stack, { allowedOAuthFlows: ['code', 'implicit'] }), message: IMPLICIT, severity: 'warning' },
    'what the CDK fills in': { build: (stack) => cdkClient(stack), message: IMPLICIT },
  },
  override: { build: (stack) => client(stack, { allowedOAuthFlows: ['code'] }).addPropertyOverride('AllowedOAuthFlows.1', 'implicit'), message: IMPLICIT },
  raw: { build: (stack) => rawClient(stack, { AllowedOAuthFlows: ['implicit'] }), message: IMPLICIT },
  undecidable: (stack) => client(stack, { allowedOAuthFlows: [deployTimeValue(stack)] }),
  notApplicable: { 'a client without flows': (stack) => client(stack) },
});

const CLOSED: Partial<ConstructorParameters<typeof CfnUserPool>[2]> = {
  adminCreateUserConfig: { allowAdminCreateUserOnly: true }, mfaConfiguration: 'ON', policies: { passwordPolicy: { minimumLength: 14 } },
};

/** A rule that logs people in at a pool. */
function login(stack: Stack, userPoolArn: string, listener: CfnListener = httpsListener(stack)): void {
  const config = { userPoolArn, userPoolClientId: 'client', userPoolDomain: 'core' };
  listenerRule(stack, listener.ref, [{ type: 'authenticate-cognito', order: 1, authenticateCognitoConfig: config }, forward(stack)]);
}

function loginPool(stack: Stack, props: Partial<ConstructorParameters<typeof CfnUserPool>[2]> = {}): CfnUserPool {
  const pool = new CfnUserPool(stack, 'Pool', { ...CLOSED, ...props });
  login(stack, pool.attrArn);
  return pool;
}

describeRule('IDN-10.login-pool', {
  compliant: {
    'a closed pool': (stack) => loginPool(stack),
    'a default action that logs people in': (stack) => {
      const pool = new CfnUserPool(stack, 'Pool', CLOSED);
      const config = { userPoolArn: pool.attrArn, userPoolClientId: 'client', userPoolDomain: 'core' };
      httpsListener(stack, { defaultActions: [{ type: 'authenticate-cognito', order: 1, authenticateCognitoConfig: config }, forward(stack)] });
    },
  },
  violating: {
    'a pool as the CDK makes it': { build: (stack) => login(stack, new UserPool(stack, 'Pool').userPoolArn), message: /lets people in with a password alone/, severity: 'error' },
    'sign-up, which is the default': { build: (stack) => loginPool(stack, { adminCreateUserConfig: undefined }), message: /lets anybody sign up/ },
    'sign-up': { build: (stack) => loginPool(stack, { adminCreateUserConfig: { allowAdminCreateUserOnly: false } }), message: /lets anybody sign up/ },
    'a second factor for those who want one': { build: (stack) => loginPool(stack, { mfaConfiguration: 'OPTIONAL' }), message: /password alone/ },
    'short passwords': { build: (stack) => loginPool(stack, { policies: { passwordPolicy: { minimumLength: 13 } } }), message: /shorter than 14/ },
    'no word about passwords': { build: (stack) => loginPool(stack, { policies: undefined }), message: /shorter than 14/ },
    'no word about their length': { build: (stack) => loginPool(stack, { policies: { signInPolicy: {} } }), message: /shorter than 14/ },
  },
  override: { build: (stack) => loginPool(stack).addPropertyOverride('AdminCreateUserConfig.AllowAdminCreateUserOnly', false), message: /lets anybody sign up/ },
  raw: {
    build: (stack) => login(stack, raw(stack, 'AWS::Cognito::UserPool', { MfaConfiguration: 'ON' }).getAtt('Arn').toString()),
    message: /lets anybody sign up/,
  },
  undecidable: (stack) => loginPool(stack, { mfaConfiguration: deployTimeValue(stack) }),
  notApplicable: {
    'a pool of customers, whom no load balancer logs in': (stack) => new UserPool(stack, 'Pool'),
    'a pool whose tokens a listener verifies': (stack) => {
      const pool = new UserPool(stack, 'Pool');
      const [issuer, jwksEndpoint] = [pool.userPoolProviderUrl, `${pool.userPoolProviderUrl}/.well-known/jwks.json`];
      listenerRule(stack, httpsListener(stack).ref, [{ type: 'jwt-validation', order: 1, jwtValidationConfig: { issuer, jwksEndpoint } }, forward(stack)]);
    },
  },
});
