import { defineRule, each, expect, fail, NOT_APPLICABLE } from '../rule';
import { attributeValues, LISTENER, protocolOf } from './load-balancing';

const HSTS = 'routing.http.response.strict_transport_security.header_value';

/** One year, in seconds: what browsers' preload lists ask for. */
const MIN_MAX_AGE = 31_536_000;

/** The lifetime the header asks for; browsers drop a header that names it twice, so that counts as none. */
function maxAgeOf(header: string): number {
  const [first, ...others] = header.split(';').map((directive) => /^\s*max-age\s*=(.*)$/i.exec(directive)?.[1]).filter((value) => value !== undefined);
  const seconds = /^\s*(?:(\d+)|"(\d+)")\s*$/.exec(first ?? '');
  return others.length > 0 ? 0 : Number(seconds?.[1] ?? seconds?.[2] ?? 0);
}

const hsts = defineRule('HDR-5', 'hsts', {
  appliesTo: [LISTENER],
  remediation: `Set the listener attribute ${HSTS} to "max-age=${MIN_MAX_AGE}; includeSubDomains".`,
  check(listener) {
    if (protocolOf(listener) !== 'HTTPS') return NOT_APPLICABLE;
    const places = attributeValues(listener, 'ListenerAttributes', HSTS);
    if (places.length === 0) return fail(listener.prop('ListenerAttributes'), 'sends no Strict-Transport-Security header on the answers that the load balancer makes itself');
    return each(places, (place) => {
      const value = place.text() ?? '';
      return expect(maxAgeOf(value) >= MIN_MAX_AGE, place, `"${value}" does not ask for a year (max-age=${MIN_MAX_AGE})`);
    });
  },
});

export const HDR_RULES = [hsts];
