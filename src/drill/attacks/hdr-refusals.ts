import { HSTS_MIN_SECONDS } from '../../ingress/response-headers';
import type { ControlId } from '../../controls';
import { type Attack, defineAttack } from '../attack';
import type { ListenerModel } from '../edge/model';
import { within } from '../edge/statements';
import { refusalHeaderSaboteur } from '../web-acl-saboteurs';
import { lockable, millisecondsUntil, whileLocked } from './inc';
import { maxAgeOf } from './max-age';
import { ruleOf } from './targets';

/** Whether those whom the switch locks out are told the header. */
function promises({ webAcl }: ListenerModel, header: string): boolean {
  return (webAcl?.rules ?? []).some(({ action, statement }) => (
    action.kind === 'block' && within(statement).some((each) => each.kind === 'ip-set' && each.live !== undefined) && (action.headers ?? []).some(({ name }) => name.toLowerCase() === header)
  ));
}

/** What a web ACL answers bears what its rules say and, as far as is documented, nothing of the listener's (M-12). */
function defineRefusal(control: ControlId, header: string, expects: string, holds: (value: string | undefined) => boolean): Attack {
  return defineAttack(control, 'refusals', {
    tries: `Has callers locked out, and looks at the ${header} header of what the web ACL answers.`,
    expects: `${expects} Answers of the load balancer's own (404, 401, redirects) are left out: AWS does not say whether its attributes reach them.`,
    evidence: 'template-intent',
    needs: `web ACL whose lock-down answers with ${header}`,
    targets: (edge) => lockable(edge).filter(({ listener }) => promises(listener, header)),
    async run(target, scene) {
      const { listener } = target;
      const request = await scene.legitimate(listener, ruleOf(target));
      const { status, headers: { [header]: value } } = await whileLocked(scene, listener, async () => {
        if (await millisecondsUntil(false, listener, request, scene) === undefined) throw new Error('Nobody was locked out.');
        return scene.send(listener, request);
      });
      await millisecondsUntil(true, listener, request, scene);
      return holds(value)
        ? { verdict: 'withstood', saw: `The web ACL's answer ${status} has ${header}: ${value ?? ''}.` }
        : { verdict: 'succeeded', saw: `The web ACL's answer ${status} has ${value === undefined ? `no ${header}` : `${header}: ${value}`}.` };
    },
    saboteurs: [refusalHeaderSaboteur(header)],
  });
}

export const REFUSAL_ATTACKS: readonly Attack[] = [
  defineRefusal('HDR-3', 'x-content-type-options', 'nosniff.', (value) => value?.toLowerCase() === 'nosniff'),
  defineRefusal('HDR-4', 'x-frame-options', 'DENY.', (value) => value?.toUpperCase() === 'DENY'),
  defineRefusal('HDR-5', 'strict-transport-security', `max-age of a year (${HSTS_MIN_SECONDS}) or more.`, (value) => maxAgeOf(value) >= HSTS_MIN_SECONDS),
];
