import { all, defineRule, each, expect, fail, NOT_APPLICABLE, type Outcome, PASS, undecidable } from '../rule';
import type { Property } from '../template/property';
import type { Resource } from '../template/resource';
import type { TemplateGraph } from '../template/template-graph';
import { namesRecipient } from './audience';
import { containersOf, type EnvironmentEntry, environmentOf, TASK_DEFINITION } from './containers';
import { isSelfAuthenticating } from './idn-broker';
import { isAnsweredByGate, isGateOnly } from './idn-gate';
import { actionsOf, CLASSIC_LOAD_BALANCER, inOrder, LISTENER, LISTENER_RULE, listenerOf, protocolOf, verifiesClients } from './load-balancing';
import { passesToApplicationLoadBalancer } from './tls';

/** Sends callers without a session to the login page (what it does unless told otherwise) or away, rather than through. */
function stopsStrangers(config: Property): boolean {
  return ['authenticate', 'deny'].includes(config.get('OnUnauthenticatedRequest').text() ?? 'authenticate');
}

/** Whether an action has people log in, and stops those who do not. */
export function logsPeopleIn(action: Property): boolean {
  switch (action.get('Type').text()) {
    case 'authenticate-cognito': return stopsStrangers(action.get('AuthenticateCognitoConfig'));
    case 'authenticate-oidc': return stopsStrangers(action.get('AuthenticateOidcConfig'));
    default: return false;
  }
}

/** Whether an action stops callers it cannot identify. */
function authenticates(action: Property): boolean {
  return action.get('Type').text() === 'jwt-validation' || logsPeopleIn(action);
}

const authenticated = defineRule('IDN-1', 'authenticated', {
  appliesTo: [LISTENER, LISTENER_RULE, CLASSIC_LOAD_BALANCER],
  fatal: true,
  remediation: 'Put a jwt-validation action before the forward, or set MutualAuthentication Mode verify on the listener; let the default action answer 404. '
    + 'Without either, a rule may forward to a gate alone: OPTIONS with CORS, GET on its public health path, or exact paths for callers whose networks are named; '
    + 'and to a credential broker alone: POST on exact paths, for the same callers.',
  check(resource, graph) {
    if (resource.type === CLASSIC_LOAD_BALANCER) return undecidable(resource.whole, 'is a classic load balancer, which cannot authenticate anybody: only the target can');
    const actions = actionsOf(resource);
    const forward = actions.findIndex((action) => action.get('Type').text() === 'forward');
    if (forward < 0) return PASS;
    const place = actions[forward] ?? resource.whole;
    if (actions.slice(0, forward).some((action) => authenticates(action) && inOrder(action, place))) return PASS;
    if (isAnsweredByGate(resource, place, graph) || isGateOnly(resource, place, graph) || isSelfAuthenticating(resource, place, graph)) return PASS;
    const listener = resource.type === LISTENER ? resource : listenerOf(resource);
    if (!listener) return undecidable(resource.prop('ListenerArn'), 'forwards without an action that authenticates, on a listener that is in none of the templates');
    const protocol = protocolOf(listener);
    if (protocol === 'GENEVE') return NOT_APPLICABLE;
    if (protocol !== 'HTTP' && protocol !== 'HTTPS') {
      if (passesToApplicationLoadBalancer(place)) return PASS;
      return undecidable(place, `${protocol === '' ? 'a listener without a protocol' : `a ${protocol} listener`} cannot authenticate anybody: only the target can`);
    }
    if (protocol === 'HTTPS' && verifiesClients(listener)) return PASS;
    return fail(place, 'forwards without jwt-validation or mTLS in front of it: anybody who reaches the port reaches the target');
  },
});

