import { defineRule, fail, NOT_APPLICABLE, PASS } from '../rule';
import { attribute, LISTENER, protocolOf } from './load-balancing';

const HSTS = 'routing.http.response.strict_transport_security.header_value';

/** One year, in seconds: what browsers' preload lists ask for. */
const MIN_MAX_AGE = 31_536_000;

const hsts = defineRule('HDR-5', 'hsts', {
  appliesTo: [LISTENER],
  remediation: `Set the listener attribute ${HSTS} to "max-age=${MIN_MAX_AGE}; includeSubDomains".`,
  check(listener) {
    if (protocolOf(listener) !== 'HTTPS') return NOT_APPLICABLE;
    const place = attribute(listener, 'ListenerAttributes', HSTS);
    const value = place?.text();
    if (place === undefined || value === undefined) return fail(listener.prop('ListenerAttributes'), 'sends no Strict-Transport-Security header on the answers that the load balancer makes itself');
    const maxAge = /(?:^|;)\s*max-age="?(\d+)"?\s*(?:;|$)/i.exec(value)?.[1];
    return Number(maxAge ?? 0) >= MIN_MAX_AGE ? PASS : fail(place, `"${value}" is shorter than a year (max-age=${MIN_MAX_AGE})`);
  },
});

export const HDR_RULES = [hsts];
