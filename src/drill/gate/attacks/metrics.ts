import { listed } from '../../../listed';
import type { Attack, AttackResult } from '../../attack';
import { answerTo, marked, MAX_LISTED } from '../../attacks/attempts';
import type { WireRequest } from '../../scene';
import { GATE_BYPASSED, METRICS_TARGETED } from '../saboteurs';
import { routesFor } from '../wants';
import { type AtGate, defineGateAttack, verdict, withHeader, withoutHeader } from './define';
import { becomes } from './streams';
import { everything } from './walk';

/** Where programs tell of themselves, and spellings of it. */
const PATHS = [
  '/metrics', '/metrics/', '/METRICS', '/.gate/metrics', '/.gate/../metrics', '//metrics', '/%6detrics', '/metrics?name[]=gateway_requests_total', '/actuator/prometheus', '/stats/prometheus',
];

/** What an exposition begins with, or holds. */
const EXPOSED = /^# (?:HELP|TYPE) |^gateway_\w+/m;

/** Whether the policy lets somebody who is proven ask the Core for it: a Core that takes every path decides about this one too. */
function isDeclared({ gate }: AtGate, path: string): boolean {
  const [plain = ''] = path.split('?');
  return routesFor(gate.configuration.policy, 'GET', plain).length > 0;
}

interface Asking {
  readonly name: string;
  readonly request: WireRequest;
}

async function askers(at: AtGate): Promise<readonly Asking[]> {
  const { gate } = at;
  const good = { ...await gate.request({ wants: everything(at) }), method: 'GET' };
  const bare = withoutHeader(good, 'authorization', gate.configuration.identity.key?.header ?? 'x-api-key');
  return PATHS.flatMap((path) => [
    { name: `${path} as a stranger`, request: { ...bare, path } },
    ...(isDeclared(at, path) ? [] : [{ name: `${path} with everything that is good`, request: { ...good, path } }]),
  ]);
}

/** How often a request is sent that is served, and one that is refused. */
const PROBES = 3;
const COUNTED_MS = 5000;

/** By how much what the tasks count together has grown, once they have counted as much as was sent; undefined where nobody can ask. */
async function miscounted({ gate, scene }: AtGate): Promise<string[] | undefined> {
  const sums = async (): Promise<Readonly<Record<string, number>>> => {
    const tasks = await gate.scrape();
    const sum = (name: string): number => tasks.reduce((total, task) => total + (task.get(name) ?? 0), 0);
    return Object.fromEntries(['gateway_requests_total', 'gateway_key_auth_allowed_total', 'gateway_key_auth_blocked_total'].map((name) => [name, sum(name)]));
  };
  if ((await gate.scrape()).length === 0) return undefined;
  const good = await gate.request();
  const bad = withHeader(withoutHeader(good, gate.configuration.identity.key?.header ?? 'x-api-key'), 'authorization', 'Bearer x');
  const before = await sums();
  // Nothing may be sent a second time.
  for (let left = PROBES; left > 0; left -= 1) for (const request of [good, bad]) (await scene.open(gate.open, request)).close();
  const due: Readonly<Record<string, number>> = { gateway_requests_total: 2 * PROBES, gateway_key_auth_allowed_total: PROBES, gateway_key_auth_blocked_total: PROBES };
  let grown: Readonly<Record<string, number>> = {};
  await becomes(async () => {
    const now = await sums();
    grown = Object.fromEntries(Object.keys(due).map((name) => [name, (now[name] ?? 0) - (before[name] ?? 0)]));
    return Object.entries(due).every(([name, count]) => grown[name] === count);
  }, COUNTED_MS);
  return Object.entries(due).filter(([name, count]) => grown[name] !== count).map(([name, count]) => `${name} grew by ${grown[name] ?? 0} and not by ${count}`);
}

const scraped = defineGateAttack('MON-3', 'gate-metrics', {
  tries: 'Asks for metrics where callers come in, by several paths, as a stranger and with everything that is good; and counts requests where Prometheus asks.',
  expects: 'No caller is shown any, nor asks the Core for them unless the policy says so; where Prometheus may ask, counters grow by exactly what was sent.',
  async run(at): Promise<AttackResult> {
    const { gate, scene } = at;
    const shown: string[] = [];
    const asking = await askers(at);
    for (const { name, request } of asking) {
      const canary = scene.canary();
      const answer = await answerTo(scene, gate.open, marked(request, canary));
      if (scene.reached(canary) > 0 || EXPOSED.test(answer?.body ?? '')) shown.push(name);
    }
    if (shown.length > 0) return { verdict: 'succeeded', saw: `Metrics were given away, or asked of the Core, by ${listed(shown, MAX_LISTED)}.` };
    const wrong = await miscounted(at);
    const seen = `None of ${asking.length} callers was shown any metrics`;
    const counted = wrong === undefined ? 'Prometheus has no port there' : 'counters grew by what was sent';
    return verdict(wrong ?? [], (what) => `What is counted is not what was sent: ${listed(what, MAX_LISTED)}.`, `${seen}; ${counted}.`);
  },
  saboteurs: [METRICS_TARGETED, GATE_BYPASSED],
});

export const METRIC_ATTACKS: readonly Attack[] = [scraped];
