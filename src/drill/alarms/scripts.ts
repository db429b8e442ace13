import { setTimeout as after } from 'node:timers/promises';
import { KEY_SET_MAX_AGE_SECONDS } from '../../gate/contract';
import type { RuleTarget } from '../attacks/targets';
import { type AtGate, withHeader, withoutHeader, withPath } from '../gate/attacks/define';
import { counts, enoughFor, planOf, rateOf, spotOf, statusNow } from '../gate/attacks/spending';
import { becomes, opened, streaming } from '../gate/attacks/streams';
import type { RunningGate } from '../gate/house';
import type { OpenAnswer, WireRequest } from '../scene';
import { flood } from '../services/flood';
import { ANSWER_HEADER } from '../services/sample-core';
import type { EdgeMetrics } from './edge-metrics';

/** A gate of its own that something happens to, and who counts at the edge before it. */
export interface OnStage {
  readonly at: AtGate;
  readonly target: RuleTarget;
  readonly running: RunningGate;
  readonly edge: EdgeMetrics;
  /** How many requests make an attack. */
  readonly volume: number;
}

/** One minute in the life of a gate. */
export interface Script {
  /** As the end of "when". */
  readonly when: string;
  /** Whether it can happen to a gate. @default - to every one */
  readonly suits?: (at: Pick<AtGate, 'gate'>) => boolean;
  play(stage: OnStage): Promise<void>;
}

export type ScriptName = keyof typeof SCRIPTS;

/** Kept for documentation (RFC 5737). */
const CALLER = '203.0.113.78';
/** Slower than a gate can answer: what it is too busy to decide would be another kind of failure. */
const CONNECTIONS = 4;
/** No more of one caller than the smallest budgets leave him at once. */
const AT_ONCE = 10;
/** Of a minute in which nothing is wrong: more than a percentage of requests needs to mean something. */
const QUIET_CALLERS = 4;
const MALFORMED = 40;
/** A gate reads its flag every two seconds, and a machine that is busy takes longer. */
const PATIENCE_MS = 30_000;
/** Old enough to be told of, and good for verifying yet. */
const OLD_SECONDS = 0.9 * KEY_SET_MAX_AGE_SECONDS;

/** Sends a request several times to the gate, past a load balancer that verifies nobody. */
async function sent({ at: { gate, scene }, edge }: OnStage, request: WireRequest, times: number): Promise<ReadonlyMap<number, number>> {
  const { answers } = await flood({ ...scene.address(gate.open), tls: gate.open.tls !== undefined }, { ...request, from: CALLER }, times, { connections: CONNECTIONS });
  for (const [status, count] of answers) edge.count('target', status, count);
  return answers;
}

const bare = ({ at: { gate } }: OnStage, request: WireRequest): WireRequest => withoutHeader(request, 'authorization', gate.configuration.identity.key?.header ?? 'x-api-key');
const stranger = (stage: OnStage, request: WireRequest): WireRequest => withHeader(bare(stage, request), 'authorization', 'Bearer nobody');

async function goodOnes(stage: OnStage, callers: number, alter: (request: WireRequest) => WireRequest = (request) => request): Promise<void> {
  for (let left = callers; left > 0; left -= 1) await sent(stage, alter(await stage.at.gate.request()), AT_ONCE);
}

/** What no load balancer understands: it has no Host. Counted at the edge, which answers by itself. */
async function malformed({ at: { scene }, target: { listener }, edge }: OnStage): Promise<void> {
  for (let left = MALFORMED; left > 0; left -= 1) {
    const answer = await scene.sendRaw(listener, 'GET / HTTP/1.1\r\n\r\n');
    edge.count('edge', Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1] ?? 0));
  }
}

/** One caller, proven, who sends more than his budget has. */
async function overspending(stage: OnStage): Promise<void> {
  const { at, volume } = stage;
  const spot = counts(at.gate.configuration) ? spotOf(at, 'light') ?? spotOf(at, 'heavy') : undefined;
  if (spot === undefined) return;
  const plan = planOf(rateOf(at), spot.wants);
  const budget = spot.route.tier === 'heavy' ? plan.heavy : plan.general;
  const request = await at.gate.request(spot);
  let refused = 0;
  // As often as a busy machine lets the budget be filled again meanwhile.
  for (let left = 5; refused < volume && left > 0; left -= 1) refused += (await sent(stage, request, enoughFor(budget) + volume)).get(429) ?? 0;
}

