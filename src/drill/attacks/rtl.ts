import { listed } from '../../listed';
import { type Attack, type AttackResult, type AttackTarget, defineAttack } from '../attack';
import type { ListenerModel } from '../edge/model';
import { WEB_ACL_ASSOCIATION } from '../edge/translate/types';
import { RATE_RULE_REMOVED, rateRuleSaboteur, removal } from '../saboteurs';
import type { Scene, WireRequest } from '../scene';
import { flood, MAX_FLOOD } from '../services/flood';
import { answerTo, gotThrough, MAX_LISTED } from './attempts';
import { type AddressLimit, type Flooder, floodersOf } from './flooders';
import { forwardingListeners, forwards, leadsToCore, ruleOf } from './targets';
import { withoutCredentials } from './tokens';

/** How far beyond the limit a flood goes, so that a limit which is a little late still shows. */
const EXCESS = 1.3;
/** How much of a flood a limit may let through beyond what it promises: neither AWS nor Envoy counts to the request. */
const TOLERANCE = 1.05;
/** What is sent where nothing promises a limit. */
const WITHOUT_LIMIT = 2000;

const floodOne = defineAttack('RTL-1', 'flood', {
  tries: [
    `Sends a third more requests from one address than the web ACL admits (${MAX_FLOOD} at most; ${WITHOUT_LIMIT} where it names no limit);`,
    'where it limits addresses unalike, from one of each kind.',
  ].join(' '),
  expects: 'The web ACL stops them at its limit, and another address is still served.',
  evidence: 'template-intent',
  needs: 'listener that forwards',
  targets: (edge) => forwardingListeners(edge, undefined, leadsToCore),
  async run(target, scene): Promise<AttackResult> {
    const legitimate = await scene.legitimate(target.listener, ruleOf(target));
    const seen: string[] = [];
    for (const flooder of floodersOf(target.listener.webAcl, legitimate.from)) {
      const { verdict, saw } = await floodFrom(flooder, legitimate, target, scene);
      if (verdict === 'succeeded') return { verdict, saw };
      seen.push(saw);
    }
    return { verdict: 'withstood', saw: seen.join(' ') };
  },
  saboteurs: [
    removal('WebACLAssociation deleted', 'AWS::WAFv2::WebACLAssociation'),
    rateRuleSaboteur('rate-based rule counts instead of blocking', (rule) => ({ ...rule, Action: { Count: {} } })),
    RATE_RULE_REMOVED,
    rateRuleSaboteur('Limit raised a thousandfold', (rule, rate) => ({ ...rule, Statement: { RateBasedStatement: { ...rate, Limit: Number(rate.Limit) * 1000 } } })),
  ],
});

async function floodFrom({ address, limit }: Flooder, legitimate: WireRequest, target: AttackTarget, scene: Scene): Promise<AttackResult> {
  const { listener } = target;
  if (limit === undefined) refuseUnknown(listener, scene);
  const count = limit === undefined ? WITHOUT_LIMIT : Math.ceil(limit.rate.limit * EXCESS) + 10;
  if (limit !== undefined && count > MAX_FLOOD) {
    throw new Error(`A flood beyond ${limit.rate.limit} requests is more than the ${MAX_FLOOD} that a drill sends: it cannot be tried here.`);
  }
  const request = { ...await floodable(scene, target, legitimate, limit), from: address };
  const { status: usual } = await scene.send(listener, request);
  if (usual === limit?.status) throw new Error(`The answer ${usual} to ${address} is what the web ACL's limit gives too, so the two cannot be told apart.`);
  const { answers, seconds } = await flood({ ...scene.address(listener), tls: listener.tls !== undefined }, request, count);
  const sent = `Of ${count} requests from ${address} in ${seconds.toFixed(1)} s ${summary(answers)}`;
  scene.note(sent);
  const admitted = limit === undefined ? count - 1 : limit.rate.limit * (1 + seconds / limit.rate.windowSeconds) * TOLERANCE;
  if ((answers.get(usual) ?? 0) > admitted) return { verdict: 'succeeded', saw: `${sent}: no limit stopped them.` };
  if (!await isServed(target, legitimate, usual, scene)) return { verdict: 'succeeded', saw: `${sent}, and afterwards another address was no longer served.` };
  return { verdict: 'withstood', saw: `${sent}; another address was still served.` };
}

/** A limit may stand in what is in none of the templates; then its absence is no finding. */
function refuseUnknown({ webAcl }: ListenerModel, { model }: Scene): void {
  const unknown = model.notEmulated.find(({ type, place, property }) => (
    webAcl === undefined ? type === WEB_ACL_ASSOCIATION : place.logicalId === webAcl.place.logicalId && place.stack === webAcl.place.stack && property.endsWith('.RuleGroupReferenceStatement')
  ));
  if (unknown !== undefined) throw new Error(`Whether ${unknown.place.logicalId} limits anybody is not known: ${unknown.reason}.`);
}

/**
 * The web ACL is asked before any rule, so a flood needs no credentials: it costs the edge less and the Core nothing. Only where the rules
 * would refuse it with the web ACL's own status must it be let through, or the two could not be told apart.
 */
async function floodable(scene: Scene, target: AttackTarget, legitimate: WireRequest, limit: AddressLimit | undefined): Promise<WireRequest> {
  const bare = { ...withoutCredentials(legitimate, target), client: legitimate.client };
  const { status } = await scene.send(target.listener, bare);
  return status === limit?.status ? legitimate : bare;
}

/** Where a login stops everybody, it is enough that callers still get as far as that. */
async function isServed(target: AttackTarget, request: WireRequest, usual: number, scene: Scene): Promise<boolean> {
  if (forwards(ruleOf(target))) return gotThrough(scene, target.listener, request);
  return (await answerTo(scene, target.listener, request))?.status === usual;
}

function summary(answers: ReadonlyMap<number, number>): string {
  return listed([...answers].sort(([a], [b]) => a - b).map(([status, count]) => `${count} were answered ${status}`), MAX_LISTED);
}

export const RTL_ATTACKS: readonly Attack[] = [floodOne];
