import type { Attack, AttackTarget } from '../../src/drill/attack';
import { ruleOf } from '../../src/drill/attacks/targets';
import type { EdgeModel, RuleModel } from '../../src/drill/edge/model';
import { configurationOf, type GateModel } from '../../src/drill/gate/model';
import { gateOf } from '../../src/drill/gate/translate';
import type { PolicyRoute } from '../../src/gate/contract';

/** Parts of what a gate is told, and of the door that leads to it. */
type Part = 'proofs' | 'names' | 'tokens' | 'routes' | 'budgets' | 'passing' | 'browsers' | 'people' | 'Prometheus';
const PARTS: readonly Part[] = ['proofs', 'names', 'tokens', 'routes', 'budgets', 'passing', 'browsers', 'people', 'Prometheus'];

/**
 * What an attack that costs seconds, since it sends hundreds of requests, waits or starts processes, goes by: how a caller proves who he is, how he is named, what he
 * may spend. Nothing else of what a gate is told changes what it sends or looks at; with no part at all, any gate is as good as another. An attack that is not here goes
 * by all of them.
 */
const GOES_BY: Readonly<Record<string, readonly Part[]>> = {
  'AUD-1.gate-every-decision': ['proofs', 'names', 'budgets', 'people'],
  'AZN-1.gate-path-tricks': ['proofs', 'routes'],
  'AZN-1.gate-undeclared-routes': ['proofs', 'routes', 'people'],
  'AZN-2.gate-scope-matrix': ['proofs', 'routes', 'tokens'],
  'AZN-4.gate-wildcards': ['proofs', 'routes', 'tokens'],
  'AZN-5.gate-scope-sources': ['proofs', 'tokens'],
  'CFG-6.gate-refuses-to-start': [],
  'HDR-1.gate-origins': ['proofs', 'browsers'],
  'HDR-2.gate-credentials-for-all': ['proofs', 'browsers'],
  'HDR-3.gate-refusals': ['proofs', 'browsers'],
  'HDR-4.gate-refusals': ['proofs', 'browsers'],
  'HDR-5.gate-refusals': ['proofs', 'browsers'],
  'HDR-6.gate-development-origins': ['proofs', 'browsers'],
  'HDR-7.gate-forged-forwarding': ['proofs', 'names'],
  'IDN-1.gate-strangers': ['proofs', 'browsers', 'people'],
  'IDN-2.gate-algorithms': ['proofs', 'tokens'],
  'IDN-3.gate-claims': ['proofs', 'tokens'],
  'IDN-4.gate-revoked': ['proofs', 'names'],
  'IDN-5.gate-unknown-keys': ['proofs', 'tokens'],
  'IDN-7.gate-forged-identity': ['proofs', 'names', 'people'],
  'IDN-11.gate-clock': ['proofs', 'tokens'],
  'INC-1.gate-locked-out': ['proofs'],
  'INC-3.gate-time-to-deny': ['proofs', 'names'],
  'RED-1.gate-logs': ['proofs', 'passing'],
  'RED-2.gate-traces': ['proofs', 'passing'],
  'RED-5.gate-key-in-query': ['proofs', 'passing'],
  'RTL-2.gate-per-identity': ['proofs', 'names', 'budgets'],
  'RTL-3.gate-heavy-budget': ['proofs', 'names', 'budgets'],
  'RTL-4.gate-streams': ['proofs', 'names', 'budgets'],
  'RTL-5.gate-rotated-callers': ['proofs', 'names', 'budgets'],
  'RTL-6.gate-store-lost': ['budgets'],
  'TLS-7.gate-raw-requests': ['proofs'],
};

const shapeOf = ({ method, subtree, access, tier, streams }: PolicyRoute): string => JSON.stringify({ any: method === 'ANY', subtree, access: access.kind, tier, streams });

