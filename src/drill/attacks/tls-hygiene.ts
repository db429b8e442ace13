import { type Attack, defineAttack } from '../attack';
import { loadBalancerAttributeSaboteur } from '../saboteurs';
import { forwardedAnswer } from './attempts';
import { forwardingListeners, ruleOf } from './targets';

/** Names that a target may read as another header's. AWS: "a valid name has letters, digits and hyphens" (load-balancer-attributes). */
const NAMES = ['x_drill_smuggled', 'x.drill.smuggled', 'content_length', 'transfer_encoding', 'x-forwarded_for', 'authorization_', 'host!'];
const DROP = 'routing.http.drop_invalid_header_fields.enabled';

/**
 * Ambiguous lengths have no attack: Envoy refuses them in every desync mode, so that one which lets them pass could not be told from one that does not.
 */
const invalidHeaders = defineAttack('TLS-7', 'invalid-headers', {
  tries: `Sends headers whose names are none by the load balancer's rules: ${NAMES.join(', ')}.`,
  expects: 'The Core receives the request and none of them.',
  evidence: 'template-intent',
  needs: 'listener that forwards and whose load balancer drops invalid headers',
  targets: (edge) => forwardingListeners(edge, ({ hygiene }) => hygiene.dropInvalidHeaders),
  async run(target, scene) {
    const request = await scene.legitimate(target.listener, ruleOf(target));
    const arrived: string[] = [];
    for (const name of NAMES) {
      const smuggled = scene.canary();
      await forwardedAnswer(scene, target.listener, { ...request, headers: { ...request.headers, [name]: smuggled } });
      if (scene.reached(smuggled) > 0) arrived.push(name);
    }
    return arrived.length > 0
      ? { verdict: 'succeeded', saw: `The Core received ${arrived.join(', ')}.` }
      : { verdict: 'withstood', saw: `The Core received ${NAMES.length} requests and none of their invalid headers.` };
  },
  saboteurs: [loadBalancerAttributeSaboteur(DROP, 'false'), loadBalancerAttributeSaboteur(DROP)],
});

export const HYGIENE_ATTACKS: readonly Attack[] = [invalidHeaders];
