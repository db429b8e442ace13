import { randomUUID } from 'node:crypto';
import { listed } from '../../../listed';
import type { RevocationKind } from '../../../gate/contract';
import type { Attack, AttackResult } from '../../attack';
import { answerTo, MAX_LISTED } from '../../attacks/attempts';
import type { OpenAnswer, WireAnswer, WireRequest } from '../../scene';
import { tokensOf } from '../callers';
import { GATE_BYPASSED } from '../saboteurs';
import { routesFor, together, wantsOf } from '../wants';
import { type AtGate, defineGateAttack, takesKeys, takesTokens, withHeader } from './define';
import { statusAt } from '../ask-task';
import { becomes, opened, streaming } from './streams';

/** Within which what is withdrawn is refused by every task (IDN-4), and everybody is once callers are locked out (INC-1). */
const DENIED_MS = 5000;
const DENIED_SECONDS = DENIED_MS / 1000;
/** Twice round the tasks of a gate: what one of them still lets through is met. */
const ROUND = 4;

type IsMeant = (answer: WireAnswer) => boolean;

const isServed: IsMeant = ({ status }) => status === 200;
const isDenied: IsMeant = ({ status }) => status === 401;
/** By its code, since a gate that is too busy is answered 503 as well. */
const isLockedOut: IsMeant = ({ status, body }) => status === 503 && body.includes('"locked_down"');

async function allAnswer({ gate, scene }: AtGate, request: WireRequest, isMeant: IsMeant): Promise<boolean> {
  for (let left = ROUND; left > 0; left -= 1) {
    const answer = await answerTo(scene, gate.open, request);
    if (answer === undefined || !isMeant(answer)) return false;
  }
  return true;
}

/** How long it took; undefined where it took too long. */
async function secondsUntil(isSo: () => Promise<boolean> | boolean): Promise<string | undefined> {
  const started = performance.now();
  return await becomes(isSo, DENIED_MS) ? ((performance.now() - started) / 1000).toFixed(1) : undefined;
}

interface Withdrawable {
  readonly name: string;
  readonly kind: RevocationKind;
  readonly value: string;
  readonly request: WireRequest;
}

async function withdrawable({ gate, target }: AtGate): Promise<Withdrawable[]> {
  const { configuration } = gate;
  const found: Withdrawable[] = [];
  const verifiesClients = target.listener.tls?.clients?.mode === 'verify';
  if (takesTokens(configuration, verifiesClients)) {
    const { issuer } = tokensOf(configuration);
    const [jti, sub] = [`drill-${randomUUID()}`, `drill-${randomUUID()}`];
    found.push({ name: 'a token', kind: 'jti', value: `${issuer} ${jti}`, request: await gate.request({ proof: 'token', claims: { jti } }) });
    found.push({ name: 'a subject', kind: 'sub', value: `${issuer} ${sub}`, request: await gate.request({ proof: 'token', subject: sub }) });
  }
  if (takesKeys(configuration, verifiesClients)) {
    const { policy, identity } = configuration;
    const { method, path } = gate.draft();
    const key = await gate.mintKey({ prefix: identity.key?.prefix ?? '', scopes: together(routesFor(policy, method, path).map(({ access }) => wantsOf(access))).scopes });
    found.push({ name: 'a key', kind: 'key', value: key.digest, request: withHeader(await gate.request({ proof: 'key' }), identity.key?.header ?? '', key.text) });
  }
  if (found.length === 0) throw new Error('The gate takes nothing that could be withdrawn there.');
  return found;
}

const revoked = defineGateAttack('IDN-4', 'gate-revoked', {
  tries: 'Opens a stream with a token, as a subject and with a key, has each of them withdrawn, and goes on calling every task of the gate.',
  expects: `Every task refuses within ${DENIED_SECONDS} seconds, and what was open is cut by then.`,
  needs: 'gate that takes tokens or API keys',
  matches: (configuration, verifiesClients) => takesTokens(configuration, verifiesClients) || takesKeys(configuration, verifiesClients),
  async run(at): Promise<AttackResult> {
    const all = await withdrawable(at);
    const streams: OpenAnswer[] = [];
    try {
      for (const { name, request } of all) {
        if (!await allAnswer(at, request, isServed)) throw new Error(`${name} was not served before it was withdrawn.`);
        streams.push(await opened(at, streaming(request)));
      }
      const outcomes = await Promise.all(all.map(async ({ name, kind, value, request }, index) => {
        if (streams[index]?.isOver() !== false) throw new Error(`The stream of ${name} ended before it was withdrawn.`);
        await at.gate.revoke(kind, value);
        const [denied, cut] = await Promise.all([secondsUntil(() => allAnswer(at, request, isDenied)), secondsUntil(() => streams[index]?.isOver() ?? false)]);
        return { name, denied, cut };
      }));
      const wrong = outcomes.flatMap(({ name, denied, cut }) => [
        ...(denied === undefined ? [`${name} still opened requests`] : []),
        ...(cut === undefined ? [`the stream of ${name} was still open`] : []),
      ]);
      if (wrong.length > 0) return { verdict: 'succeeded', saw: `${DENIED_SECONDS} s after it was withdrawn, ${listed(wrong, MAX_LISTED)}.` };
      const times = outcomes.map(({ name, denied, cut }) => `${name} after ${denied ?? ''} s, its stream after ${cut ?? ''} s`);
      return { verdict: 'withstood', saw: `Refused by every task: ${times.join('; ')}.` };
    } finally {
      streams.forEach((stream) => stream.close());
    }
  },
  saboteurs: [GATE_BYPASSED],
});

