import type { ControlId } from '../../controls';
import {
  CONTENT_TYPE_OPTIONS_ATTRIBUTE, FRAME_OPTIONS_ATTRIBUTE, HSTS_ATTRIBUTE, HSTS_MIN_SECONDS, RESPONSE_HEADER_ATTRIBUTES,
} from '../../ingress/response-headers';
import { defineRule, each, expect, fail, NOT_APPLICABLE, type Rule } from '../rule';
import type { Resource } from '../template/resource';
import type { TemplateGraph } from '../template/template-graph';
import { actionsOf, attributeValues, LISTENER, protocolOf, rulesOf } from './load-balancing';

interface ResponseHeader {
  readonly control: ControlId;
  readonly aspect: string;
  readonly header: string;
  /** The listener attribute that puts the header on every answer. */
  readonly attribute: string;
  readonly holds: (value: string) => boolean;
  /** Whether browsers heed it on a plain listener too, which should not answer but with a redirect. */
  readonly overHttp: boolean;
  /** What is wrong with a value that does not hold, as the end of the sentence that begins with it. */
  readonly wrong: string;
}

/** The lifetime the header asks for; browsers drop a header that names it twice, so that counts as none. */
function maxAgeOf(header: string): number {
  const [first, ...others] = header.split(';').map((directive) => /^\s*max-age\s*=(.*)$/i.exec(directive)?.[1]).filter((value) => value !== undefined);
  const seconds = /^\s*(?:(\d+)|"(\d+)")\s*$/.exec(first ?? '');
  return others.length > 0 ? 0 : Number(seconds?.[1] ?? seconds?.[2] ?? 0);
}

const RESPONSE_HEADERS: readonly ResponseHeader[] = [
  {
    control: 'HDR-3',
    aspect: 'nosniff',
    header: 'X-Content-Type-Options',
    attribute: CONTENT_TYPE_OPTIONS_ATTRIBUTE,
    holds: (value) => value === 'nosniff',
    overHttp: true,
    wrong: 'is not nosniff, the one value that browsers act on',
  },
  {
    control: 'HDR-4',
    aspect: 'frame-deny',
    header: 'X-Frame-Options',
    attribute: FRAME_OPTIONS_ATTRIBUTE,
    holds: (value) => value === 'DENY',
    overHttp: true,
    wrong: 'is not DENY, so some page may still frame the answer or browsers ignore the header',
  },
  {
    control: 'HDR-5',
    aspect: 'hsts',
    header: 'Strict-Transport-Security',
    attribute: HSTS_ATTRIBUTE,
    holds: (value) => maxAgeOf(value) >= HSTS_MIN_SECONDS,
    overHttp: false,
    wrong: `does not ask for a year (max-age=${HSTS_MIN_SECONDS})`,
  },
];

/** Whether anything that a listener does sends more than a redirect, which no browser shows. */
function answers(listener: Resource, graph: TemplateGraph): boolean {
  return [listener, ...rulesOf(listener, graph)].flatMap(actionsOf).some((action) => action.get('Type').text() !== 'redirect');
}

function defineHeaderRule({ control, aspect, header, attribute, holds, overHttp, wrong }: ResponseHeader): Rule {
  return defineRule(control, aspect, {
    appliesTo: [LISTENER],
    remediation: `Set the listener attribute ${attribute} to "${RESPONSE_HEADER_ATTRIBUTES[attribute] ?? ''}".`,
    check(listener, graph) {
      const protocol = protocolOf(listener);
      if (protocol !== 'HTTPS' && !(overHttp && protocol === 'HTTP' && answers(listener, graph))) return NOT_APPLICABLE;
      const places = attributeValues(listener, 'ListenerAttributes', attribute);
      if (places.length === 0) return fail(listener.prop('ListenerAttributes'), `sends no ${header} header on the answers that the load balancer makes itself`);
      return each(places, (place) => {
        const value = place.text() ?? '';
        return expect(holds(value), place, `"${value}" ${wrong}`);
      });
    },
  });
}

export const HDR_RULES = RESPONSE_HEADERS.map(defineHeaderRule);
