import { setTimeout as after } from 'node:timers/promises';
import { type Attack, type AttackResult, defineAttack } from '../attack';
import type { EdgeModel, ListenerModel } from '../edge/model';
import { liveSetsOf } from '../requests/web-acl';
import { lockdownRuleSaboteur, LOCKDOWN_BEHIND_ALLOW, LOCKDOWN_REMOVED } from '../web-acl-saboteurs';
import type { Scene, WireRequest } from '../scene';
import { gotThrough } from './attempts';
import { forwardingListeners, ruleOf, type RuleTarget } from './targets';

/** One of each half of either family, for a set holds no /0. Kept for documentation or private (RFC 5737, RFC 1918, RFC 3849, RFC 4193). */
const CALLERS = ['10.11.12.13', '203.0.113.21', '2001:db8::21', 'fd00::21'];

/** How long the edge may take: it reads its files again within milliseconds. */
const PATIENCE_MS = 1500;
const POLL_MS = 2;

/** Listeners in front of which a web ACL asks a lock-down switch. */
export function lockable(edge: EdgeModel): RuleTarget[] {
  return forwardingListeners(edge, ({ webAcl }: ListenerModel) => liveSetsOf(webAcl).length > 0);
}

/** Locks, does something, and opens again, whatever happens. */
export async function whileLocked<T>(scene: Scene, listener: ListenerModel, act: () => Promise<T>): Promise<T> {
  await scene.lockDown(listener, true);
  try {
    return await act();
  } finally {
    await scene.lockDown(listener, false);
  }
}

/** How long it took until the Core was no longer reached, or until it was again; undefined where it did not come to that. */
export async function millisecondsUntil(isServed: boolean, listener: ListenerModel, request: WireRequest, scene: Scene): Promise<number | undefined> {
  const started = performance.now();
  for (;;) {
    if (await gotThrough(scene, listener, request) === isServed) return performance.now() - started;
    if (performance.now() - started > PATIENCE_MS) return undefined;
    await after(POLL_MS);
  }
}

const lockedOut = defineAttack('INC-1', 'locked-out', {
  tries: 'Has the lock-down switch thrown, and calls with everything that the rules ask for, over IPv4 and IPv6.',
  expects: 'Nobody reaches the Core while it is thrown. How long AWS takes until that is so ("seconds to minutes", AWS WAF guide) is not proven here.',
  evidence: 'template-intent',
  needs: 'web ACL that asks a lock-down switch',
  targets: lockable,
  async run(target, scene): Promise<AttackResult> {
    const { listener } = target;
    const legitimate = await scene.legitimate(listener, ruleOf(target));
    const callers: WireRequest[] = [];
    for (const from of [legitimate.from, ...CALLERS]) {
      const request = { ...legitimate, ...(from === undefined ? {} : { from }) };
      if (await gotThrough(scene, listener, request)) callers.push(request);
    }
    const [first] = callers;
    if (first === undefined) throw new Error('Nobody was served before the switch was thrown.');
    const result = await whileLocked(scene, listener, async (): Promise<AttackResult> => {
      const denied = await millisecondsUntil(false, listener, first, scene);
      const served: string[] = [];
      for (const request of callers) if (await gotThrough(scene, listener, request)) served.push(request.from ?? 'anywhere');
      if (served.length > 0 || denied === undefined) return { verdict: 'succeeded', saw: `With the switch thrown the Core was still reached from ${served.join(', ')}.` };
      return { verdict: 'withstood', saw: `All ${callers.length} callers were refused ${denied.toFixed(0)} ms after the switch was thrown, on the local wire; AWS's own delay is not measured.` };
    });
    await millisecondsUntil(true, listener, first, scene);
    return result;
  },
  saboteurs: [
    LOCKDOWN_REMOVED,
    LOCKDOWN_BEHIND_ALLOW,
    lockdownRuleSaboteur('lock-down rule asks for IPv4 only', 'Ipv4SetArn'),
    lockdownRuleSaboteur('lock-down rule asks for IPv6 only', 'Ipv6SetArn'),
    lockdownRuleSaboteur('lock-down rule counts instead of blocking'),
  ],
});

/** INC-2 has none: who may open again is decided by the command line, which asks AWS before it does; no caller takes part in that. */
export const INC_ATTACKS: readonly Attack[] = [lockedOut];
