import { setTimeout as after } from 'node:timers/promises';
import type { Attack, AttackResult } from '../../attack';
import type { OpenAnswer, WireRequest } from '../../scene';
import { ANSWER_HEADER } from '../../services/sample-core';
import { RATE_REMOVED, STREAMS_RAISED } from '../rate-saboteurs';
import { GATE_BYPASSED } from '../saboteurs';
import { type AtGate, defineGateAttack, withHeader } from './define';
import { counts, decisionOn, nameOf, planOf, rateOf, somebodyElse, spotOf } from './spending';

/** Longer than any attack looks at one. */
const STREAM_SECONDS = 60;
const POLL_MS = 50;
/** Within which a place that has become free can be taken: at once, but for a caller's leaving that has to get through the edge. */
const FREED_MS = 5000;

/** The same request, to be answered with a stream that does not end by itself. */
export function streaming(request: WireRequest): WireRequest {
  return withHeader(unannounced(request), 'accept', 'text/event-stream');
}

/** Likewise, by a Core that nobody has asked for one. */
function unannounced(request: WireRequest): WireRequest {
  return withHeader(request, ANSWER_HEADER, JSON.stringify({ streamsForSeconds: STREAM_SECONDS }));
}

/** Opens a stream; where there was too much of something, when it may be sent again. Throws where there is none. */
export async function opened({ gate, scene }: AtGate, request: WireRequest): Promise<OpenAnswer> {
  for (let left = 5; ; left -= 1) {
    const answer = await scene.open(gate.open, request);
    if (answer.status === 200 && answer.headers['content-type']?.startsWith('text/event-stream')) return answer;
    answer.close();
    if (![429, 503].includes(answer.status) || left === 0) throw new Error(`a stream could not be opened, but was answered ${answer.status}`);
    await after(Number(answer.headers['retry-after'] ?? 1) * 1000);
  }
}

/** Whether something becomes so in time. */
export async function becomes(isSo: () => Promise<boolean> | boolean, withinMs: number): Promise<boolean> {
  const end = performance.now() + withinMs;
  while (!await isSo()) {
    if (performance.now() > end) return false;
    await after(POLL_MS);
  }
  return true;
}

const cap = defineGateAttack('RTL-4', 'gate-streams', {
  isAlone: true,
  tries: 'Opens one stream more than a caller may have, to all tasks of the gate: one that is announced, and one that only the Core\'s answer shows to be one. Then leaves one of those before.',
  expects: [
    'The one too many is refused either way, while a plain request of the same caller and a stream of somebody else are served; the place of the one that was left is free within',
    `${FREED_MS / 1000} s. That a task which is killed leaves no place taken is shown in the gate's own tests, for it takes as long as a lease.`,
  ].join(' '),
  needs: 'gate that counts streams',
  matches: counts,
  async run(at): Promise<AttackResult> {
    const spot = spotOf(at, 'light') ?? spotOf(at, 'heavy');
    if (spot === undefined) throw new Error('every route of the policy overlaps with one of another budget');
    const { streams } = planOf(rateOf(at), spot.wants);
    const request = await at.gate.request(spot);
    const other = await somebodyElse(at, await nameOf(at, request), spot);
    const open: OpenAnswer[] = [];
    try {
      while (open.length < streams) open.push(await opened(at, streaming(request)));
      for (const [how, one] of [['announced', streaming(request)], ['unannounced', unannounced(request)]] as const) {
        const status = await decisionOn(at, one);
        if (status === 200) return { verdict: 'succeeded', saw: `With ${streams} streams open, one more that was ${how} was served.` };
        if (status !== 429) throw new Error(`one stream more was answered ${status}, which says nothing of how many there are`);
      }
      if (!spot.route.streams && await decisionOn(at, request) !== 200) throw new Error('a plain request was refused beside the streams, so what refused them is not known');
      if (other !== undefined) open.push(await opened(at, streaming(other)));
      open[0]?.close();
      const again = async (): Promise<boolean> => {
        const answer = await at.scene.open(at.gate.open, streaming(request));
        open.push(answer);
        return answer.status === 200;
      };
      if (!await becomes(again, FREED_MS)) return { verdict: 'succeeded', saw: `A stream that was left kept its place for more than ${FREED_MS / 1000} s: a caller can be locked out.` };
      return { verdict: 'withstood', saw: `With ${streams} streams open, one more was refused, announced or not; when one was left, its place was free.` };
    } finally {
      open.forEach((answer) => answer.close());
    }
  },
  saboteurs: [STREAMS_RAISED, RATE_REMOVED, GATE_BYPASSED],
});

export const STREAM_ATTACKS: readonly Attack[] = [cap];
