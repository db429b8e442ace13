import { CfnResource, type Stack } from 'aws-cdk-lib';
import { CfnApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { type CfnListener } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { CfnUrl } from 'aws-cdk-lib/aws-lambda';
import { FIRST_CONTAINER, rawTask, task } from '../../support/containers';
import { configured, gateTask, withHole } from '../../support/gated';
import { deployTimeValue, httpsListener } from '../../support/load-balancing';
import { describeRule } from '../../support/rule-cases';

const ORIGIN = 'https://app.example.com';

const variables = (...pairs: readonly (readonly [string, string])[]) => (stack: Stack): unknown => task(stack, { environment: pairs.map(([name, value]) => ({ name, value })) });
const gate = (origins: string[], credentials = true) => (stack: Stack): unknown => gateTask(stack, configured({ cors: { origins, credentials, headers: [], maxAgeSeconds: 600 } }));
const listener = (origin: string, credentials?: string) => (stack: Stack): CfnListener => httpsListener(stack, {
  listenerAttributes: [
    { key: 'routing.http.response.access_control_allow_origin.header_value', value: origin },
    ...(credentials === undefined ? [] : [{ key: 'routing.http.response.access_control_allow_credentials.header_value', value: credentials }]),
  ],
});
const api = (allowOrigins: string[] | undefined, allowCredentials?: boolean) => (stack: Stack): unknown =>
  new CfnApi(stack, 'Api', { name: 'api', protocolType: 'HTTP', corsConfiguration: { allowOrigins, allowCredentials } });
const functionUrl = (allowOrigins: string[], allowCredentials?: boolean) => (stack: Stack): unknown =>
  new CfnUrl(stack, 'Url', { authType: 'AWS_IAM', targetFunctionArn: 'arn', cors: { allowOrigins, allowCredentials } });

const RIGHT = {
  'a list of origins': variables(['CORS_ALLOW_ORIGINS', `${ORIGIN},https://admin.example.com:8443`]),
  'a list as JSON': variables(['ALLOWED_ORIGINS', `["${ORIGIN}"]`]),
  'a gate': gate([ORIGIN]),
  'a listener': listener(ORIGIN, 'true'),
  'an HTTP API': api([ORIGIN], true),
  'a function URL': functionUrl([ORIGIN], true),
};

const SILENT = {
  'no origin': (stack: Stack): unknown => task(stack),
  'a switch that is off': variables(['CORS_ALLOW_ALL_ORIGINS', 'false']),
  'a word within another': variables(['ORIGINAL', 'http://localhost']),
  'a gate for no browser': (stack: Stack): unknown => gateTask(stack, configured({ cors: undefined })),
  'a listener that says nothing': (stack: Stack): unknown => httpsListener(stack),
  'an HTTP API without': (stack: Stack): unknown => new CfnApi(stack, 'Api', { name: 'api', protocolType: 'HTTP' }),
};

/** Right by its props, made wrong. */
const overridden = (value: string) => (stack: Stack): void =>
  task(stack, { environment: [{ name: 'CORS_ALLOW_ORIGINS', value: ORIGIN }, { name: 'CORS_ALLOW_CREDENTIALS', value: 'true' }] }).addPropertyOverride(`${FIRST_CONTAINER}.Environment.0.Value`, value);

const NOT_EXACT = /which is no exact https origin/;

describeRule('HDR-1.exact-origins', {
  compliant: { ...RIGHT, 'a host known in part': (stack) => variables(['CORS_ORIGINS', `https://${deployTimeValue(stack)}.example.com`])(stack) },
  violating: {
    ...Object.fromEntries([
      '*', 'null', 'http://app.example.com', 'https://app.example.com/', 'https://*.example.com', 'https://App.example.com', 'app.example.com', 'https://user@app.example.com',
    ].map((origin) => [
      origin, { build: variables(['CORS_ALLOW_ORIGINS', `${ORIGIN},${origin}`]), message: NOT_EXACT, severity: 'error' as const },
    ])),
    'nothing': { build: variables(['CORS_ALLOW_ORIGINS', '']), message: /names no origin/ },
    'all, by a switch': { build: variables(['CORS_ALLOW_ALL_ORIGINS', 'true']), message: /lets pages of \* read answers/ },
    'a pattern': { build: variables(['CORS_ALLOW_ORIGIN_REGEX', 'https://.*']), message: NOT_EXACT },
    'a gate': { build: gate(['http://app.example.com']), message: /the gate in container Gate lets pages of http:\/\/app\.example\.com/ },
    'a gate without origins': { build: gate([]), message: /names no origin/ },
    'a listener': { build: listener('*'), message: /the listener lets pages of \*/ },
    'an HTTP API': { build: api(['*']), message: NOT_EXACT },
    'a function URL': { build: functionUrl(['http://app.example.com']), message: NOT_EXACT },
  },
  override: { build: overridden('*'), message: NOT_EXACT },
  raw: { build: (stack) => rawTask(stack, { Environment: [{ Name: 'ACCESS_CONTROL_ALLOW_ORIGIN', Value: '*' }] }), message: NOT_EXACT },
  undecidable: {
    'an origin known at deployment': (stack) => variables(['CORS_ORIGINS', deployTimeValue(stack)])(stack),
    'an origin of a gate': (stack) => gateTask(stack, withHole(ORIGIN, deployTimeValue(stack))),
    'a switch known at deployment': (stack) => variables(['CORS_ALLOW_ALL_ORIGINS', deployTimeValue(stack)])(stack),
    'the rules of an HTTP API': (stack) => new CfnApi(stack, 'Api', { name: 'api', protocolType: 'HTTP' }).addPropertyOverride('CorsConfiguration', deployTimeValue(stack)),
  },
  notApplicable: SILENT,
});

const IN_HIS_NAME = /lets any page read answers in the name of whoever looks at it/;

describeRule('HDR-2.no-wildcard-with-credentials', {
  compliant: { ...RIGHT, 'everybody, in nobody\'s name': variables(['CORS_ALLOW_ORIGINS', '*'], ['CORS_ALLOW_CREDENTIALS', 'false']), 'everybody, where nothing is said': listener('*') },
  violating: {
    'variables': { build: variables(['CORS_ALLOW_ORIGINS', '*'], ['CORS_ALLOW_CREDENTIALS', 'True']), message: IN_HIS_NAME, severity: 'error' },
    'pages without an origin': { build: variables(['ALLOWED_ORIGINS', `${ORIGIN} null`], ['CORS_CREDENTIALS', '1']), message: IN_HIS_NAME },
    'a switch': { build: variables(['CORS_ALLOW_ALL_ORIGINS', 'true'], ['CORS_ALLOW_CREDENTIALS', 'true']), message: IN_HIS_NAME },
    'a gate': { build: gate(['*']), message: IN_HIS_NAME },
    'a listener': { build: listener('*', 'true'), message: IN_HIS_NAME },
    'an HTTP API': { build: api(['*'], true), message: IN_HIS_NAME },
    'a function URL': { build: functionUrl(['*'], true), message: IN_HIS_NAME },
  },
  override: { build: overridden('*'), message: IN_HIS_NAME },
  raw: {
    build: (stack) => new CfnResource(stack, 'Raw', { type: 'AWS::Serverless::Function', properties: { FunctionUrlConfig: { Cors: { AllowOrigins: ['*'], AllowCredentials: true } } } }),
    message: IN_HIS_NAME,
  },
  undecidable: {
    'whether in whose name': (stack) => variables(['CORS_ALLOW_ORIGINS', '*'], ['CORS_ALLOW_CREDENTIALS', deployTimeValue(stack)])(stack),
    'whether at a listener': (stack) => listener('*', deployTimeValue(stack))(stack),
  },
  notApplicable: SILENT,
});

const DEVELOPER = /which is a developer's machine/;

describeRule('HDR-6.no-development-origins', {
  compliant: RIGHT,
  violating: {
    ...Object.fromEntries([
      'http://localhost:3000', 'https://localhost', 'https://app.localhost', 'http://127.0.0.1:5173', 'https://192.168.1.7', 'https://203.0.113.9:8443', 'http://[::1]:3000',
      'http://host.docker.internal:3001',
    ].map((origin) => [
      origin, { build: variables(['CORS_ALLOW_ORIGINS', `${ORIGIN},${origin}`]), message: DEVELOPER, severity: 'warning' as const },
    ])),
    'a gate': { build: gate(['https://localhost']), message: DEVELOPER },
    'a listener': { build: listener('http://localhost:3000'), message: DEVELOPER },
    'an HTTP API': { build: api(['https://10.0.0.7']), message: DEVELOPER },
  },
  override: { build: overridden('http://localhost'), message: DEVELOPER },
  raw: { build: (stack) => rawTask(stack, { Environment: [{ Name: 'CORS_ORIGINS', Value: 'http://127.0.0.1' }] }), message: DEVELOPER },
  undecidable: (stack) => variables(['CORS_ORIGINS', deployTimeValue(stack)])(stack),
  notApplicable: SILENT,
});
