import { CfnParameter, CfnResource, Fn, type Stack } from 'aws-cdk-lib';
import { UserPool } from 'aws-cdk-lib/aws-cognito';
import { ContainerImage, FargateTaskDefinition, Secret } from 'aws-cdk-lib/aws-ecs';
import { type CfnListener, ListenerAction } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { AUDIENCE, ISSUER, listenerRule, validateJwt } from '../../support/actions';
import { albListener, albTargets, resourceOf } from '../../support/alb';
import { deployTimeValue, httpsListener, loadBalancer } from '../../support/load-balancing';
import { describeRule } from '../../support/rule-cases';

const NOT_FOUND = { type: 'fixed-response', order: 2, fixedResponseConfig: { statusCode: '404' } };

type Config = NonNullable<Parameters<typeof validateJwt>[0]>;

/** A listener that checks tokens this way. */
const checking = (stack: Stack, config: Config = {}): CfnListener => httpsListener(stack, { defaultActions: [validateJwt(config), NOT_FOUND] });

const jwt = (stack: Stack, issuer = ISSUER): ListenerAction =>
  ListenerAction.authenticateJwt({ issuer, jwksEndpoint: `${issuer}/jwks.json`, next: ListenerAction.forward([albTargets(stack)]) });

/** A raw listener with one token check; what is left out of the configuration is left out of the template. */
const raw = (stack: Stack, config: Readonly<Record<string, unknown>>) => new CfnResource(stack, 'Raw', {
  type: 'AWS::ElasticLoadBalancingV2::Listener',
  properties: { LoadBalancerArn: loadBalancer(stack).ref, Protocol: 'HTTPS', Port: 443, DefaultActions: [{ Type: 'jwt-validation', Order: 1, JwtValidationConfig: config }] },
});

const HTTPS_ONLY = /must be an https URL/;

describeRule('IDN-2.https-jwks', {
  compliant: {
    'an @ behind the host': (stack) => checking(stack, { jwksEndpoint: 'https://issuer.example.com:8443/@tenant/jwks.json' }),
    'an issuer and its keys by https': (stack) => checking(stack),
    'a token check as the CDK makes it': (stack) => albListener(stack, jwt(stack)),
    'a rule that checks tokens': (stack) => listenerRule(stack, httpsListener(stack).ref, [validateJwt(), NOT_FOUND]),
    'a user pool by its provider URL': (stack) => albListener(stack, jwt(stack, new UserPool(stack, 'Pool').userPoolProviderUrl)),
    'a user pool by a URL put together': (stack) => albListener(stack, jwt(stack, `https://cognito-idp.${stack.region}.amazonaws.com/${new UserPool(stack, 'Pool').userPoolId}`)),
    'a host known at deployment': (stack) => albListener(stack, jwt(stack, `https://${deployTimeValue(stack)}`)),
  },
  violating: {
    'keys fetched over http': { build: (stack) => checking(stack, { jwksEndpoint: 'http://issuer.example.com/jwks.json' }), message: HTTPS_ONLY, severity: 'error' },
    'an issuer by http': { build: (stack) => checking(stack, { issuer: 'http://issuer.example.com' }), message: HTTPS_ONLY },
    'an issuer without a scheme': { build: (stack) => checking(stack, { issuer: 'issuer.example.com' }), message: HTTPS_ONLY },
    'an address without a host': { build: (stack) => checking(stack, { jwksEndpoint: 'https:///jwks.json' }), message: HTTPS_ONLY },
    'a user part that looks like the host': { build: (stack) => checking(stack, { jwksEndpoint: 'https://login.acme.com@evil.com/jwks' }), message: /https URL without a user part/ },
    'a user part and a password': { build: (stack) => checking(stack, { issuer: 'https://login.acme.com:443@evil.com' }), message: /without a user part/ },
    'a user part before a host known at deployment': { build: (stack) => checking(stack, { issuer: `https://login.acme.com@${deployTimeValue(stack)}` }), message: /without a user part/ },
    'a backslash, which browsers read as a slash': { build: (stack) => checking(stack, { jwksEndpoint: 'https://login.acme.com\\@evil.com/jwks' }), message: HTTPS_ONLY },
    'https inside another address': { build: (stack) => checking(stack, { jwksEndpoint: 'http://x/?https://issuer.example.com' }), message: HTTPS_ONLY },
    'http to a host known at deployment': { build: (stack) => checking(stack, { jwksEndpoint: `http://${deployTimeValue(stack)}/jwks.json` }), message: HTTPS_ONLY },
    'text that only looks like a provider URL': {
      build: (stack) => {
        new UserPool(stack, 'Pool');
        raw(stack, { Issuer: ISSUER, JwksEndpoint: { 'Fn::Sub': '${!Pool.ProviderURL}' } });
      },
      message: HTTPS_ONLY,
    },
    'a token check without any keys': { build: (stack) => raw(stack, { Issuer: ISSUER }), message: /must be an https URL.*\(it is not set\)/ },
    'a token check without a configuration': {
      build: (stack) => httpsListener(stack, { defaultActions: [{ type: 'jwt-validation', order: 1 }, NOT_FOUND] }),
      message: /must be an https URL.*\(it is not set\)/,
    },
  },
  override: {
    build: (stack) => resourceOf(albListener(stack, jwt(stack))).addPropertyOverride('DefaultActions.0.JwtValidationConfig.JwksEndpoint', 'http://issuer.example.com/jwks.json'),
    message: HTTPS_ONLY,
  },
  raw: { build: (stack) => raw(stack, { Issuer: 'http://issuer.example.com', JwksEndpoint: `${ISSUER}/jwks.json` }), message: HTTPS_ONLY },
  undecidable: {
    'an address known at deployment': (stack) => checking(stack, { jwksEndpoint: deployTimeValue(stack) }),
    'an address that is read from SSM': (stack) => checking(stack, { jwksEndpoint: '{{resolve:ssm:/core/jwks}}' }),
    'an imported issuer': (stack) => checking(stack, { issuer: Fn.importValue('Issuer') }),
    'what something else than a user pool calls its provider URL': (stack) => checking(stack, {
      issuer: new CfnResource(stack, 'Impostor', { type: 'Custom::Issuer' }).getAtt('ProviderURL').toString(),
    }),
  },
  notApplicable: { 'a listener without a token check': (stack) => httpsListener(stack) },
});

