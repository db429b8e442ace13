import { REQUEST_HYGIENE } from '../../ingress/request-hygiene';
import { all, defineRule, each, expect, fail, NOT_APPLICABLE, type Outcome, PASS, undecidable } from '../rule';
import type { Property } from '../template/property';
import type { Resource } from '../template/resource';
import {
  actionsOf, actionsPlace, attributeValues, CLASSIC_LOAD_BALANCER, isApplicationLoadBalancer, LISTENER, LISTENER_RULE, listenerOf, LOAD_BALANCER, protocolOf, TARGET_GROUP,
  targetGroupsOf,
} from './load-balancing';

/** Encrypted from the first byte; QUIC always is. */
const ENCRYPTED_PROTOCOLS = new Set(['HTTPS', 'TLS', 'QUIC']);

/** TLS 1.3 and nothing older (AWS ELB, describe-ssl-policies). */
export const TLS_1_3_POLICIES = [
  'ELBSecurityPolicy-TLS13-1-3-2021-06',
  'ELBSecurityPolicy-TLS13-1-3-FIPS-2023-04',
  'ELBSecurityPolicy-TLS13-1-3-PQ-2025-09',
  'ELBSecurityPolicy-TLS13-1-3-FIPS-PQ-2025-09',
];

/** TLS 1.2 with forward secrecy and AEAD ciphers only: a floor that somebody has to answer for. */
export const TLS_1_2_RESTRICTED_POLICIES = [
  'ELBSecurityPolicy-TLS13-1-2-Res-2021-06',
  'ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09',
];

/** Whether a network listener only passes bytes on to an application load balancer, which is judged by itself. */
export function passesToApplicationLoadBalancer(forward: Property): boolean {
  const groups = targetGroupsOf(forward).map((group) => group.reference()?.resource);
  return groups.length > 0 && groups.every((group) => group?.type === TARGET_GROUP && group.prop('TargetType').text() === 'alb');
}

function forwardsInClear(resource: Resource, protocol: string): readonly Outcome[] {
  return each(actionsOf(resource).filter((action) => action.get('Type').text() === 'forward'), (action) => {
    if (protocol === 'HTTP') return fail(action, 'forwards what arrives over plain HTTP');
    if (passesToApplicationLoadBalancer(action)) return PASS;
    return undecidable(action, `forwards ${protocol}, which is encrypted only if the target does TLS itself`);
  });
}

const httpsListener = defineRule('TLS-1', 'https-listener', {
  appliesTo: [LISTENER, LISTENER_RULE],
  remediation: 'Give the listener Protocol HTTPS and a certificate; leave port 80 closed or let it redirect.',
  check(resource) {
    const listener = resource.type === LISTENER ? resource : listenerOf(resource);
    if (!listener) return undecidable(resource.prop('ListenerArn'), 'hangs on a listener that is in none of the templates, so its protocol is not known');
    const protocol = protocolOf(listener);
    if (protocol === 'GENEVE') return NOT_APPLICABLE;
    if (ENCRYPTED_PROTOCOLS.has(protocol)) return PASS;
    if (protocol === '') return fail(resource.whole, 'stands on a listener that names no Protocol, so nothing says that it is encrypted');
    const outcomes = forwardsInClear(resource, protocol);
    return outcomes.length > 0 ? outcomes : PASS;
  },
});

/** Classic load balancers have protocols of their own, take them in either case, and always forward. */
function classicInClear(listener: Property): readonly Outcome[] {
  const place = listener.get('Protocol');
  const protocol = place.text()?.toUpperCase();
  if (protocol === 'HTTPS' || protocol === 'SSL') return PASS;
  if (protocol === 'TCP') return undecidable(place, 'forwards TCP, which is encrypted only if the target does TLS itself');
  return fail(place, protocol === 'HTTP' ? 'forwards what arrives over plain HTTP' : 'names no protocol that encrypts');
}

const classicListener = defineRule('TLS-1', 'classic-listener', {
  appliesTo: [CLASSIC_LOAD_BALANCER],
  remediation: 'Move to an application load balancer, or give every listener Protocol HTTPS or SSL and a certificate.',
  check: (loadBalancer) => each(loadBalancer.prop('Listeners').items(), classicInClear),
});

/** The oldest version that a policy admits, as its name tells it; the names that carry only a year admit TLS 1.0. */
function oldestVersionOf(policyName: string): string | undefined {
  const minor = /-(?:TLS13|TLS|FS)-1-([012])-/.exec(policyName)?.[1];
  if (minor !== undefined) return `TLS 1.${minor}`;
  return /^ELBSecurityPolicy-(FS-)?201[568]-\d\d$/.test(policyName) ? 'TLS 1.0' : undefined;
}