const lockedOut = defineGateAttack('INC-1', 'gate-locked-out', {
  tries: 'Opens a stream, has the flag of a lock-down set in the gate\'s table, and goes on calling every task of the gate, past the web ACL.',
  expects: `Within ${DENIED_SECONDS} seconds every task refuses everybody with 503 and the stream is cut; once the flag is gone, callers are served again.`,
  async run(at): Promise<AttackResult> {
    const request = await at.gate.request();
    const stream = await opened(at, streaming(request));
    try {
      await at.gate.lock(true);
      const [denied, cut] = await Promise.all([secondsUntil(() => allAnswer(at, request, isLockedOut)), secondsUntil(() => stream.isOver())]);
      if (denied === undefined) return { verdict: 'succeeded', saw: `${DENIED_SECONDS} s after the flag was set, not every one of ${ROUND} requests was refused.` };
      if (cut === undefined) return { verdict: 'succeeded', saw: `${DENIED_SECONDS} s after the flag was set, a stream was still open.` };
      return { verdict: 'withstood', saw: `Every task refused after ${denied} s, and the stream was cut after ${cut} s.` };
    } finally {
      stream.close();
      await at.gate.lock(false);
      await becomes(() => allAnswer(at, request, isServed), 2 * DENIED_MS);
    }
  },
  saboteurs: [GATE_BYPASSED],
});

/** How often every task is asked again after all have refused: one that forgets would let somebody in. */
const AGAIN = 10;

/** Asked by its own port, as the load balancer does, so that nobody chooses another one. */
async function refusedByAll({ target, scene }: AtGate, request: WireRequest): Promise<boolean> {
  // Where there is no gate any more, a Core stands there that speaks no TLS.
  const ask = async (port: number): Promise<number | undefined> => await statusAt(port, request) ?? statusAt(port, request, true);
  const answers = await Promise.all(scene.hop(target.listener, target.rule).map(({ port }) => ask(port)));
  return answers.every((status) => status === 401);
}

const timeToDeny = defineGateAttack('INC-3', 'gate-time-to-deny', {
  tries: 'Has keys, tokens and subjects withdrawn at one moment, as somebody does who follows the runbook, and asks every task of the gate by itself from then on.',
  expects: `Every one of them refuses within ${DENIED_SECONDS} seconds, and goes on refusing. The time is measured; how long AWS takes to store an entry is not in it.`,
  needs: 'gate that takes tokens or API keys without a certificate',
  matches: (configuration, verifiesClients) => !verifiesClients && (takesTokens(configuration, verifiesClients) || takesKeys(configuration, verifiesClients)),
  async run(at): Promise<AttackResult> {
    const all = await withdrawable(at);
    const tasks = at.scene.hop(at.target.listener, at.target.rule).length;
    for (const { name, request } of all) if (!await allAnswer(at, request, isServed)) throw new Error(`${name} was not served before it was withdrawn.`);
    await Promise.all(all.map(({ kind, value }) => at.gate.revoke(kind, value)));
    const outcomes = await Promise.all(all.map(async ({ name, request }) => ({ name, request, denied: await secondsUntil(() => refusedByAll(at, request)) })));
    const late = outcomes.filter(({ denied }) => denied === undefined).map(({ name }) => name);
    if (late.length > 0) return { verdict: 'succeeded', saw: `${DENIED_SECONDS} s after it was withdrawn, ${listed(late, MAX_LISTED)} still opened a task.` };
    for (let left = AGAIN; left > 0; left -= 1) {
      for (const { name, request } of outcomes) if (!await refusedByAll(at, request)) return { verdict: 'succeeded', saw: `A task that had refused ${name} let it in again.` };
    }
    return { verdict: 'withstood', saw: `Refused by each of ${tasks} tasks: ${outcomes.map(({ name, denied }) => `${name} after ${denied ?? ''} s`).join('; ')}.` };
  },
  saboteurs: [GATE_BYPASSED],
});

export const WITHDRAWN_ATTACKS: readonly Attack[] = [revoked, timeToDeny, lockedOut];
