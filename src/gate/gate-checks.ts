import { Duration, SizeRoundingBehavior, Stack, Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { checkKinds, having, instance, type Kinds, listOf, options, text } from '../check-kinds';
import type { IIngress } from '../ingress/ingress';
import { invalidProp } from '../invalid-prop';
import { isWhole } from '../whole-number';
import type { GateConfiguration } from './contract';
import type { GateOptions, GateProps } from './gate-props';
import { REQUEST_HEADERS } from './headers/contract';
import { RatePlan } from './rate/rate-plan';
import type { RateConfiguration } from './rate/contract';
import { isScopeName, written } from './scope-names';
import { toldHeaders } from './told-headers';

/** A header's name (RFC 9110, `token`), without what a server might take for another spelling of a dash (M-13). */
const HEADER = /^[a-z0-9][a-z0-9-]{0,63}$/i;

const MAX_BODY_BYTES = 1024 ** 3;

/** Fargate kills two minutes after it told to stop (Amazon ECS guide, `stopTimeout`). */
export const MAX_DRAIN_SECONDS = 110;

/** A path that the gate can ask the Core for (RFC 9112, section 3.2), and what strangers may ask for, byte for byte. */
const HEALTH_CHECK_PATH = /^\/[\x21-\x7e]*$/;

/** Refuses a Core that no gate could stand beside, and callers whom it could not tell apart. */
export function checkSurroundings(scope: IConstruct, { corePort, healthCheckPath, ingress }: Pick<GateProps, 'corePort' | 'healthCheckPath' | 'ingress'>, port: number): void {
  if (corePort === port) throw invalidProp(scope, 'corePort', corePort, 'The gate listens there, in the same task: have the Core listen on another port.');
  if (!HEALTH_CHECK_PATH.test(Token.isUnresolved(healthCheckPath) ? `/${written(healthCheckPath)}` : healthCheckPath)) {
    throw invalidProp(scope, 'healthCheckPath', healthCheckPath, 'Name a path of printable ASCII that starts with a slash, such as /health; encode what else is in it.');
  }
  const { authorizers } = ingress;
  if (authorizers.length === 0) throw invalidProp(scope, 'ingress.authorizers', authorizers, 'Name who callers must prove to be: an Authorizer for each listener.');
  const identities = authorizers.map(({ _identity }) => _identity);
  if (identities.filter(({ certificate }) => certificate).length > 1) {
    throw invalidProp(scope, 'authorizer', 'by certificates on two listeners',
      'The gate cannot tell which listener a request came through, so what the one demands beside a certificate, the other would let out: build a second ingress.');
  }
  const [issuers, ...others] = identities.filter(({ tokens }) => tokens.length > 0).map(({ tokens }) => issuersOf(scope, tokens));
  const other = others.find((some) => some !== issuers);
  if (other !== undefined) {
    throw invalidProp(scope, 'authorizer', `tokens of ${issuers} on one listener and of ${other} on another`,
      'The gate cannot tell which listener a request came through, so a token would be taken without what its own listener demands beside it: '
      + 'name the same issuers on both, or build a second ingress.');
  }
}

function issuersOf(scope: IConstruct, tokens: readonly { readonly issuer: string }[]): string {
  return tokens.map(({ issuer }) => JSON.stringify(Stack.of(scope).resolve(issuer))).sort().join();
}

/** Of the 64 KiB that a task definition may take (Amazon ECS guide, "Amazon ECS service quotas"); the Core's own variables need some too. */
const MAX_CONFIGURATION_BYTES = 48 * 1024;

/** Refuses more than a task definition holds. What only a deployment knows is as long as it is. */
export function checkConfigurationSize(scope: IConstruct, configuration: GateConfiguration): void {
  const bytes = Buffer.byteLength(JSON.stringify(Stack.of(scope).resolve(configuration)));
  if (bytes <= MAX_CONFIGURATION_BYTES) return;
  throw invalidProp(scope, 'gate', `a configuration of ${bytes} bytes`, `Shorten certificateScopes, roles or routes: a task definition has room for ${MAX_CONFIGURATION_BYTES}.`);
}

const SECONDS = having('toSeconds', 'Name a Duration, or leave it out.');
const KINDS: Kinds<GateOptions> = {
  maxBody: having('toBytes', 'Name a Size of the CDK, such as Size.mebibytes(10), or leave it out.'),
  requestTimeout: SECONDS,
  drainTimeout: SECONDS,
  removedHeaders: listOf(text('List names of headers, or leave it out.')),
  identityHeader: text('Name a header, or leave it out.'),
  scopesHeader: text('Name a header, or leave it out.'),
  cors: options('Name which pages may call, { origins: [HttpsOrigin.of(…)] }, or leave it out.'),
  coreKey: having('secret', 'Name the key that the Core asks for, { secret }, or leave it out.'),
  ratePlan: instance(RatePlan, 'Name RatePlan.perCaller(…), or leave it out.'),
};

/** Refuses what the service would refuse to start with, before anything is deployed. */
export function checkGate(scope: IConstruct, props: GateOptions): void {
  checkKinds(scope, props, KINDS, 'gate.');
  const named = [
    ['gate.identityHeader', props.identityHeader], ['gate.scopesHeader', props.scopesHeader], ['gate.coreKey.header', props.coreKey?.header],
    ...(props.removedHeaders ?? []).map((header) => ['gate.removedHeaders', header] as const),
  ] as const;
  for (const [prop, header] of named) checkHeader(scope, prop, header);
  for (const prop of ['identityHeader', 'scopesHeader'] as const) {
    if (props[prop]?.toLowerCase() === 'authorization') throw invalidProp(scope, `gate.${prop}`, props[prop], 'Name a header of its own: `authorization` carries credentials.');
  }
  const told = Object.values(toldHeaders(props)).filter((header) => header !== undefined);
  if (new Set(told).size < told.length) throw invalidProp(scope, 'gate.identityHeader', told, 'Name a different header for each thing that the Core is told.');
  for (const [subject, scopes] of Object.entries(props.certificateScopes ?? {})) {
    if (subject.trim() === '' || scopes.some((name) => !isScopeName(name))) {
      throw invalidProp(scope, 'gate.certificateScopes', { [subject]: scopes }, 'Name the subject of a certificate and its scopes, each without blanks, commas and wildcards.');
    }
  }
  const { maxBody, requestTimeout, drainTimeout } = props;
  if (maxBody && !isWhole(maxBody.toBytes({ rounding: SizeRoundingBehavior.NONE }), 1, MAX_BODY_BYTES)) throw invalidProp(scope, 'gate.maxBody', maxBody.toString(), 'Name 1 byte to 1 GiB.');
  checkSeconds(scope, 'gate.requestTimeout', requestTimeout, Duration.hours(1), 'an hour');
  checkSeconds(scope, 'gate.drainTimeout', drainTimeout, Duration.seconds(MAX_DRAIN_SECONDS), `${MAX_DRAIN_SECONDS}, since Fargate kills after 120`);
}

function checkHeader(scope: IConstruct, prop: string, header: string | undefined): void {
  if (header === undefined) return;
  if (Token.isUnresolved(header)) throw invalidProp(scope, prop, header, 'Write the header out: which ones are removed has to be known at synthesis.');
  if (!HEADER.test(header)) throw invalidProp(scope, prop, header, 'Name a header of letters, digits and dashes, at most 64.');
  if (REQUEST_HEADERS.has(header.toLowerCase())) throw invalidProp(scope, prop, header, 'That header has another meaning in every request: name one of your own.');
}

function checkSeconds(scope: IConstruct, prop: string, duration: Duration | undefined, most: Duration, spoken: string): void {
  if (duration && !isWhole(duration.toSeconds({ integral: false }), 1, most.toSeconds())) {
    throw invalidProp(scope, prop, duration.toString(), `Name whole seconds from 1 to ${spoken}.`);
  }
}

/** Refuses budgets of one caller that his address does not have: the web ACL would answer before they are used up (C-31, CX-27). */
export function checkOuterRing(scope: IConstruct, { addressBudget, routes }: Pick<IIngress, 'addressBudget' | 'routes'>, { plan, overrides }: Pick<RateConfiguration, 'plan' | 'overrides'>): void {
  if (!addressBudget) return;
  const hasHeavy = routes.some(({ _options }) => _options.heavy);
  const rings = [
    { budget: 'general', prop: 'perSecond', option: 'rateLimit', limit: addressBudget.perMinute },
    ...(hasHeavy ? [{ budget: 'heavy', prop: 'heavyPerMinute', option: 'heavyRateLimit', limit: addressBudget.heavyPerMinute } as const] : []),
  ] as const;
  const plans = [{ where: 'gate.ratePlan', plan }, ...overrides.map(({ by, name, plan: other }) => ({ where: `gate.ratePlan.overrides (${by === 'key' ? 'key owner' : by} ${name})`, plan: other }))];
  for (const { budget, prop, option, limit } of rings) {
    for (const { where, plan: { [budget]: { requests, windowSeconds } } } of plans) {
      const needed = requests * 60 / windowSeconds;
      if (Token.isUnresolved(limit) || needed <= limit) continue;
      throw invalidProp(scope, `${where}.${prop}`, `${needed} requests a minute`, `The web ACL lets one address send ${limit}, so that nobody could: `
        + `name at least as many in the ingress's webAcl.${option}, ten times as many where callers share an address, or plan for less.`);
    }
  }
}