/** Whatever policy they carry (Classic Load Balancer guide, "Predefined SSL security policies"). */
function classicPolicy(listener: Property): readonly Outcome[] {
  const place = listener.get('Protocol');
  return ['HTTPS', 'SSL'].includes(place.text()?.toUpperCase() ?? '') ? fail(place, 'stands on a classic load balancer, which knows no TLS 1.3') : NOT_APPLICABLE;
}

const policy = defineRule('TLS-2', 'policy', {
  appliesTo: [LISTENER, CLASSIC_LOAD_BALANCER],
  remediation: `Set SslPolicy to ${TLS_1_3_POLICIES[0]} (or its PQ or FIPS sibling).`,
  check(listener) {
    if (listener.type === CLASSIC_LOAD_BALANCER) return each(listener.prop('Listeners').items(), classicPolicy);
    const protocol = protocolOf(listener);
    if (protocol !== 'HTTPS' && protocol !== 'TLS') return NOT_APPLICABLE;
    const place = listener.prop('SslPolicy');
    const name = place.text();
    if (name === undefined) return fail(place, 'has no SslPolicy, so the service default decides, which still admits TLS 1.0');
    if (TLS_1_3_POLICIES.includes(name)) return PASS;
    if (TLS_1_2_RESTRICTED_POLICIES.includes(name)) return fail(place, `${name} admits TLS 1.2: acknowledge it with the caller that needs it`, 'warning');
    const oldest = oldestVersionOf(name);
    return fail(place, oldest === undefined ? `${name} is not in the list of TLS 1.3 policies` : `${name} admits ${oldest}`);
  },
});

/** What a redirect says for the host that was asked for, and what it means where it names none. */
const SAME_HOST = '#{host}';

const redirectOnly = defineRule('TLS-4', 'redirect-only', {
  appliesTo: [LISTENER, LISTENER_RULE],
  remediation: 'Remove the plain HTTP listener, or give it one redirect action: Protocol HTTPS, Port 443, StatusCode HTTP_301.',
  check(resource) {
    const listener = resource.type === LISTENER ? resource : listenerOf(resource);
    if (!listener || protocolOf(listener) !== 'HTTP') return NOT_APPLICABLE;
    const actions = actionsOf(resource);
    if (actions.length !== 1) return fail(actionsPlace(resource), `an HTTP listener takes one redirect and nothing else, this has ${actions.length} actions`);
    return each(actions, (action) => {
      if (action.get('Type').text() !== 'redirect') return fail(action, `answers plain HTTP with ${action.get('Type').text() ?? 'nothing'} instead of a redirect`);
      const to = action.get('RedirectConfig');
      return all(
        () => expect(to.get('Protocol').text() === 'HTTPS', to.get('Protocol'), 'redirects to something other than HTTPS'),
        () => expect(to.get('Port').text() === '443', to.get('Port'), 'must name port 443, or the redirect leads back to the port it came from'),
        () => expect((to.get('Host').text() ?? SAME_HOST) === SAME_HOST, to.get('Host'), 'redirects to another host, which then answers for this one'),
        () => expect(to.get('StatusCode').text() === 'HTTP_301', to.get('StatusCode'), 'must be HTTP_301: a temporary redirect keeps clients on plain HTTP'),
      );
    });
  },
});

/** What follows where an attribute of REQUEST_HYGIENE has another value. */
const CONSEQUENCES: Readonly<Record<string, string>> = {
  'routing.http.drop_invalid_header_fields.enabled': 'malformed header names reach the target, where they may alias identity headers',
  'routing.http.desync_mitigation_mode': 'ambiguous requests can be smuggled past the load balancer',
  'routing.http.xff_header_processing.mode': 'the caller\'s address can no longer be counted from the right of X-Forwarded-For',
  'waf.fail_open.enabled': 'requests pass unfiltered while the WAF cannot be reached',
};

const hygiene = defineRule('TLS-7', 'request-hygiene', {
  appliesTo: [LOAD_BALANCER],
  remediation: `Set LoadBalancerAttributes: ${REQUEST_HYGIENE.map((item) => `${item.key}=${item.allowed[0]}`).join(', ')}.`,
  check(loadBalancer) {
    if (!isApplicationLoadBalancer(loadBalancer)) return NOT_APPLICABLE;
    return each(REQUEST_HYGIENE, ({ key, allowed, preset }) => {
      const because = CONSEQUENCES[key] ?? 'requests can mean one thing to the load balancer and another to its target';
      const places = attributeValues(loadBalancer, 'LoadBalancerAttributes', key);
      if (places.length === 0) {
        return expect(allowed.includes(preset), loadBalancer.prop('LoadBalancerAttributes'), `${key} is not set and defaults to ${preset}: ${because}`);
      }
      return each(places, (place) => {
        const value = (place.text() ?? '').toLowerCase();
        return expect(allowed.includes(value), place, `${key} is ${value}: ${because}`);
      });
    });
  },
});

export const TLS_RULES = [httpsListener, classicListener, policy, redirectOnly, hygiene];