const HTTPS_URL = /^https:\/\/[^\s/\\?#@]+(?:[/?#]|$)/;
/** What stands before an @ is a user name, however much it looks like the host that keys should come from. */
const USER_PART = /^https:\/\/[^/\\?#]*@/;
const USER_POOL = 'AWS::Cognito::UserPool';

/** Whether the URL starts with what a user pool of the templates gives as its provider URL, which is an https one. */
function startsWithUserPool(text: string, graph: TemplateGraph): boolean {
  return graph.ofType(USER_POOL).some((pool) => text.startsWith(`\${${pool.logicalId}.ProviderURL}`));
}

/** The jwt-validation actions of a listener or rule, each as the place of its configuration. */
function jwtConfigs(resource: Resource): Property[] {
  return actionsOf(resource).filter((action) => action.get('Type').text() === 'jwt-validation').map((action) => action.get('JwtValidationConfig'));
}

/** The scheme is decided by the first characters, which are known even where the host is a token. */
function isHttps(place: Property, graph: TemplateGraph): readonly Outcome[] {
  const { text, complete } = place.partialText();
  if (HTTPS_URL.test(text) || (!complete && startsWithUserPool(text, graph))) return PASS;
  if (USER_PART.test(text)) return fail(place, 'must be an https URL without a user part: the keys come from the host behind the @');
  const hole = complete ? undefined : /^(\$\{[^}]*\}|\{\{resolve:[^}]*\}\})/.exec(text)?.[0];
  if (hole !== undefined) return undecidable(place, `cannot be decided: it starts with ${hole}, which has a value only when deployed`);
  return fail(place, `must be an https URL: keys fetched over anything else can be replaced on the way${place.exists ? '' : ' (it is not set)'}`);
}

const httpsKeys = defineRule('IDN-2', 'https-jwks', {
  appliesTo: [LISTENER, LISTENER_RULE],
  remediation: 'Name the issuer and its JWKS endpoint by https URL.',
  check: (resource, graph) => each(jwtConfigs(resource), (config) => all(
    () => isHttps(config.get('JwksEndpoint'), graph),
    () => isHttps(config.get('Issuer'), graph),
  )),
});

/** Signed with a key that verifiers do not hold. Anything else, wildcards included, is refused. */
const ASYMMETRIC_ALGORITHM = /^((RS|PS|ES)(256|384|512)|ES256K|EdDSA|Ed25519|Ed448)$/i;

/** The variables that verifiers take their list of algorithms from. */
const ALGORITHM_LIST = /(^|_)JWT_((ALLOWED|ACCEPTED|SIGNING|VERIFY)_)?(ALGS?|ALGOS?|ALGORITHMS?)$/i;

/** Named for the secret itself; one that ends in ARN or NAME says where it is. */
const SHARED_SECRET = /(^|_)JWT_((SIGNING|SHARED|HMAC)_)?SECRET(_KEY)?$/i;

/** Lists are written with commas, blanks, or as JSON. */
function signsAsymmetrically(value: Property): readonly Outcome[] {
  const named = (value.text() ?? '').split(/[\s,;"'[\]]+/).filter((algorithm) => algorithm !== '');
  if (named.length === 0) return fail(value, 'names no algorithm, so the verifier falls back to its own list');
  const weak = named.filter((algorithm) => !ASYMMETRIC_ALGORITHM.test(algorithm));
  return expect(weak.length === 0, value, `admits ${weak.join(', ')}: whoever knows the verifying key can sign`);
}

function sharedSecrets(entries: readonly EnvironmentEntry[]): readonly Outcome[] {
  return entries.filter(({ name }) => SHARED_SECRET.test(name))
    .flatMap(({ name, entry }) => fail(entry, `${name} is a shared signing secret, which every verifier could use to sign`));
}

const asymmetricOnly = defineRule('IDN-2', 'asymmetric-algorithms', {
  appliesTo: [TASK_DEFINITION],
  remediation: 'Name asymmetric algorithms only (RS256), verify with the issuer\'s JWKS, and take the shared secret out of the task definition.',
  check: (task) => each(containersOf(task), (container) => all(
    () => each(environmentOf(container).filter(({ name }) => ALGORITHM_LIST.test(name)), ({ value }) => signsAsymmetrically(value)),
    () => sharedSecrets(environmentOf(container)),
    () => sharedSecrets(environmentOf(container, 'Secrets')),
  )),
});

const audience = defineRule('IDN-3', 'audience', {
  appliesTo: [LISTENER, LISTENER_RULE],
  remediation: 'Add an AdditionalClaims entry for aud, or for client_id together with token_use = access (Cognito access tokens).',
  check: (resource) => each(jwtConfigs(resource), (config) => {
    const place = config.get('AdditionalClaims');
    const claims = new Map(place.items().map((claim) => [claim.get('Name').text() ?? '', claim]));
    return [
      ...expect(config.get('Issuer').exists, config.get('Issuer'), 'names no issuer'),
      ...namesRecipient((name) => claims.get(name)?.get('Values').items() ?? [], place, {
        nobodyNamed: 'pins neither aud nor client_id: any unexpired token of the issuer passes, whoever it was issued for',
        anyUse: 'pins client_id but not token_use = access',
      }),
    ];
  }),
});

export const IDN_RULES = [authenticated, httpsKeys, asymmetricOnly, audience];
