import { HSTS_ATTRIBUTE, HSTS_MIN_SECONDS } from '../../ingress/response-headers';
import { defineRule, each, expect, fail, NOT_APPLICABLE } from '../rule';
import { attributeValues, LISTENER, protocolOf } from './load-balancing';

/** The lifetime the header asks for; browsers drop a header that names it twice, so that counts as none. */
function maxAgeOf(header: string): number {
  const [first, ...others] = header.split(';').map((directive) => /^\s*max-age\s*=(.*)$/i.exec(directive)?.[1]).filter((value) => value !== undefined);
  const seconds = /^\s*(?:(\d+)|"(\d+)")\s*$/.exec(first ?? '');
  return others.length > 0 ? 0 : Number(seconds?.[1] ?? seconds?.[2] ?? 0);
}

const hsts = defineRule('HDR-5', 'hsts', {
  appliesTo: [LISTENER],
  remediation: `Set the listener attribute ${HSTS_ATTRIBUTE} to "max-age=${HSTS_MIN_SECONDS}; includeSubDomains".`,
  check(listener) {
    if (protocolOf(listener) !== 'HTTPS') return NOT_APPLICABLE;
    const places = attributeValues(listener, 'ListenerAttributes', HSTS_ATTRIBUTE);
    if (places.length === 0) return fail(listener.prop('ListenerAttributes'), 'sends no Strict-Transport-Security header on the answers that the load balancer makes itself');
    return each(places, (place) => {
      const value = place.text() ?? '';
      return expect(maxAgeOf(value) >= HSTS_MIN_SECONDS, place, `"${value}" does not ask for a year (max-age=${HSTS_MIN_SECONDS})`);
    });
  },
});

export const HDR_RULES = [hsts];
