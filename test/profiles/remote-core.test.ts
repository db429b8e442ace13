import * as fs from 'node:fs';
import * as path from 'node:path';
import { Match } from 'aws-cdk-lib/assertions';
import { Access } from '../../src/gate/access';
import { Authorizer } from '../../src/authorizer/authorizer';
import { HttpsOrigin } from '../../src/gate/https-origin';
import { RatePlan } from '../../src/gate/rate/rate-plan';
import { Exposure } from '../../src/ingress/exposure';
import { Route } from '../../src/ingress/route';
import { LlmProvider } from '../../src/network/llm-providers';
import { Profile } from '../../src/profiles/profile';
import type { RemoteCoreProfileProps } from '../../src/profiles/remote-core/remote-core-profile';
import { ProviderKey } from '../../src/secrets/provider-key';
import { gateOf } from '../support/gate';
import { findingsOf, type MakeProfile, profiled, templateOf, toldTo } from '../support/profiled-core';
import { JWT } from '../support/remote-core';

const ROUTES = [Route.post('/v1/evaluate', { access: Access.scope('core/evaluate'), heavy: true }), Route.get('/v1/models', { access: Access.authenticated() })];

const remoteCore = (overrides: Partial<RemoteCoreProfileProps> = {}): MakeProfile => () => Profile.remoteCore({ authorizer: Authorizer.jwt(JWT), routes: ROUTES, ...overrides });

const openAi: MakeProfile = (stack) => Profile.remoteCore({
  authorizer: Authorizer.jwt(JWT),
  routes: ROUTES,
  providerKeys: [
    ProviderKey.fromSecretName(stack, 'OpenAi', { provider: LlmProvider.OPENAI, environment: 'production' }),
    ProviderKey.fromSecretName(stack, 'Stripe', { variable: 'STRIPE_API_KEY', environment: 'production' }),
  ],
});

