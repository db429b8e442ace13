import { type Attack, defineAttack } from '../attack';
import type { EdgeModel, ListenerModel } from '../edge/model';
import { meetsAll } from '../requests/matching';
import { HOSTS_WIDENED, PATHS_WIDENED } from '../rule-saboteurs';
import { DEFAULT_FORWARDS, MUTUAL_OFF, together } from '../saboteurs';
import type { WireRequest } from '../scene';
import { type Attempt, tryAll } from './attempts';
import { draftOf } from './floods';
import { forwardingListeners, leadsToCore, ruleOf, type RuleTarget, takesEverything } from './targets';

/** What a Core often answers beside what it is for. */
const PATHS = ['/', '/drill-undeclared', '/docs', '/openapi.json', '/metrics', '/debug', '/internal/jobs'];
const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];
const HOST = 'undeclared.example';

/** Requests that no rule forwards, each with everything that is good about a legitimate one. */
function undeclared({ rules }: ListenerModel, legitimate: WireRequest): Attempt[] {
  const variants: Attempt[] = [
    ...[...PATHS, `${legitimate.path.split('?')[0] ?? ''}/drill-undeclared`].map((path) => ({ name: path, request: { ...legitimate, path } })),
    ...METHODS.map((method) => ({ name: `${method} ${legitimate.path}`, request: { ...legitimate, method } })),
    { name: `the host ${HOST}`, request: { ...legitimate, headers: { ...legitimate.headers, host: HOST } } },
  ];
  return variants.filter(({ request }) => {
    const draft = { ...draftOf(request), host: Object.entries(request.headers).find(([name]) => name.toLowerCase() === 'host')?.[1] ?? '127.0.0.1' };
    const rule = rules.find((candidate) => meetsAll(candidate, draft));
    return rule === undefined || !leadsToCore(rule);
  });
}

/** Where something is left that no rule declares: a listener that forwards whatever comes promises nothing. */
function choosy(edge: EdgeModel): RuleTarget[] {
  return forwardingListeners(edge, ({ rules }) => !rules.some((rule) => leadsToCore(rule) && rule.conditions.every(takesEverything)));
}

const undeclaredRoutes = defineAttack('AZN-1', 'undeclared-routes', {
  tries: 'Calls with everything that is good, by paths, methods and hosts that no rule declares.',
  expects: 'None of them reaches the Core.',
  evidence: 'template-intent',
  needs: 'listener that forwards some requests and not others',
  targets: choosy,
  async run(target, scene) {
    const attempts = undeclared(target.listener, await scene.legitimate(target.listener, ruleOf(target)));
    if (attempts.length === 0) throw new Error('The rules declare everything that was thought of.');
    return tryAll(scene, target.listener, attempts);
  },
  saboteurs: [together('default action becomes forward', DEFAULT_FORWARDS, MUTUAL_OFF), PATHS_WIDENED, HOSTS_WIDENED],
});

export const AZN_ATTACKS: readonly Attack[] = [undeclaredRoutes];
