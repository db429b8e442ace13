import { IDENTITY_HEADERS } from '../../gate/contract';
import { defineRule, each, expect, fail, NOT_APPLICABLE, type Outcome, PASS, undecidable } from '../rule';
import type { Property } from '../template/property';
import type { Resource } from '../template/resource';
import type { TemplateGraph } from '../template/template-graph';
import { Reference } from '../template/value';
import { SERVICE, TASK_DEFINITION } from './containers';
import { eachGate, type GateContainer, gatesOf } from './gate-configuration';
import { isSure, taskOf } from './gate-targets';
import { actionsOf, attributeValues, LISTENER, LISTENER_RULE, listenerOf, verifiesClients } from './load-balancing';
import { asWide, conditionsOf, named, PATH_CONDITION, priorityOf, rulesBeside } from './rule-conditions';
import { checkVariables, eachEnvironment, type VariableCheck } from './variables';

const headerOf = (place: Property): string => (place.text() ?? '').trim().toLowerCase();

/** The headers that never come from a caller: what a gate sets, and what it removes. */
function ownHeaders(configuration: Property): string[] {
  const core = configuration.get('core');
  return [...IDENTITY_HEADERS, ...[core.get('identityHeader'), core.get('scopesHeader'), ...core.get('removedHeaders').items()].map(headerOf)].filter((header) => header !== '');
}

const UNGUARDED = 'and no gate in its task removes what callers send under that name';

/** Who calls: the very header that the gate sets. */
function isGatesHeader(place: Property, name: string, gates: readonly GateContainer[]): readonly Outcome[] {
  const header = headerOf(place);
  if (gates.length === 0) return fail(place, `${name} has the program believe ${header || 'a header'}, ${UNGUARDED}`);
  return each(gates, ({ configuration }) => {
    const set = headerOf(configuration.get('core.identityHeader'));
    return expect(header === set, place, `${name} has the program believe ${header || 'nothing'}, and the gate writes ${set || 'nothing'}`);
  });
}

/** What callers may do: any header that no caller can send. */
function isOwnHeader(place: Property, name: string, gates: readonly GateContainer[]): readonly Outcome[] {
  const header = headerOf(place);
  if (gates.length === 0) return fail(place, `${name} has the program believe ${header || 'a header'}, ${UNGUARDED}`);
  return each(gates, ({ configuration }) => expect(ownHeaders(configuration).includes(header), place, `${name} has the program believe ${header}, which the gate passes on as callers send it`));
}

function headerVariables(gates: readonly GateContainer[]): readonly VariableCheck[] {
  return [
    { name: /(^|_)IDENTITY_HEADER$/i, check: (value, name) => isGatesHeader(value, name, gates) },
    { name: /(^|_)(MTLS|IDENTITY)_(SCOPES?|ROLES?|GROUPS?)_HEADER$/i, check: (value, name) => isOwnHeader(value, name, gates) },
  ];
}

const identityHeader = defineRule('IDN-7', 'identity-header', {
  appliesTo: [TASK_DEFINITION],
  extent: 'variables that name a header to believe',
  remediation: 'Put a gate in front of the container, and name the header that it writes in both. In CDK, identityHeader of the gate feeds both.',
  check(task) {
    const gates = gatesOf(task);
    return eachEnvironment(task, (environment) => checkVariables(environment, headerVariables(gates)));
  },
});

/** Headers that mean something to every program on the way, and cannot carry an identity besides. */
const TAKEN = ['authorization', 'cookie', 'host', 'x-forwarded-for', 'x-forwarded-proto', 'x-real-ip', 'x-request-id', 'traceparent'];
const HEADER_NAME = /^[a-z0-9][a-z0-9-]*$/;