describe('Profile.remoteCore', () => {
  test('says nothing to its container, whose document names no variable, and names itself on the task definition', () => {
    const template = templateOf(profiled(remoteCore()));
    expect(toldTo(template)).toEqual({});
    template.hasResource('AWS::ECS::TaskDefinition', {
      Metadata: { 'cdk-secure-core:profile': { name: 'remote-core', environment: 'production', container: 'Core', choices: [] } },
    });
  });

  test('forwards what it is given, each for whom it says, by the authorizer that it is given', () => {
    const { policy, identity, core } = gateOf(templateOf(profiled(remoteCore()))).configuration;
    expect(policy.routes.map(({ method, path, access, tier }) => ({ method, path, access, tier }))).toEqual([
      { method: 'POST', path: '/v1/evaluate', access: { kind: 'scope', scope: 'core/evaluate' }, tier: 'heavy' },
      { method: 'GET', path: '/v1/models', access: { kind: 'authenticated' }, tier: 'light' },
    ]);
    expect(identity.accept).toEqual([['token']]);
    expect(core).toMatchObject({ port: 8000, healthCheckPath: '/health', identityHeader: 'x-auth-request-user' });
    expect(core.passes).toBeUndefined();
  });

  test('knows the scopes of a role', () => {
    const authorizer = Authorizer.jwt({ ...JWT, rolesClaim: 'roles' });
    const byRole = remoteCore({ authorizer, roles: { evaluator: ['core/evaluate'] }, routes: [Route.post('/v1/evaluate', { access: Access.role('evaluator') })] });
    expect(gateOf(templateOf(profiled(byRole))).configuration.policy.roles).toEqual({ evaluator: ['core/evaluate'] });
    expect(() => profiled(remoteCore({ authorizer, routes: [Route.post('/v1/evaluate', { access: Access.role('evaluator') })] }))).toThrow('access.role is "evaluator". Define it');
  });

  test('limits as it is told', () => {
    const { rate } = gateOf(templateOf(profiled(remoteCore(), { gate: { ratePlan: RatePlan.perCaller({ perSecond: 3, burst: 4, streams: 2 }) } }))).configuration;
    expect(rate?.plan).toMatchObject({ general: { burst: 4 }, streams: 2 });
  });

  test('fills providers\' keys in from secrets of its environment, and lets their hosts through', () => {
    const template = templateOf(profiled(openAi));
    expect(toldTo(template)).toEqual({ OPENAI_API_KEY: 'secret', STRIPE_API_KEY: 'secret' });
    template.hasResourceProperties('AWS::NetworkFirewall::RuleGroup', {
      RuleGroup: { RulesSource: { RulesSourceList: Match.objectLike({ Targets: Match.arrayWith(['api.openai.com']) }) } },
    });
  });

  test('reaches nothing of the internet without them', () => {
    templateOf(profiled(remoteCore())).resourceCountIs('AWS::NetworkFirewall::RuleGroup', 0);
  });

  test('takes pages of the sites that it names', () => {
    const { cors } = gateOf(templateOf(profiled(remoteCore({ corsOrigins: [HttpsOrigin.of('https://app.acme.com')] })))).configuration;
    expect(cors?.origins).toEqual(['https://app.acme.com']);
    expect(gateOf(templateOf(profiled(remoteCore()))).configuration.cors).toBeUndefined();
  });

  test('tells a platform where it is, and sends it to its own machine while it is switched off', () => {
    const told = (overrides: Parameters<typeof profiled>[1]): unknown => {
      const core = profiled(remoteCore(), overrides);
      const template = templateOf(core);
      const { baseUrl } = core.parts;
      expect(baseUrl?.parameterName).toBeDefined();
      const [parameter] = Object.values(template.findResources('AWS::SSM::Parameter', { Properties: { Name: '/production/Profiled/Core/CORE_BASE_URL' } })) as { Properties: { Value: unknown } }[];
      return parameter?.Properties.Value;
    };
    expect(told({})).toBe('https://core.acme.internal');
    expect(told({ exposure: Exposure.OFF })).toBe('http://localhost:8000');
    expect(told({ exposure: Exposure.OFF, container: { port: 9000 } })).toBe('http://localhost:9000');
  });

  test('leaves the pack nothing to say, with and without keys', () => {
    expect(findingsOf(profiled(remoteCore()))).toEqual([]);
    expect(findingsOf(profiled(openAi))).toEqual([]);
  });

  test.each<[string, () => Partial<RemoteCoreProfileProps>, string]>([
    ['no authorizer', () => ({ authorizer: undefined }), 'Profiled/Core: profile.authorizer is nothing. Name who a caller must prove to be'],
    ['no routes', () => ({ routes: undefined }), 'Profiled/Core: profile.routes is nothing. Declare what is forwarded'],
    ['an authorizer that is none', () => ({ authorizer: {} as unknown as Authorizer }), 'Profiled/Core: profile.authorizer is "object". Name who a caller must prove to be'],
    ['nothing to forward', () => ({ routes: [] }), 'Profiled/Core: profile.routes is []. Declare what is forwarded'],
    ['no origin', () => ({ corsOrigins: [] }), 'Profiled/Core: profile.corsOrigins is []. Name at least one HttpsOrigin'],
  ])('refuses %s', (_, overrides, message) => {
    expect(() => profiled(remoteCore(overrides()))).toThrow(message);
  });

  test.each(['aws', 'ssm-1'])('refuses an environment by which no parameter can be called: %s', (environment) => {
    expect(() => profiled(remoteCore(), { environment })).toThrow(`Profiled/Core: environment is "${environment}". Call it otherwise`);
  });

  test('refuses two keys for one variable', () => {
    const make: MakeProfile = (stack) => {
      const key = ProviderKey.fromSecretName(stack, 'OpenAi', { provider: LlmProvider.OPENAI, environment: 'production' });
      return Profile.remoteCore({ authorizer: Authorizer.jwt(JWT), routes: ROUTES, providerKeys: [key, key] });
    };
    expect(() => profiled(make)).toThrow('Profiled/Core: profile.providerKeys is "OPENAI_API_KEY". Two keys are for that variable: give one.');
  });
});

test('The example\'s README says of every control that the document requires, and of the way back, where it is met, once', () => {
  const readme = fs.readFileSync(path.join(__dirname, '../../examples/remote-core/README.md'), 'utf8');
  const rows = [...readme.matchAll(/^\| (RC-\d+) \| [^|]+ \| [^|]+ \|$/gm)].map(([, row]) => row);
  // From the first required control of the catalogue to its last note on safety.
  expect(rows).toEqual(Array.from({ length: 24 }, (_, index) => `RC-${String(index + 7).padStart(2, '0')}`));
});
