import { setTimeout as after } from 'node:timers/promises';
import type { BudgetConfiguration, PlanConfiguration, RateConfiguration } from '../../../gate/rate/contract';
import type { GateConfiguration, PolicyRoute, RouteTier } from '../../../gate/contract';
import type { OpenAnswer, WireRequest } from '../../scene';
import { flood, type FloodOptions, MAX_FLOOD } from '../../services/flood';
import type { CoreAnswer } from '../../services/sample-core';
import type { Draft } from '../../requests/matching';
import { draftOn, routesFor, together, type Wants, wantsOf } from '../wants';
import { answerTo, marked } from '../../attacks/attempts';
import type { AtGate } from './define';

/** Whether anything is counted. */
export const counts = ({ rate }: Pick<GateConfiguration, 'rate'>): boolean => rate !== undefined;

export function rateOf({ gate }: AtGate): RateConfiguration {
  const { rate } = gate.configuration;
  if (rate === undefined) throw new Error('the gate counts nothing');
  return rate;
}

/** What somebody with these roles may use, by the drill's own reading. */
export function planOf({ plan, overrides }: RateConfiguration, { roles }: Wants): PlanConfiguration {
  return overrides.find(({ by, name }) => by === 'role' && roles.includes(name))?.plan ?? plan;
}

/** Where requests of one kind go, and what they ask for. */
export interface Spot {
  readonly draft: Draft;
  readonly wants: Wants;
  readonly route: PolicyRoute;
}

/** The first route of a tier; undefined where the policy has none. What the policy lets in by several routes spends what is heaviest, and is left out. */
export function spotOf({ gate }: AtGate, tier: RouteTier): Spot | undefined {
  const { policy } = gate.configuration;
  for (const route of policy.routes) {
    const draft = draftOn(route, gate.draft());
    const met = routesFor(policy, draft.method, draft.path);
    if (met.every((each) => each.tier === tier)) return { draft, wants: together(met.map(({ access }) => wantsOf(access))), route };
  }
  return undefined;
}

/** Nobody has more at once, or in as many seconds: a bucket of the burst that is filled evenly, and never more than the window allows. */
export function mostIn({ requests, windowSeconds, burst }: BudgetConfiguration, seconds: number): number {
  const windows = 1 + Math.floor(seconds / windowSeconds);
  return Math.min(Math.floor(burst + requests / windowSeconds * seconds), requests * windows);
}

/** As many as show whether a budget holds: more than several tasks would grant if each counted by itself, and anew meanwhile. Throws where a drill must not send as many. */
export function enoughFor({ requests, windowSeconds, burst }: BudgetConfiguration): number {
  const count = 3 * burst + Math.ceil(3 * requests / windowSeconds) + 10;
  if (count > MAX_FLOOD) throw new Error(`A burst beyond ${burst} requests is more than the ${MAX_FLOOD} that a drill sends: it cannot be tried here.`);
  return count;
}

export interface Spending {
  readonly served: number;
  readonly refused: number;
  readonly seconds: number;
  /** Such as "Of 100 requests in 0.4 s 21 were served and 79 refused". */
  readonly told: string;
}

/** Kept for documentation (RFC 5737). */
const SPENDER = '203.0.113.77';
/** Faster than any budget is filled again, and no more than a busy machine keeps up with: a gate waits 300 ms for its store. */
const CONNECTIONS = 8;
/** What a gate says whose store did not answer in time. */
const BUSY = 503;
const TRIES = 3;
const PAUSE_MS = 500;
/** One request costs little, and a machine is busy for seconds. */
const TRIES_OF_ONE = 10;

/**
 * Sends more requests than a budget has, as fast as a few connections can, past a listener that verifies nobody: again where nothing was refused for being too
 * much since the gate was too busy to know. Throws where it stays so, or where anything else is answered.
 */
