import { HSTS_ATTRIBUTE, HSTS_MIN_SECONDS } from '../../ingress/response-headers';
import type { ControlId } from '../../controls';
import { type Attack, defineAttack, type Saboteur } from '../attack';
import type { EdgeModel } from '../edge/model';
import { attributeSaboteur } from '../saboteurs';
import type { WireRequest } from '../scene';
import { ANSWER_HEADER, type WishedAnswer } from '../services/sample-core';
import { forwardedAnswer } from './attempts';
import { REFUSAL_ATTACKS } from './hdr-refusals';
import { maxAgeOf } from './max-age';
import { forwardsIn, ruleOf, type RuleTarget } from './targets';

interface Reflection {
  readonly aspect: string;
  readonly header: string;
  readonly expects: string;
  readonly needs: string;
  readonly targets: (edge: EdgeModel) => readonly RuleTarget[];
  /** What a careless Core would send itself. */
  readonly careless: string;
  /** Whether the browser is told what it must be told; undefined stands for no header. */
  readonly holds: (value: string | undefined) => boolean;
  readonly saboteurs: readonly [Saboteur, ...Saboteur[]];
}

/**
 * Looks at one header of what the Core answers. Only of answers that the Core made: AWS does not say whether the load balancer puts its
 * headers on answers of its own.
 */
export function defineReflection(control: ControlId, { aspect, header, expects, needs, targets, careless, holds, saboteurs }: Reflection): Attack {
  return defineAttack(control, aspect, {
    tries: `Has the Core answer with success, with errors and with a ${header} header of its own, and looks at what callers receive.`,
    expects,
    evidence: 'template-intent',
    needs,
    targets,
    async run(target, scene) {
      const request = await scene.legitimate(target.listener, ruleOf(target));
      const wishes: readonly WishedAnswer[] = [{}, { status: 404 }, { status: 500 }, { headers: { [header]: careless } }];
      for (const wish of wishes) {
        const { status, headers: { [header]: value } } = await forwardedAnswer(scene, target.listener, wishing(request, wish));
        if (holds(value)) continue;
        return { verdict: 'succeeded', saw: `An answer of the Core with status ${status} has ${value === undefined ? `no ${header} header` : `${header}: ${value}`}.` };
      }
      return { verdict: 'withstood', saw: `All of ${wishes.length} answers of the Core held to it.` };
    },
    saboteurs,
  });
}

function wishing(request: WireRequest, wish: WishedAnswer): WireRequest {
  return { ...request, headers: { ...request.headers, [ANSWER_HEADER]: JSON.stringify(wish) } };
}

/** AWS says that the attributes set the headers (elasticloadbalancing, header-modification), and leaves open what is on answers of its own. */
const ASSUMED = 'What the load balancer answers itself is left out, since AWS does not say whether it has them.';

const nosniff = defineReflection('HDR-3', {
  aspect: 'nosniff',
  header: 'x-content-type-options',
  expects: `nosniff on every one of them. ${ASSUMED}`,
  needs: 'rule that forwards without a login',
  targets: forwardsIn,
  careless: 'none',
  holds: (value) => value?.toLowerCase() === 'nosniff',
  saboteurs: [attributeSaboteur('routing.http.response.x_content_type_options.header_value')],
});

const FRAME_ATTRIBUTE = 'routing.http.response.x_frame_options.header_value';

const frameDeny = defineReflection('HDR-4', {
  aspect: 'frame-deny',
  header: 'x-frame-options',
  expects: `DENY on every one of them. ${ASSUMED}`,
  needs: 'rule that forwards without a login',
  targets: forwardsIn,
  careless: 'ALLOWALL',
  holds: (value) => value?.toUpperCase() === 'DENY',
  saboteurs: [attributeSaboteur(FRAME_ATTRIBUTE), attributeSaboteur(FRAME_ATTRIBUTE, 'SAMEORIGIN')],
});

const hsts = defineReflection('HDR-5', {
  aspect: 'hsts',
  header: 'strict-transport-security',
  expects: `max-age of a year (${HSTS_MIN_SECONDS}) or more on every one of them. ${ASSUMED}`,
  needs: 'rule of an HTTPS listener that forwards without a login',
  targets: (edge) => forwardsIn(edge).filter(({ listener }) => listener.tls !== undefined),
  careless: 'max-age=0',
  holds: (value) => maxAgeOf(value) >= HSTS_MIN_SECONDS,
  saboteurs: [attributeSaboteur(HSTS_ATTRIBUTE), attributeSaboteur(HSTS_ATTRIBUTE, 'max-age=0'), attributeSaboteur(HSTS_ATTRIBUTE, 'max-age=300; includeSubDomains')],
});

export const HDR_ATTACKS: readonly Attack[] = [nosniff, frameDeny, hsts, ...REFUSAL_ATTACKS];