/** A task whose one container has these variables, plain ones and ones from a secret store. */
function task(stack: Stack, environment: Record<string, string> = {}, secretNames: readonly string[] = []): FargateTaskDefinition {
  const definition = new FargateTaskDefinition(stack, 'Task');
  const store = secretNames.length > 0 ? StringParameter.fromSecureStringParameterAttributes(stack, 'Stored', { parameterName: '/core/secret' }) : undefined;
  const secrets = Object.fromEntries(secretNames.flatMap((name) => (store ? [[name, Secret.fromSsmParameter(store)]] : [])));
  definition.addContainer('core', { image: ContainerImage.fromRegistry('core'), environment, secrets });
  return definition;
}

const algorithms = (value: string) => (stack: Stack) => task(stack, { TGEFD_JWT_ALLOWED_ALGS: value });

describeRule('IDN-2.asymmetric-algorithms', {
  compliant: {
    'RS256': algorithms('RS256'),
    'several asymmetric algorithms': algorithms('RS256, PS384 ES512,EdDSA'),
    'a list written as JSON': algorithms('["RS256","ES256"]'),
    'a name without a prefix': (stack) => task(stack, { JWT_ALLOWED_ALGS: 'RS256' }),
    'other secrets beside it': (stack) => task(stack, { JWT_ALLOWED_ALGS: 'RS256', NOT_A_JWT_SECRET_AT_ALL: 'no' }, ['DATABASE_PASSWORD']),
  },
  violating: {
    'the shared-secret algorithm': { build: algorithms('HS256'), message: /admits HS256/, severity: 'error' },
    ...Object.fromEntries(['CORE_JWT_ALGORITHMS', 'JWT_ALGORITHM', 'CORE_JWT_ALGS'].map((name) => [
      `the shared-secret algorithm in ${name}`, { build: (stack: Stack) => task(stack, { [name]: 'HS256' }), message: /admits HS256/ },
    ])),
    'the application\'s own default': { build: algorithms('HS256,RS256'), message: /admits HS256:/ },
    'no signature at all': { build: algorithms('RS256,none'), message: /admits none/ },
    'a weak algorithm in lower case': { build: algorithms('rs256 hs512'), message: /admits hs512/ },
    'a weak algorithm in a JSON list': { build: algorithms('["RS256","HS256"]'), message: /admits HS256/ },
    'a wildcard': { build: algorithms('*'), message: /admits \*/ },
    'an empty list': { build: algorithms(''), message: /names no algorithm/ },
    'the shared secret as a plain variable': {
      build: (stack) => task(stack, { TGEFD_JWT_SECRET: 'hunter2hunter2' }),
      message: /^TGEFD_JWT_SECRET is a shared signing secret, which every verifier could use to sign$/,
    },
    'the shared secret from a secret store': { build: (stack) => task(stack, { TGEFD_JWT_ALLOWED_ALGS: 'RS256' }, ['TGEFD_JWT_SECRET']), message: /TGEFD_JWT_SECRET is a shared/ },
    'the shared secret beside variables known at deployment': {
      build: (stack) => resourceOf(task(stack, {}, ['JWT_SECRET'])).addPropertyOverride('ContainerDefinitions.0.Environment', deployTimeValue(stack)),
      message: /JWT_SECRET is a shared/,
    },
    'a second container': {
      build: (stack) => task(stack, { JWT_ALLOWED_ALGS: 'RS256' }).addContainer('sidecar', {
        image: ContainerImage.fromRegistry('sidecar'), environment: { JWT_ALLOWED_ALGS: 'HS256' },
      }),
      message: /admits HS256/,
    },
  },
  override: {
    build: (stack) => resourceOf(algorithms('RS256')(stack)).addPropertyOverride('ContainerDefinitions.0.Environment.0.Value', 'none'),
    message: /admits none/,
  },
  raw: {
    build: (stack) => new CfnResource(stack, 'Raw', {
      type: 'AWS::ECS::TaskDefinition',
      properties: { ContainerDefinitions: [{ Name: 'core', Image: 'core', Environment: [{ Name: 'TGEFD_JWT_ALLOWED_ALGS', Value: 'HS384' }] }] },
    }),
    message: /admits HS384/,
  },
  undecidable: {
    'a list known at deployment': (stack) => algorithms(deployTimeValue(stack))(stack),
    'an imported list': algorithms(Fn.importValue('Algorithms')),
  },
  notApplicable: { 'a task that checks no tokens': (stack) => task(stack, { LOG_LEVEL: 'INFO' }) },
});