/** By what one gate is told from another, part by part: addresses, names of things and figures of connections are left out, since no attack goes by them. */
function traitsOf(gate: GateModel, { listener }: AttackTarget, rule: RuleModel): Readonly<Record<Part, readonly string[]>> {
  const { core, cors, identity, metrics, policy, rate } = configurationOf(gate);
  const { identityHeader, keyHeader, passes, publicHealth, removedHeaders, scopesHeader } = core;
  const tiers = [...new Set(policy.routes.map(({ tier }) => tier))].sort();
  return {
    proofs: [
      `takes ${JSON.stringify(identity.accept)}`, `a key as ${JSON.stringify(identity.key ?? 'none')}`,
      `certificates at the door: ${listener.tls?.clients?.mode ?? 'none'}`, `subjects of certificates: ${identity.certificate !== undefined}`,
    ],
    names: identity.tokens.flatMap(({ endUserClaim, subjectClaim }) => [`subject in ${subjectClaim}`, `person in ${endUserClaim ?? 'none'}`]),
    tokens: [
      `checked at the door: ${rule.actions.some(({ kind }) => kind === 'jwt')}`,
      ...identity.tokens.flatMap(({ algorithms, claims, keys, rolesClaim, scopesClaim }) => [
        `signed by ${algorithms.join()}`, `with ${claims.map(({ name }) => name).join()}`, `keys by ${keys.source}`, `roles in ${rolesClaim ?? 'none'}`, `scopes in ${scopesClaim}`,
      ]),
    ],
    routes: [...policy.routes.map(shapeOf), `roles: ${Object.keys(policy.roles).length > 0}`],
    budgets: [`spends ${tiers.join()}`, `counts ${JSON.stringify({ ...rate, redis: { isCluster: rate?.redis.isCluster } })}`],
    passing: [JSON.stringify({ identityHeader, keyHeader, passes, publicHealth, removedHeaders, scopesHeader })],
    browsers: [`browsers: ${cors !== undefined}`],
    people: [`people: ${identity.admin !== undefined}`],
    Prometheus: [`Prometheus: ${metrics.port !== undefined}`],
  };
}

/** What an attack meets of a gate that it goes by; nothing where there is no gate. */
export function metBy({ id }: Attack, target: AttackTarget): readonly string[] {
  const rule = ruleOf(target);
  const gate = gateOf(rule);
  if (gate === undefined) return [];
  const traits = traitsOf(gate, target, rule);
  return ['a gate', ...(GOES_BY[id] ?? PARTS).flatMap((part) => traits[part])];
}

/**
 * Attacks on gates of which each meets all that one gate is told from another by, and not every gate: it is one program, and twice the same is learned where it
 * is told the same. Others, and whatever is not about a gate, stay as they are.
 */
export function onceForEachTrait(attacks: readonly Attack[], worlds: readonly EdgeModel[]): Attack[] {
  return attacks.map((attack) => {
    if (attack.evidence !== 'real-artefact') return attack;
    const chosen = new Set(covering(attack, worlds.flatMap((world) => attack.targets(world))).map(nameOf));
    return { ...attack, targets: (world) => attack.targets(world).filter((target) => chosen.has(nameOf(target))) };
  });
}

/** Again and again the target with most of what has not been met yet. */
function covering(attack: Attack, targets: readonly AttackTarget[]): AttackTarget[] {
  const missing = new Set(targets.flatMap((target) => metBy(attack, target)));
  const newOf = (target: AttackTarget): number => new Set(metBy(attack, target).filter((trait) => missing.has(trait))).size;
  const chosen: AttackTarget[] = [];
  while (missing.size > 0) {
    const [best] = [...targets].sort((one, other) => newOf(other) - newOf(one));
    if (best === undefined) break;
    chosen.push(best);
    for (const trait of metBy(attack, best)) missing.delete(trait);
  }
  return chosen;
}

/** A gate is attacked once for each listener. */
const nameOf = ({ listener: { place } }: AttackTarget): string => `${place.stack}/${place.logicalId}`;
