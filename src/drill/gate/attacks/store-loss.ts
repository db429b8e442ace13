import type { Attack, AttackResult } from '../../attack';
import type { WireRequest } from '../../scene';
import { LOSS_COUNTED, RATE_REMOVED } from '../rate-saboteurs';
import { GATE_BYPASSED } from '../saboteurs';
import { type AtGate, defineGateAttack } from './define';
import { becomes } from './streams';
import { counts, enoughFor, mostIn, nameOf, planOf, rateOf, servedOf, type Spot, spotOf, statusNow } from './spending';

/** How a gate may lose its store: connections end and no new one is taken, as of a node that fails; or they stay, and nobody answers. */
const WAYS = { cut: 'cut off', freeze: 'silent' } as const;

/** A gate tries again after a second at the latest, and may have to find out first that nobody answers. */
const RECOVERY_MS = 15_000;

/** The first request that nobody counts shows it; what was on its way may have been counted yet. */
const NOTICED_MS = 1000;

/** What may be served without the store: nothing, or what each of so many gates may grant by itself. */
function mostWithout(at: AtGate, { wants }: Spot, seconds: number): number {
  const rate = rateOf(at);
  const { onRedisLost } = rate;
  if (onRedisLost.kind === 'refuse') return 0;
  const { requests, burst, windowSeconds } = planOf(rate, wants).general;
  const part = (whole: number): number => Math.max(1, Math.floor(whole / onRedisLost.gates));
  const tasks = at.scene.hop(at.target.listener, at.target.rule).length;
  return tasks * mostIn({ requests: part(requests), burst: part(burst), windowSeconds }, seconds);
}

/** What was served that may not be. */
async function withoutStore(at: AtGate, light: Spot | undefined, heavy: Spot | undefined): Promise<readonly string[]> {
  const { onRedisLost, plan } = rateOf(at);
  const wrong: string[] = [];
  if (heavy !== undefined) {
    const request = await at.gate.request(heavy);
    await becomes(async () => await statusNow(at, request) !== 200, NOTICED_MS);
    const { served } = await servedOf(at, request, enoughFor(plan.heavy));
    if (served > 0) wrong.push(`${served} heavy requests were served`);
  }
  if (light !== undefined) {
    const request = await at.gate.request(light);
    if (onRedisLost.kind === 'refuse') await becomes(async () => await statusNow(at, request) !== 200, NOTICED_MS);
    const { served, seconds } = await servedOf(at, request, enoughFor(planOf(rateOf(at), light.wants).general));
    const most = mostWithout(at, light, seconds);
    if (served > most) wrong.push(`${served} light requests were served, where ${most} may be`);
  }
  return wrong;
}

/** Twice round the tasks: one that has not found its store again would be met. */
async function isServedByAll(at: AtGate, fresh: () => Promise<WireRequest>): Promise<boolean> {
  for (let left = 2 * Math.max(1, at.scene.hop(at.target.listener, at.target.rule).length); left > 0; left -= 1) if (await statusNow(at, await fresh()) !== 200) return false;
  return true;
}

const lost = defineGateAttack('RTL-6', 'gate-store-lost', {
  isAlone: true,
  tries: 'Takes a gate\'s store away in the middle of a run, once with an end of all connections and once with silence, and sends more than a budget has, heavy and light.',
  expects: 'Nothing heavy is served, and of light ones nothing, or no more than the gates may grant by themselves where that was chosen. Once the store is back, callers are served again.',
  needs: 'gate that counts requests',
  matches: counts,
  async run(at): Promise<AttackResult> {
    const [light, heavy] = [spotOf(at, 'light'), spotOf(at, 'heavy')];
    const spot = light ?? heavy;
    if (spot === undefined) throw new Error('every route of the policy overlaps with one of another budget');
    const fresh = (): Promise<WireRequest> => at.gate.request(spot);
    await nameOf(at, await fresh());
    const way = at.gate.wayToStore();
    const told: string[] = [];
    for (const [lose, how] of Object.entries(WAYS) as [keyof typeof WAYS, string][]) {
      at.scene.note(`The store is ${how}`);
      way?.[lose]();
      try {
        const wrong = await withoutStore(at, light, heavy);
        if (wrong.length > 0) return { verdict: 'succeeded', saw: `With the store ${how}, ${wrong.join(' and ')}.` };
      } finally {
        way?.heal();
      }
      const started = performance.now();
      if (!await becomes(() => isServedByAll(at, fresh), RECOVERY_MS)) return { verdict: 'succeeded', saw: `After the store was ${how}, nobody was served any more though it was back.` };
      told.push(`${how}: none too many was served, and callers were again ${((performance.now() - started) / 1000).toFixed(1)} s after it was back`);
    }
    return { verdict: 'withstood', saw: `With the store ${told.join('; ')}.` };
  },
  saboteurs: [RATE_REMOVED, LOSS_COUNTED, GATE_BYPASSED],
});

export const STORE_ATTACKS: readonly Attack[] = [lost];
