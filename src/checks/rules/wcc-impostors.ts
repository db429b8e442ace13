import { defineRule, each, expect, fail, NOT_APPLICABLE, type Outcome, PASS, undecidable } from '../rule';
import type { Property } from '../template/property';
import type { Resource } from '../template/resource';
import type { TemplateGraph } from '../template/template-graph';
import { isMap, Reference } from '../template/value';
import { brokerFunctions, brokersOf } from './broker-configuration';
import { namesFunction } from './broker-impostors';
import { PERMISSION } from './function-calls';
import { known } from './pointers';
import { allowedIn, listOf } from './policies';
import { ROLE, roleOf } from './roles';
import { isBoundToSource } from './sec-permissions';
import { environmentsOf, FUNCTIONS } from './variables';

const EXTENT = 'brokers of the templates, and what works on their state';

/** Judges a function that is a broker or works on the state of one; nothing of any other. */
const ofBrokers = (fn: Resource, graph: TemplateGraph, check: () => readonly Outcome[]): readonly Outcome[] => (brokerFunctions(graph).includes(fn) ? check() : NOT_APPLICABLE);

/** In every partition; some templates leave its end to the deployment. */
const isService = (place: Property, name: string): boolean => [`${name}.amazonaws.com`, `${name}.amazonaws.com.cn`, `${name}.\${AWS::URLSuffix}`].includes(place.partialText().text);

/** The name in an ARN, in a part of one or by itself, with a version or without (Lambda API, "AddPermission"). */
const NAMED = /(?:^|:function:)([^:]+)(?::[^:]+)?$/;

function isFor(place: Property, fn: Resource): boolean {
  const [{ text }, name] = [place.partialText(), fn.prop('FunctionName').partialText().text];
  return (name !== '' && [text, NAMED.exec(text)?.[1]].includes(name)) || namesFunction(place, fn);
}

/** What may turn out to be a service. */
const OPEN = /^\$\{(?!AWS::)[^}]*\}(\.amazonaws\..*)?$/;

/** A load balancer hands on what somebody signed; whatever else calls a broker invites workers, and lets revoked ones in again. */
function callsRightly(permission: Resource, fn: Resource, graph: TemplateGraph): readonly Outcome[] {
  const [name, principal] = [permission.prop('FunctionName'), permission.prop('Principal')];
  const service = brokersOf(graph).some((broker) => broker.fn === fn) ? 'elasticloadbalancing' : 'events';
  // Whichever function this is for, if only a deployment knows.
  if (isService(principal, service) && isBoundToSource(permission)) return known(() => isFor(name, fn)) === true ? PASS : NOT_APPLICABLE;
  if (!isFor(name, fn)) return NOT_APPLICABLE;
  const { text } = principal.partialText();
  if (!(principal.value instanceof Reference) && OPEN.test(text)) principal.text();
  return fail(principal, `is ${text || 'not set'}, which may then call ${fn.logicalId} without a signature: ${service}.amazonaws.com may, with SourceArn or SourceAccount, and nobody else`);
}

const callers = defineRule('WCC-1', 'callers', {
  extent: 'permissions of the templates for brokers, and for what works on their state',
  appliesTo: [PERMISSION],
  remediation: 'Let elasticloadbalancing.amazonaws.com alone call the broker, and events.amazonaws.com what works on its state, with SourceArn or SourceAccount: '
    + 'whoever manages workers calls by a policy of his own role. In CDK: CredentialBroker.grantManageWorkers.',
  check: (permission, graph) => each(brokerFunctions(graph), (fn) => callsRightly(permission, fn, graph)),
});

/**
 * By any of them, somebody other than AWS answers the broker who joins, and what was used up; or other code runs in its place (SDK guide, "Service-specific endpoints";
 * Node.js, "Command-line API"; Lambda guide, "Wrapper scripts").
 */
const TURNING = /^(AWS_ENDPOINT_URL(_\w+)?|AWS_LAMBDA_EXEC_WRAPPER|NODE_(TLS_REJECT_UNAUTHORIZED|OPTIONS|EXTRA_CA_CERTS))$/;

const asksAws = defineRule('WCC-1', 'asks-aws', {
  extent: EXTENT,
  appliesTo: FUNCTIONS,
  remediation: 'Take AWS_ENDPOINT_URL, AWS_LAMBDA_EXEC_WRAPPER, NODE_OPTIONS, NODE_TLS_REJECT_UNAUTHORIZED and NODE_EXTRA_CA_CERTS away: '
    + 'the broker asks AWS itself, by certificates that everybody trusts.',
  check: (fn, graph) => ofBrokers(fn, graph, () => {
    const turned = environmentsOf(fn).flatMap(({ plain }) => plain).filter(({ name }) => TURNING.test(name));
    return turned.length === 0 ? PASS : each(turned, ({ name, value }) => {
      // A variable that is empty says nothing, and one that only a deployment knows may be.
      if (/^(\$\{[^}]*\})?$/.test(value.partialText().text) && value.text() === '') return PASS;
      return fail(value, `is what ${fn.logicalId} is told as ${name}: whoever stands there answers it in place of AWS`);
    });
  }),
});

/** Who may become the broker reads every credential that it reads. */
function trustsLambda(statement: Property): readonly Outcome[] {
  const others = statement.get('NotPrincipal');
  if (others.exists) return fail(others, 'lets everybody but these take the role of a broker');
  const principal = statement.get('Principal');
  const named = isMap(principal.value) ? principal.entries() : [];
  return each(named.length > 0 ? named.flatMap(([kind, who]) => listOf(who).map((place) => ({ kind, place }))) : [{ kind: '', place: principal }], ({ kind, place }) => {
    if (!(place.value instanceof Reference) && OPEN.test(place.partialText().text)) place.text();
    return expect(kind === 'Service' && isService(place, 'lambda'), place, 'may take the role of a broker, and reads then what it reads: lambda.amazonaws.com may, and nobody else');
  });
}

const ownTrust = defineRule('WCC-4', 'broker-role', {
  extent: EXTENT,
  appliesTo: FUNCTIONS,
  remediation: 'Give the broker a role that lambda.amazonaws.com alone may take (AssumeRolePolicyDocument). In CDK, CredentialBroker does.',
  check: (fn, graph) => ofBrokers(fn, graph, () => {
    const place = roleOf(fn);
    // AWS SAM makes one for AWS Lambda alone.
    if (!place.exists) return PASS;
    const { value } = place;
    if (!(value instanceof Reference) || value.resource.type !== ROLE) return undecidable(place, 'is a role of none of the templates, so who may take it is not known');
    const outcomes = each(allowedIn(value.resource.prop('AssumeRolePolicyDocument')), trustsLambda);
    return outcomes.length === 0 ? PASS : outcomes;
  }),
});

export const WCC_IMPOSTOR_RULES = [callers, asksAws, ownTrust];
