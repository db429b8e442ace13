import { all, defineRule, each, expect, fail, NOT_APPLICABLE, type Outcome, PASS } from '../rule';
import type { Property } from '../template/property';
import type { TemplateGraph } from '../template/template-graph';
import { namesRecipient } from './audience';
import { TASK_DEFINITION } from './containers';
import { eachGate, tokensOf } from './gate-configuration';
import { gatesBehind } from './gate-targets';
import { actionsOf, LISTENER, LISTENER_RULE } from './load-balancing';

/** What the gate verifies by a key that signs nothing; HS256 has no such key. */
const ASYMMETRIC = ['RS256', 'ES256'];

function isAsymmetric(token: Property): readonly Outcome[] {
  const algorithms = token.get('algorithms');
  const entries = algorithms.items();
  if (entries.length === 0) return fail(algorithms, 'names no algorithm, so the gate takes no token');
  return each(entries, (algorithm) => expect(ASYMMETRIC.includes(algorithm.text() ?? ''), algorithm, `the gate admits ${algorithm.text() ?? ''}: whoever knows the verifying key can sign`));
}

/** A shared secret, or a set of keys that somebody on the way can replace. */
function keysAreIssuers(token: Property): readonly Outcome[] {
  const source = token.get('keys.source');
  const uri = token.get('keys.uri');
  if (source.text() === 'secret') return fail(source, 'the gate verifies tokens with a shared secret, which every verifier could use to sign');
  return expect(uri.partialText().text.startsWith('https://'), uri, 'the gate takes signing keys from something other than an https URL');
}

const algorithms = defineRule('IDN-2', 'gate-algorithms', {
  appliesTo: [TASK_DEFINITION],
  extent: 'the configuration of a gate',
  remediation: 'Name RS256 or ES256 only, and take the keys from the issuer\'s JWKS by https. In CDK, use GateProof.jwt.',
  check: (task) => eachGate(task, (configuration) => {
    if (configuration.get('profile').text() === 'local') return NOT_APPLICABLE;
    return each(tokensOf(configuration), (token) => all(() => isAsymmetric(token), () => keysAreIssuers(token)));
  }),
});

const profile = defineRule('IDN-2', 'gate-profile', {
  appliesTo: [TASK_DEFINITION],
  fatal: true,
  extent: 'the profile of a gate',
  remediation: 'Set profile to remote: local is for a machine without a load balancer. In CDK, Gate does.',
  check: (task) => eachGate(task, (configuration) => {
    const place = configuration.get('profile');
    const value = place.text();
    if (value === 'local') return fail(place, 'runs the gate in its local profile, where a shared secret may sign tokens');
    return expect(value === 'remote', place, 'runs the gate in a profile that it does not know');
  }),
});

const audience = defineRule('IDN-3', 'gate-audience', {
  appliesTo: [TASK_DEFINITION],
  extent: 'the configuration of a gate',
  remediation: 'Demand aud, or client_id together with token_use = access (Cognito access tokens), of every issuer\'s tokens.',
  check: (task) => eachGate(task, (configuration) => each(tokensOf(configuration), (token) => {
    const issuer = token.get('issuer');
    const claims = token.get('claims');
    const valuesOf = (name: string): Property[] => claims.items().filter((claim) => claim.get('name').text() === name).flatMap((claim) => claim.get('values').items());
    return [
      ...expect(issuer.partialText().text.trim() !== '', issuer, 'the gate takes tokens of an issuer without a name'),
      ...namesRecipient(valuesOf, claims, {
        nobodyNamed: 'the gate asks for neither aud nor client_id: any unexpired token of the issuer passes, whoever it was issued for',
        anyUse: 'the gate asks for client_id but not for token_use = access',
      }),
    ];
  })),
});

/** Only what is about tokens can be compared; a forward that leads elsewhere is no business of a gate. */
function comparesIssuer(config: Property, forward: Property, graph: TemplateGraph): readonly Outcome[] {
  const gates = gatesBehind(forward, graph);
  if (!gates) return NOT_APPLICABLE;
  const { text } = config.get('Issuer').partialText();
  return each(gates, ({ name, configuration }) => {
    const tokens = tokensOf(configuration);
    // A gate that takes no tokens leaves them to the load balancer, and asks for something else.
    if (tokens.length === 0) return PASS;
    return expect(tokens.some((token) => token.get('issuer').partialText().text === text), config.get('Issuer'), `lets tokens of an issuer pass that the gate in ${name} does not know`);
  });
}

const sameIssuer = defineRule('IDN-3', 'same-issuer', {
  appliesTo: [LISTENER, LISTENER_RULE],
  extent: 'listeners and rules in front of a gate',
  remediation: 'Name the same issuer at the load balancer and in the gate. In CDK, one Authorizer feeds both.',
  check(resource, graph) {
    const actions = actionsOf(resource);
    const forward = actions.find((action) => action.get('Type').text() === 'forward');
    if (!forward) return NOT_APPLICABLE;
    const checks = actions.filter((action) => action.get('Type').text() === 'jwt-validation').map((action) => action.get('JwtValidationConfig'));
    return each(checks, (config) => comparesIssuer(config, forward, graph));
  },
});

export const IDN_GATE_TOKEN_RULES = [algorithms, profile, audience, sameIssuer];
