import { App, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { ManagedPolicy } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import {
  Access, Authorizer, Callers, Egress, HttpsOrigin, type IProviderKey, LlmProvider, PassedProof, PrivateNetwork, Profile, ProfiledCore, type ProfiledCoreProps, ProviderKey, Route, Size, Telemetry,
} from '../../src';
import { PROFILE_METADATA } from '../../src/profiles/contract';
import { ENV } from '../support/network-stack';
import { findingsOf, profiled, templateOf } from '../support/profiled-core';
import { alarmTopic, certificate, image, JWT, remoteCore } from '../support/remote-core';

const PLAIN = { authorizer: Authorizer.jwt(JWT), routes: [Route.subtree('/', { access: Access.authenticated() })] };
const remote = (overrides: Partial<ProfiledCoreProps> = {}): ProfiledCore => profiled(() => Profile.remoteCore(PLAIN), overrides);
const cortex = (overrides: Partial<ProfiledCoreProps> = {}): ProfiledCore => profiled(() => Profile.cortex({ corsOrigins: [HttpsOrigin.of('https://app.acme.com')] }), overrides);
const openAiIn = (stack: Stack): IProviderKey[] => [ProviderKey.fromSecretName(stack, 'OpenAi', { provider: LlmProvider.OPENAI, environment: 'production' })];
const idsOf = (template: Template): string[] => Object.keys((template.toJSON() as { Resources: Record<string, unknown> }).Resources);
const domainsOf = (template: Template): unknown[] => Object.values(template.findResources('AWS::Route53Resolver::FirewallDomainList'))
  .flatMap(({ Properties }: { Properties?: { Domains?: unknown[] } }) => Properties?.Domains ?? []);

describe('A ProfiledCore', () => {
  test('keeps the logical ids of the SecureCore that it is, so that an app can change over', () => {
    const stack = new Stack(new App(), 'Profiled', { env: ENV });
    remoteCore(stack);
    const [plain, withProfile] = [idsOf(Template.fromStack(stack)), idsOf(templateOf(remote()))];
    expect(plain.filter((id) => !withProfile.includes(id))).toEqual([]);
    expect(withProfile.filter((id) => !plain.includes(id))).toEqual([expect.stringMatching(/^CoreBaseUrl/)]);
  });

  test('says in the template whose variables its container holds', () => {
    const Metadata = { [PROFILE_METADATA]: { name: 'cortex', environment: 'staging', container: 'Core', choices: [] } };
    templateOf(cortex({ environment: 'staging' })).hasResource('AWS::ECS::TaskDefinition', { Metadata });
  });

  test.each([Size.DEV, Size.STANDARD, Size.PRODUCTION])('has nothing that the pack finds, of size %s', (size) => {
    expect(findingsOf(cortex({ size })).filter((finding) => !finding.startsWith('warning'))).toEqual([]);
  });

  test('lets the container reach what the profile, its telemetry and the app name', () => {
    const template = templateOf(profiled((stack) => Profile.remoteCore({ ...PLAIN, providerKeys: openAiIn(stack) }), {
      egress: Egress.allowDomains(['api.stripe.com']),
      container: { telemetry: Telemetry.otlp({ endpoint: 'https://otlp.acme.com', serviceName: 'core' }) },
    }));
    for (const domain of ['api.openai.com', 'api.stripe.com', 'otlp.acme.com']) expect(domainsOf(template)).toContainEqual(expect.stringContaining(domain));
  });

  test('says which servers a network that is given may not reach', () => {
    const build = (coreEgress?: Egress): ProfiledCore => {
      const stack = new Stack(new App(), 'Profiled', { env: ENV });
      const network = new PrivateNetwork(stack, 'Network', { ingressReachesInternet: true, coreEgress });
      return new ProfiledCore(stack, 'Core', {
        profile: Profile.remoteCore({ ...PLAIN, providerKeys: openAiIn(stack) }), environment: 'production', image: image(stack), network, alarmTopic: alarmTopic(stack),
        ingress: { domainName: 'core.acme.internal', certificate: certificate(stack), callers: Callers.cidrs('10.20.0.0/16') },
      });
    };
    const warned = (core: ProfiledCore): unknown[] => Annotations.fromStack(Stack.of(core)).findWarning('*', Match.stringLikeRegexp('sends to api.openai.com'));
    expect(warned(build())).toHaveLength(1);
    expect(warned(build(Egress.providers(LlmProvider.OPENAI)))).toEqual([]);
  });

  test('keeps every role below its boundary, those of the profile too', () => {
    const arn = 'arn:aws:iam::111122223333:policy/boundary';
    const template = templateOf(cortex({ permissionsBoundary: ManagedPolicy.fromManagedPolicyArn(new Stack(new App(), 'Elsewhere'), 'Boundary', arn) }));
    const roles = Object.entries(template.findResources('AWS::IAM::Role')).filter(([id]) => id.startsWith('Core'));
    expect(roles.filter(([, { Properties }]) => (Properties as { PermissionsBoundary?: unknown }).PermissionsBoundary !== arn).map(([id]) => id)).toEqual([]);
    expect(roles.length).toBeGreaterThan(5);
  });
});

describe('A ProfiledCore refuses', () => {
  test.each<[string, Partial<ProfiledCoreProps>, string]>([
    ['no environment', { environment: undefined }, 'Profiled/Core: environment is nothing. Say whose secrets these are'],
    ['an environment that is none', { environment: 'Staging' }, 'Profiled/Core: environment is "Staging". Begin with a lower-case letter'],
    ['no image', { image: undefined }, 'Profiled/Core: image is nothing. Name what the container runs'],
    ['nobody who is told', { alarmTopic: undefined }, 'Profiled/Core: alarmTopic is nothing.'],
    ['a variable of its own by hand', { container: { environment: { CORS_ALLOW_ORIGINS: '*' } } },
      'Profiled/Core: container.environment.CORS_ALLOW_ORIGINS is "written by hand". Profile cortex writes it itself'],
    ['a variable of another program', { container: { environment: { TGEFD_AUTH_MODE: 'none' } } },
      'Profiled/Core: container.environment.TGEFD_AUTH_MODE is "written by hand". It is read by tgefd, and this is cortex'],
  ])('%s', (_, overrides, message) => {
    expect(() => cortex(overrides)).toThrow(message);
  });

  test.each<[string, object, string]>([
    ['a text for a boolean', { internetFacing: 'false' }, 'Profiled/Core: internetFacing is "false". Name true or false: a text is neither.'],
    ['a text for an exposure', { exposure: 'off' }, 'Profiled/Core: exposure is "off". Name Exposure.ON or Exposure.OFF, or leave it out.'],
    ['what its profile says of the gate', { gate: { passes: PassedProof.token() } }, 'Profiled/Core: gate.passes is "given". The profile says it itself'],
    ['a variable that its profile fills in', { container: { secrets: { OPENAI_API_KEY: {} } } },
      'Profiled/Core: container.secrets.OPENAI_API_KEY is "written by hand". The profile writes it itself, from its own props'],
  ])('%s', (_, overrides, message) => {
    expect(() => profiled((stack) => Profile.remoteCore({ ...PLAIN, providerKeys: openAiIn(stack) }), overrides)).toThrow(message);
  });

  test('routes beside those of its profile', () => {
    const stack = new Stack();
    const ingress = { domainName: 'core.acme.internal', certificate: certificate(stack), callers: Callers.cidrs('10.20.0.0/16'), routes: PLAIN.routes };
    expect(() => cortex({ ingress })).toThrow('Profiled/Core: ingress.routes is "given". The profile says it itself');
  });

  test('a secret that a stack of another environment made', () => {
    const app = new App();
    const staging = new Stack(app, 'Staging', { env: ENV });
    const key = ProviderKey.fromSecretName(staging, 'OpenAi', { provider: LlmProvider.OPENAI, environment: 'staging' });
    const stack = new Stack(app, 'Production', { env: ENV });
    expect(() => new ProfiledCore(stack, 'Core', {
      profile: Profile.remoteCore({ ...PLAIN, providerKeys: [key] }), environment: 'production', image: image(stack), alarmTopic: alarmTopic(stack),
      ingress: { domainName: 'core.acme.internal', certificate: certificate(stack), callers: Callers.cidrs('10.20.0.0/16') },
    })).toThrow('Production/Core: container.secrets.OPENAI_API_KEY is "Staging/OpenAi of staging". This stack is of production: give it a secret of its own');
  });

  test('a profile that is none, for those whose compiler does not tell them', () => {
    expect(() => profiled(() => ({}) as Profile)).toThrow('Profiled/Core: profile is "object". Name whose system it is: Profile.remoteCore(…)');
    expect(() => profiled(() => undefined as unknown as Profile)).toThrow('Profiled/Core: profile is nothing.');
  });

  test('an egress beside a network, and a second environment in its stack', () => {
    const stack = new Stack(new App(), 'Shared', { env: ENV });
    expect(() => remote({ network: new PrivateNetwork(stack, 'Network'), egress: Egress.none() })).toThrow('Profiled/Core: egress is "given beside network".');
    const both = (environment: string, id: string): ProfiledCore => new ProfiledCore(stack, id, {
      profile: Profile.remoteCore(PLAIN), environment, image: image(new Stack()), alarmTopic: Topic.fromTopicArn(stack, `${id}Topic`, 'arn:aws:sns:eu-central-1:111122223333:alarms'),
      ingress: { domainName: 'core.acme.internal', certificate: certificate(new Stack()), callers: Callers.cidrs('10.20.0.0/16') },
    });
    both('staging', 'One');
    expect(() => both('production', 'Two')).toThrow('environment is "production". Shared/One of the same stack is of staging');
  });
});