export async function spend({ gate, scene }: AtGate, request: WireRequest, budget: BudgetConfiguration, options?: Pick<FloodOptions, 'varied'>): Promise<Spending> {
  const count = enoughFor(budget);
  const to = { ...scene.address(gate.open), tls: gate.open.tls !== undefined };
  const started = performance.now();
  const answers = new Map<number, number>();
  const of = (status: number): number => answers.get(status) ?? 0;
  const secondsSince = (): number => (performance.now() - started) / 1000;
  const isDecided = (): boolean => of(429) > 0 || of(BUSY) === 0 || of(200) > mostIn(budget, secondsSince());
  let sent = 0;
  for (let left = TRIES; left > 0; left -= 1) {
    const flooded = await flood(to, { ...request, from: SPENDER }, count, { connections: CONNECTIONS, ...options });
    for (const [status, times] of flooded.answers) answers.set(status, of(status) + times);
    sent += count;
    if (isDecided()) break;
    await after(PAUSE_MS);
  }
  const hasShown = isDecided();
  const seconds = secondsSince();
  const [served, refused] = [of(200), of(429)];
  const told = `Of ${sent} requests in ${seconds.toFixed(1)} s ${served} were served and ${refused} refused${of(BUSY) === 0 ? '' : `, and ${of(BUSY)} not decided`}`;
  scene.note(told);
  const others = [...answers.keys()].filter((status) => ![200, 429, BUSY].includes(status));
  if (others.length > 0) throw new Error(`Requests were answered ${others.sort().join(', ')}, which says nothing of a budget.`);
  if (!hasShown) throw new Error(`${told}: the gate is too busy to count.`);
  return { served, refused, seconds, told };
}

/** How many are served of so many requests, whatever the others are answered. */
export async function servedOf({ gate, scene }: AtGate, request: WireRequest, count: number): Promise<Pick<Spending, 'served' | 'seconds'>> {
  const { answers, seconds } = await flood({ ...scene.address(gate.open), tls: gate.open.tls !== undefined }, { ...request, from: SPENDER }, count, { connections: CONNECTIONS });
  scene.note(`Of ${count} requests in ${seconds.toFixed(1)} s ${answers.get(200) ?? 0} were served`);
  return { served: answers.get(200) ?? 0, seconds };
}

/** What somebody is told who is sending too much: he goes on while he looks, or his budget would be filled again on a busy machine. */
export async function refusalTo(at: AtGate, request: WireRequest, count: number): Promise<OpenAnswer> {
  const { gate, scene } = at;
  for (let left = TRIES; left > 0; left -= 1) {
    const state = { isOver: false };
    const spending = servedOf(at, request, count).finally(() => {
      state.isOver = true;
    });
    // Whoever waits for it hears of it; until then nobody does.
    spending.catch(() => undefined);
    let refused: OpenAnswer | undefined;
    while (refused === undefined && !state.isOver) {
      const answer = await scene.open(gate.open, request);
      answer.close();
      if (answer.status !== 200 && answer.status !== BUSY) refused = answer;
    }
    await spending;
    if (refused !== undefined) return refused;
  }
  throw new Error(`Who had spent everything was not refused in ${TRIES * count} further requests.`);
}

/** What a request is answered at once: it is sent again only where the gate is too busy to know. */
export async function decisionOn(at: AtGate, request: WireRequest): Promise<number> {
  for (let left = TRIES_OF_ONE; ; left -= 1) {
    const status = await statusNow(at, request);
    if (status !== BUSY || left === 1) return status;
    await after(PAUSE_MS);
  }
}

/** Nothing is sent a second time. */
export async function statusNow({ gate, scene }: AtGate, request: WireRequest): Promise<number> {
  const answer = await scene.open(gate.open, request);
  answer.close();
  return answer.status;
}

/** How the Core is told who called. Throws where it hears of nothing. */
export async function nameOf(at: AtGate, request: WireRequest): Promise<string> {
  const { gate, scene } = at;
  await decisionOn(at, request);
  const canary = scene.canary();
  let answer = await answerTo(scene, gate.open, marked(request, canary));
  for (let left = TRIES_OF_ONE; answer?.status === BUSY && left > 1; left -= 1) {
    await after(PAUSE_MS);
    answer = await answerTo(scene, gate.open, marked(request, canary));
  }
  if (scene.reached(canary) === 0 || answer === undefined) throw new Error(`a good request was not served before anything was spent, but answered ${answer?.status ?? 'with nothing'}`);
  // A stream begins with the same words.
  const [json = ''] = /\{.*\}/.exec(answer.body) ?? [];
  return ((JSON.parse(json) as CoreAnswer).headers[gate.configuration.core.identityHeader] ?? []).join();
}

/** Somebody else who may do the same; undefined where all callers are one to the gate, as machines with one client id are. */
export async function somebodyElse(at: AtGate, name: string, { draft, wants }: Pick<Spot, 'draft' | 'wants'>): Promise<WireRequest | undefined> {
  const request = await at.gate.request({ draft, wants });
  return await nameOf(at, request) === name ? undefined : request;
}