const CLIENT = { name: 'client_id', format: 'single-string', values: ['1example23456789'] };
const ACCESS = { name: 'token_use', format: 'single-string', values: ['access'] };
const NEITHER = /pins neither aud nor client_id/;
const NOT_ACCESS = /pins client_id but not token_use = access/;

describeRule('IDN-3.audience', {
  compliant: {
    'an audience': (stack) => checking(stack),
    'several audiences': (stack) => checking(stack, { additionalClaims: [{ ...AUDIENCE, values: ['core', 'core-admin'] }] }),
    'a client of a user pool, and access tokens only': (stack) => checking(stack, {
      additionalClaims: [{ ...CLIENT, values: [new UserPool(stack, 'Pool').addClient('Client').userPoolClientId] }, ACCESS],
    }),
    'an audience known at deployment': (stack) => checking(stack, { additionalClaims: [{ ...AUDIENCE, values: [deployTimeValue(stack)] }] }),
    'a scope beside the audience': (stack) => checking(stack, { additionalClaims: [{ name: 'scope', format: 'space-separated-values', values: ['core/read'] }, AUDIENCE] }),
    'a token check as the CDK makes it, completed by hand': (stack) => resourceOf(albListener(stack, jwt(stack))).addPropertyOverride(
      'DefaultActions.0.JwtValidationConfig.AdditionalClaims', [{ Name: 'aud', Format: 'string-array', Values: ['core'] }],
    ),
  },
  violating: {
    'no claims': { build: (stack) => checking(stack, { additionalClaims: undefined }), message: NEITHER, severity: 'error' },
    'a token check as the CDK makes it, which takes no claims': { build: (stack) => albListener(stack, jwt(stack)), message: NEITHER },
    'a rule without claims': { build: (stack) => listenerRule(stack, httpsListener(stack).ref, [validateJwt({ additionalClaims: [] }), NOT_FOUND]), message: NEITHER },
    'other claims only': { build: (stack) => checking(stack, { additionalClaims: [ACCESS] }), message: NEITHER },
    'an audience without values': { build: (stack) => checking(stack, { additionalClaims: [{ ...AUDIENCE, values: [] }] }), message: NEITHER },
    'an audience that is empty': { build: (stack) => checking(stack, { additionalClaims: [{ ...AUDIENCE, values: [''] }] }), message: NEITHER },
    'an audience that is blank': { build: (stack) => checking(stack, { additionalClaims: [{ ...AUDIENCE, values: ['  '] }] }), message: NEITHER },
    'a client that is empty': { build: (stack) => checking(stack, { additionalClaims: [{ ...CLIENT, values: [''] }, ACCESS] }), message: NEITHER },
    'a client alone': { build: (stack) => checking(stack, { additionalClaims: [CLIENT] }), message: NOT_ACCESS },
    'a client with identity tokens': { build: (stack) => checking(stack, { additionalClaims: [CLIENT, { ...ACCESS, values: ['id'] }] }), message: NOT_ACCESS },
    'a client with either kind of token': { build: (stack) => checking(stack, { additionalClaims: [CLIENT, { ...ACCESS, values: ['access', 'id'] }] }), message: NOT_ACCESS },
    'no issuer': {
      build: (stack) => raw(stack, { JwksEndpoint: `${ISSUER}/jwks.json`, AdditionalClaims: [{ Name: 'aud', Format: 'string-array', Values: ['core'] }] }),
      message: /names no issuer/,
    },
  },
  override: {
    build: (stack) => checking(stack).addPropertyOverride('DefaultActions.0.JwtValidationConfig.AdditionalClaims.0.Values', []),
    message: NEITHER,
  },
  raw: { build: (stack) => raw(stack, { Issuer: ISSUER, JwksEndpoint: `${ISSUER}/jwks.json` }), message: NEITHER },
  undecidable: {
    'a name of a claim known at deployment': (stack) => checking(stack, { additionalClaims: [{ ...AUDIENCE, name: deployTimeValue(stack) }] }),
    'a list of values known at deployment': (stack) => checking(stack, {
      additionalClaims: [{ ...AUDIENCE, values: new CfnParameter(stack, 'Audiences', { type: 'CommaDelimitedList' }).valueAsList }],
    }),
    'a token use known at deployment': (stack) => checking(stack, { additionalClaims: [CLIENT, { ...ACCESS, values: [deployTimeValue(stack)] }] }),
  },
  notApplicable: { 'a listener without a token check': (stack) => httpsListener(stack) },
});