const gateHeaders = defineRule('IDN-7', 'gate-headers', {
  appliesTo: [TASK_DEFINITION],
  extent: 'the configuration of a gate',
  remediation: 'Name a header of its own for the identity, in lower case and without underscores, such as x-auth-request-user.',
  check: (task) => eachGate(task, (configuration) => each(['identityHeader', 'scopesHeader'].map((key) => configuration.get(`core.${key}`)), (place) => {
    if (!place.exists && place.path.endsWith('scopesHeader')) return PASS;
    const header = place.text() ?? '';
    if (TAKEN.includes(header)) return fail(place, `the gate tells the Core who calls in ${header}, which others write too`);
    return expect(HEADER_NAME.test(header), place, 'the gate tells the Core who calls in a header whose name other spellings reach');
  })),
});

/** What carries the subject of a certificate unless the listener renames it (ELB guide, "HTTP headers and mutual TLS"). */
const SUBJECT_ATTRIBUTE = 'routing.http.request.x_amzn_mtls_clientcert_subject.header_name';
const SUBJECT_HEADER = 'x-amzn-mtls-clientcert-subject';

/** All listeners and rules that forward to the target groups of a service. */
function forwardersTo(service: Resource, graph: TemplateGraph): readonly Resource[] {
  const groups = service.prop('LoadBalancers').items().map((entry) => entry.get('TargetGroupArn').value);
  return groups.flatMap((group) => (group instanceof Reference
    ? [...graph.pointingAt(group.resource, LISTENER, 'DefaultActions'), ...graph.pointingAt(group.resource, LISTENER_RULE, 'Actions')]
    : []));
}

/** Whether a rule answers everybody who sends a header, whatever it says, and hands nothing on. */
function refusesHeader(rule: Resource, header: string, from: Resource): boolean {
  const about = rule.prop('Conditions').items().map((condition) => condition.get('HttpHeaderConfig')).filter((config) => config.exists);
  const others = conditionsOf(rule).filter(({ field }) => field !== 'http-header');
  const refuses = actionsOf(rule).every((action) => action.get('Type').text() === 'fixed-response');
  const asks = about.length === 1 && about.every((config) => headerOf(config.get('HttpHeaderName')) === header && config.get('Values').items().some((value) => value.text() === '*'));
  return refuses && asks && named(others, PATH_CONDITION).length === 0 && asWide(others, conditionsOf(from)) && priorityOf(rule) < priorityOf(from);
}

function saysSubject(forwarder: Resource, expected: string, at: Property, graph: TemplateGraph): readonly Outcome[] {
  const listener = forwarder.type === LISTENER ? forwarder : listenerOf(forwarder);
  if (!listener) return undecidable(at, `is reached by ${forwarder.logicalId}, on a listener that is in none of the templates: whether that verifies certificates is not known`);
  if (verifiesClients(listener)) {
    const names = attributeValues(listener, 'ListenerAttributes', SUBJECT_ATTRIBUTE).map(headerOf);
    return expect((names.at(-1) ?? SUBJECT_HEADER) === expected, at, `the gate reads the subject of a certificate from ${expected}, and ${listener.logicalId} writes it elsewhere`);
  }
  const refused = rulesBeside(forwarder, graph).some((rule) => isSure(() => refusesHeader(rule, expected, forwarder)));
  return expect(refused, at, `the gate believes what ${expected} says of a certificate, and ${forwarder.logicalId} passes it on as callers send it`);
}

const certificateHeader = defineRule('IDN-7', 'certificate-header', {
  appliesTo: [SERVICE],
  extent: 'gates that believe what a load balancer says of certificates',
  remediation: 'Let listeners with MutualAuthentication Mode verify forward to such a gate, naming the header in which they write the subject; '
    + 'on any other listener, answer requests that carry the header by an earlier rule.',
  check(service, graph) {
    const task = taskOf(service);
    if (!task) return NOT_APPLICABLE;
    return eachGate(task, (configuration) => {
      if (!configuration.get('identity.certificate').exists) return NOT_APPLICABLE;
      const expected = headerOf(configuration.get('identity.certificate.subjectHeader'));
      return each(forwardersTo(service, graph), (forwarder) => saysSubject(forwarder, expected, service.prop('LoadBalancers'), graph));
    });
  },
});

export const IDN_HEADER_RULES = [identityHeader, gateHeaders, certificateHeader];