async function withoutStore(stage: OnStage): Promise<void> {
  const { at, running: { wayToStore } } = stage;
  if (wayToStore === undefined) return;
  const request = await at.gate.request();
  wayToStore.cut();
  try {
    await sent(stage, request, AT_ONCE);
  } finally {
    wayToStore.heal();
  }
  if (!await becomes(async () => await statusNow(at, request) === 200, PATIENCE_MS)) throw new Error('after the store was away, nobody is served any more');
}

async function locked(stage: OnStage): Promise<void> {
  const { at } = stage;
  const request = await at.gate.request();
  await at.gate.lock(true);
  // Of both tasks: each of them says it of itself.
  const isLocked = async (): Promise<boolean> => {
    for (let left = 4; left > 0; left -= 1) if (await statusNow(at, request) !== 503) return false;
    return true;
  };
  if (!await becomes(isLocked, PATIENCE_MS)) throw new Error('the gate was told to lock, and serves on');
}

/** Who is asked while nobody runs any more is the load balancer, and it answers by itself. */
async function callers({ at: { gate, scene }, edge }: OnStage, times: number): Promise<void> {
  for (let left = times; left > 0; left -= 1) {
    const answer = await scene.open(gate.open, await gate.request());
    answer.close();
    edge.count('edge', answer.status);
  }
}

/** Streams at every task, one of which is killed with them; the other finds out that it is missing. */
async function killedAtWork({ at, running }: OnStage): Promise<void> {
  const [victim] = running.tasks;
  const open: OpenAnswer[] = [];
  try {
    // Two turns, so that each task has one.
    for (let left = 2 * running.tasks.length; left > 0; left -= 1) open.push(await opened(at, streaming(await at.gate.request())));
    await after(1500);
    await victim?.kill();
    if (!await becomes(() => at.gate.output().includes('"audit-gap"'), PATIENCE_MS + 15_000)) throw new Error('no other gate has noticed that one was killed');
  } finally {
    open.forEach((answer) => answer.close());
  }
}

/** What happens to gates, minute by minute. What they measure meanwhile is their own word: the last line of metrics, which each task writes when it is told to leave. */
export const SCRIPTS = {
  'quiet': {
    when: 'callers are served, and two of them slip',
    play: async (stage) => {
      await goodOnes(stage, QUIET_CALLERS);
      const request = await stage.at.gate.request();
      await sent(stage, stranger(stage, request), 1);
      await sent(stage, withPath(request, '/no/such/path'), 1);
    },
  },
  'failing-core': {
    when: 'the Core answers every request with 500, and others send what cannot be read',
    play: async (stage) => {
      await goodOnes(stage, 6, (request) => withHeader(request, ANSWER_HEADER, JSON.stringify({ status: 500 })));
      await malformed(stage);
    },
  },
  'hostile': {
    when: 'somebody tries credentials, and somebody else spends more than his budget',
    play: async (stage) => {
      await sent(stage, stranger(stage, await stage.at.gate.request()), stage.volume);
      await overspending(stage);
    },
  },
  'in-trouble': {
    when: 'the keys of the issuer are old, the store was away, and callers are locked out',
    play: async (stage) => {
      if (stage.at.gate.configuration.identity.tokens.length > 0) await stage.at.gate.age(OLD_SECONDS);
      await goodOnes(stage, 1);
      await withoutStore(stage);
      await locked(stage);
    },
  },
  'nobody-left': {
    when: 'every task was killed',
    play: async (stage) => {
      await Promise.all(stage.running.tasks.map((task) => task.kill()));
      await callers(stage, QUIET_CALLERS * AT_ONCE);
    },
  },
  'killed-at-work': { when: 'a task was killed with requests under way', suits: ({ gate }) => counts(gate.configuration), play: killedAtWork },
} as const satisfies Readonly<Record<string, Script>>;
