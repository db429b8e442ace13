import { type Attack, type AttackResult, defineAttack } from '../attack';
import type { ListenerModel, WafStatement, WebAclModel } from '../edge/model';
import { RATE_RULE_REMOVED, rateRuleSaboteur, removal } from '../saboteurs';
import type { Scene, WireRequest } from '../scene';
import { flood, MAX_FLOOD } from '../services/flood';
import { gotThrough, listed } from './attempts';
import { forwardingListeners, ruleOf } from './targets';
import { withoutCredentials } from './tokens';

/** How far beyond the limit a flood goes, so that a limit which is a little late still shows. */
const EXCESS = 1.3;
/** How much of a flood a limit may let through beyond what it promises: neither AWS nor Envoy counts to the request. */
const TOLERANCE = 1.05;
/** What is sent where nothing promises a limit. */
const WITHOUT_LIMIT = 2000;

/** Kept for documentation (RFC 5737): nobody else calls from there. */
const DOCUMENTATION_ADDRESS = '203.0.113.10';

interface AddressLimit {
  readonly rate: Extract<WafStatement, { kind: 'rate' }>;
  /** What those beyond it are answered with. */
  readonly status: number;
}

/** The lowest limit by address that blocks. */
function limitOf(acl: WebAclModel | undefined): AddressLimit | undefined {
  const limits = (acl?.rules ?? []).flatMap(({ action, statement }): AddressLimit[] => (
    action.kind === 'block' && statement.kind === 'rate' && statement.key.kind === 'address' ? [{ rate: statement, status: action.status }] : []
  ));
  return limits.sort((a, b) => a.rate.limit - b.rate.limit)[0];
}

const floodOne = defineAttack('RTL-1', 'flood', {
  tries: `Sends a third more requests from one address than the web ACL admits (${MAX_FLOOD} at most; ${WITHOUT_LIMIT} where it names no limit).`,
  expects: 'The web ACL stops them at its limit, and another address is still served.',
  evidence: 'template-intent',
  needs: 'listener that forwards',
  targets: (edge) => forwardingListeners(edge),
  async run(target, scene): Promise<AttackResult> {
    const { listener } = target;
    const limit = limitOf(listener.webAcl);
    const count = limit === undefined ? WITHOUT_LIMIT : Math.ceil(limit.rate.limit * EXCESS) + 10;
    if (limit !== undefined && count > MAX_FLOOD) {
      throw new Error(`A flood beyond ${limit.rate.limit} requests is more than the ${MAX_FLOOD} that a drill sends: it cannot be tried here.`);
    }
    const legitimate = await scene.legitimate(listener, ruleOf(target));
    const bystander = legitimate.from ?? DOCUMENTATION_ADDRESS;
    const request = { ...await floodable(scene, listener, legitimate, limit), from: neighbourOf(bystander) };
    const { status: usual } = await scene.send(listener, request);
    const { answers, seconds } = await flood({ ...scene.address(listener), tls: listener.tls !== undefined }, request, count);
    const sent = `Of ${count} requests from ${request.from} in ${seconds.toFixed(1)} s ${summary(answers)}`;
    scene.note(sent);
    const admitted = limit === undefined ? count - 1 : limit.rate.limit * (1 + seconds / limit.rate.windowSeconds) * TOLERANCE;
    if ((answers.get(usual) ?? 0) > admitted) return { verdict: 'succeeded', saw: `${sent}: no limit stopped them.` };
    if (!await gotThrough(scene, listener, { ...legitimate, from: bystander })) return { verdict: 'succeeded', saw: `${sent}, and afterwards ${bystander} was no longer served.` };
    return { verdict: 'withstood', saw: `${sent}; ${bystander} was still served.` };
  },
  saboteurs: [
    removal('WebACLAssociation deleted', 'AWS::WAFv2::WebACLAssociation'),
    rateRuleSaboteur('rate-based rule counts instead of blocking', (rule) => ({ ...rule, Action: { Count: {} } })),
    RATE_RULE_REMOVED,
    rateRuleSaboteur('Limit raised a thousandfold', (rule, rate) => ({ ...rule, Statement: { RateBasedStatement: { ...rate, Limit: Number(rate.Limit) * 1000 } } })),
  ],
});

/**
 * The web ACL is asked before any rule, so a flood needs no credentials: it costs the edge less and the Core nothing. Only where the rules
 * would refuse it with the web ACL's own status must it be let through, or the two could not be told apart.
 */
async function floodable(scene: Scene, listener: ListenerModel, legitimate: WireRequest, limit: AddressLimit | undefined): Promise<WireRequest> {
  const bare = { ...withoutCredentials(legitimate), client: legitimate.client };
  const { status } = await scene.send(listener, bare);
  return status === limit?.status ? legitimate : bare;
}

/** An address that differs in its last digit, and so is most likely in the same networks. */
function neighbourOf(address: string): string {
  return address.replace(/[0-9a-f]$/i, (digit) => (digit === '1' ? '2' : '1'));
}

function summary(answers: ReadonlyMap<number, number>): string {
  return listed([...answers].sort(([a], [b]) => a - b).map(([status, count]) => `${count} were answered ${status}`));
}

export const RTL_ATTACKS: readonly Attack[] = [floodOne];
