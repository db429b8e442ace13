import { App, Stack } from 'aws-cdk-lib';
import {
  Access, Authorizer, Callers, type CoreContainerProps, type GateOptions, GateProof, HttpsOrigin, type IngressProps, Profile, Route,
} from '../src';
import { profiled } from './support/profiled-core';
import { JWT, remoteCore } from './support/remote-core';

const CANARY = 'canary-key-of-somebody-0123456789';
const ROUTES = [Route.get('/v1/models', { access: Access.authenticated() })];

/** What comes from JavaScript, where nobody compiles. */
const core = (props: object): unknown => remoteCore(new Stack(new App()), props);
const ingress = (props: object): unknown => core({ ingress: { routes: ROUTES, ...props } as Partial<IngressProps> });
const container = (props: object): unknown => core({ container: props as Partial<CoreContainerProps> });
const gate = (props: object): unknown => core({ gate: props as GateOptions, ingress: { routes: ROUTES } });
const wholeCore = (props: object): unknown => profiled(() => Profile.remoteCore({ authorizer: Authorizer.jwt(JWT), routes: ROUTES }), props);
const profile = (make: () => Profile): unknown => profiled(make);
const remote = (props: object): unknown => profile(() => Profile.remoteCore({ authorizer: Authorizer.jwt(JWT), routes: ROUTES, ...props }));
const cortex = (props: object): unknown => profile(() => Profile.cortex({ corsOrigins: [HttpsOrigin.of('https://app.acme.com')], ...props }));

const MISTAKES: readonly (readonly [what: string, make: () => unknown, message: string])[] = [
  ['a topic that is none', () => core({ alarmTopic: {} }), 'alarmTopic is "object". Name who is told'],
  ['the name of a topic', () => wholeCore({ alarmTopic: 'arn:aws:sns:eu-central-1:111122223333:alarms' }), 'alarmTopic is "a text". Name who is told'],
  ['a size that is none', () => core({ size: 'HUGE' }), 'size is "HUGE". Name Size.DEV, Size.STANDARD or Size.PRODUCTION'],
  ['null for a size', () => wholeCore({ size: null }), 'size is null. Name Size.DEV'],
  ['null for options of the container', () => wholeCore({ container: null }), 'container is null. Name options of the container'],
  ['null for a gate', () => core({ gate: null }), 'gate is null. Name options of the gate'],
  ['a store that is in no list', () => core({ stores: {} }), 'stores is "object". List stores'],
  ['a network by its id', () => core({ network: 'vpc-0123' }), 'network is "a text". Name a PrivateNetwork'],
  ['an egress by a host', () => core({ egress: 'api.openai.com' }), 'egress is "a text". Name Egress.providers(…)'],
  ['an authorizer by its name', () => core({ authorizer: 'jwt' }), 'authorizer is "a text". Name who a caller must prove to be'],
  ['an imitated image', () => container({ image: 'core@sha256:0' }), 'container.image is "a text". Name what the container runs'],
  ['an image as text', () => wholeCore({ image: 'core@sha256:0' }), 'image is "a text". Name what the container runs'],
  ['a number for a variable', () => container({ environment: { PORT: 8000 } }), 'container.environment.PORT is 8000. Write a text'],
  ['null for variables', () => container({ environment: null }), 'container.environment is null. Name variables'],
  ['a secret as text', () => container({ secrets: { API_KEY: CANARY } }), 'container.secrets.API_KEY is "a text". Name where it is filled in from'],
  ['no certificate', () => ingress({ certificate: null }), 'certificate is nothing. Name a certificate of AWS Certificate Manager'],
  ['a certificate by its ARN', () => ingress({ certificate: 'arn:aws:acm:eu-central-1:111122223333:certificate/1' }), 'certificate is "a text". Name a certificate'],
  ['no callers', () => ingress({ callers: undefined }), 'callers is nothing. Name who may connect'],
  ['callers as a text', () => ingress({ callers: '10.0.0.0/8' }), 'callers is "a text". Name who may connect'],
  ['a block that is none', () => ingress({ callers: Callers.cidrs(5 as unknown as string) }), 'Callers.cidrs is 5. Name the block'],
  ['an older TLS', () => ingress({ tlsFloor: 'TLS10' }), 'tlsFloor is "TLS10". Name TlsFloor.TLS_1_3'],
  ['a route as text', () => ingress({ routes: ['/v1/models'] }), 'routes is "a list". Declare it by Route.get(…)'],
  ['an access as text', () => ingress({ routes: [Route.get('/v1', { access: 'chat' as unknown as Access })] }), 'routes (GET /v1).access is "a text". Say who may use it: Access.scope(…)'],
  ['a scope that is none', () => ingress({ routes: [Route.get('/v1', { access: Access.scope(null as unknown as string) })] }), '.scope is null. Name one of 1 to 256'],
  ['a body in megabytes', () => gate({ maxBody: '10MB' }), 'gate.maxBody is "a text". Name a Size of the CDK'],
  ['seconds as a number', () => gate({ requestTimeout: 30 }), 'gate.requestTimeout is 30. Name a Duration'],
  ['a plan that is none', () => gate({ ratePlan: {} }), 'gate.ratePlan is "object". Name RatePlan.perCaller(…)'],
  ['pages as texts', () => cortex({ corsOrigins: ['https://app.acme.com'] }), 'profile.corsOrigins is "a list". List pages, such as [HttpsOrigin.of('],
  ['one page', () => cortex({ corsOrigins: 'https://app.acme.com' }), 'profile.corsOrigins is "a text". Name at least one page'],
  ['null for commands', () => cortex({ limiterCommands: null }), 'profile.limiterCommands is null. List commands of Redis'],
  ['pages of a Remote Core as texts', () => remote({ corsOrigins: ['https://app.acme.com'] }), 'profile.corsOrigins is "a list". List pages'],
  ['routes of a Remote Core as texts', () => remote({ routes: ['/v1'] }), 'profile.routes is "a list". Declare what is forwarded'],
  ['null for keys of providers', () => remote({ providerKeys: null }), 'profile.providerKeys is null. List keys of providers'],
];

describe('What JavaScript gives in the place of a prop', () => {
  test.each(MISTAKES)('is refused by the name of the prop: %s', (_, make, message) => {
    expect(make).toThrow(message);
    expect(make).not.toThrow(CANARY);
  });

  test('is refused though it cannot be shown', () => {
    const circular: { self?: object } = {};
    circular.self = circular;
    expect(() => ingress({ domainName: 10n })).toThrow('domainName is "bigint". Name a host');
    expect(() => container({ user: circular })).toThrow('container.user is nothing that can be shown. Name a numeric user');
  });
});

test('a key in the place of its prefix is repeated nowhere', () => {
  const wrong = (): unknown => core({ authorizer: Authorizer.jwt(JWT).withGateProof(GateProof.apiKeys({ prefix: CANARY })), ingress: { routes: ROUTES } });
  expect(wrong).toThrow(`keyPrefixes is "a text of ${CANARY.length} characters". Name 2 to 16`);
  expect(wrong).not.toThrow(CANARY);
});
