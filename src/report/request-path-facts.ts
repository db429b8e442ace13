import { containersOf, SERVICE } from '../checks/rules/containers';
import {
  actionsOf, isApplicationLoadBalancer, LISTENER, LISTENER_RULE, listenersOf, LOAD_BALANCER, rulesOf, targetGroupsOf,
} from '../checks/rules/load-balancing';
import { ingressOf } from '../checks/rules/net';
import { type Property, UndecidableError } from '../checks/template/property';
import type { Resource } from '../checks/template/resource';
import type { TemplateGraph } from '../checks/template/template-graph';
import { isWorldOpen } from '../network/cidr';

/** A resource, as findings and evidence name it. */
export interface ResourceName {
  readonly stack: string;
  readonly logicalId: string;
}

export interface CallerFacts {
  readonly source: string;
  readonly port: string;
  readonly isAnybody: boolean;
}

export interface ListenerFacts {
  readonly protocol: string;
  readonly port: string;
  readonly policy: string;
  /** What is tried in turn; the last one stands for anything else. */
  readonly answers: readonly { readonly when: string; readonly answer: string }[];
}

export interface ServiceFacts {
  readonly count: string;
  readonly containers: readonly { readonly name: string; readonly image: string; readonly user: string }[];
  /** How long its log is kept. */
  readonly log: string;
}

/** Where a request passes. */
export type Hop = 'callers' | 'web ACL' | 'load balancer' | 'service' | 'log';

/** What stands between a caller and a container behind one load balancer, read from the templates and nothing else. */
export interface RequestPath {
  readonly loadBalancer: ResourceName;
  readonly scheme: string;
  readonly callers: readonly CallerFacts[];
  readonly webAcl: string;
  readonly listeners: readonly ListenerFacts[];
  readonly services: readonly ServiceFacts[];
  /** The resources of each hop: what joins it to findings and attacks. */
  readonly resources: Readonly<Record<Hop, readonly ResourceName[]>>;
}

export function requestPathsOf(graph: TemplateGraph): RequestPath[] {
  return graph.ofType(LOAD_BALANCER).filter((resource) => readable(() => isApplicationLoadBalancer(resource), true)).map((loadBalancer) => pathOf(loadBalancer, graph));
}

function pathOf(loadBalancer: Resource, graph: TemplateGraph): RequestPath {
  const groups = readable(() => loadBalancer.prop('SecurityGroups').items().flatMap((group) => pointedAt(group)), []);
  const [association] = graph.pointingAt(loadBalancer, 'AWS::WAFv2::WebACLAssociation', 'ResourceArn');
  const acl = association && readable(() => pointedAt(association.prop('WebACLArn')), []);
  const listeners = listenersOf(loadBalancer, graph);
  const rules = listeners.flatMap((listener) => rulesOf(listener, graph));
  const targets = readable(() => [...listeners, ...rules].flatMap(actionsOf).flatMap(targetGroupsOf).flatMap(pointedAt), []);
  const services = servicesBehind([...listeners, ...rules], graph);
  const tasks = services.flatMap(taskOf);
  return {
    loadBalancer: named(loadBalancer),
    scheme: shown(loadBalancer.prop('Scheme')) || 'internet-facing',
    callers: readable(() => groups.flatMap((group) => ingressOf(group, graph)).map(({ at }) => callerOf(at)), []),
    webAcl: association ? webAclOf(association, acl?.[0]) : 'none',
    listeners: listeners.map((listener) => listenerOf(listener, graph)),
    services: services.map(serviceOf),
    resources: {
      'callers': unique(groups),
      'web ACL': unique([...(association ? [association] : []), ...(acl ?? [])]),
      'load balancer': unique([loadBalancer, ...listeners, ...rules]),
      'service': unique([...targets, ...services, ...tasks]),
      'log': unique(tasks.flatMap(logOf)),
    },
  };
}

const shown = (place: Property): string => place.partialText().text;

function named({ template, logicalId }: Resource): ResourceName {
  return { stack: template.name, logicalId };
}

function unique(resources: readonly Resource[]): ResourceName[] {
  return [...new Set(resources)].map(named);
}

/** A drawing leaves out what only a deployment knows: saying so is the business of the rules. */
function readable<T>(read: () => T, otherwise: T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof UndecidableError)) throw error;
    return otherwise;
  }
}

function pointedAt(place: Property): Resource[] {
  const resource = readable(() => place.reference()?.resource, undefined);
  return resource ? [resource] : [];
}

function callerOf(at: Property): CallerFacts {
  const source = ['CidrIp', 'CidrIpv6', 'SourceSecurityGroupId', 'SourcePrefixListId'].map((key) => shown(at.get(key))).find((text) => text !== '') ?? '?';
  return { source, port: shown(at.get('FromPort')) || 'any', isAnybody: isWorldOpen(source) === true };
}

function webAclOf(association: Resource, acl: Resource | undefined): string {
  if (!acl) return shown(association.prop('WebACLArn'));
  const rates = readable(() => acl.prop('Rules').items().map((rule) => rule.get('Statement.RateBasedStatement')).filter((rate) => rate.exists), []);
  return rates.map((rate) => `blocks an address above ${shown(rate.get('Limit'))} requests in ${shown(rate.get('EvaluationWindowSec')) || '300'} s`).join(', ') || 'no rate rule';
}

function listenerOf(listener: Resource, graph: TemplateGraph): ListenerFacts {
  return {
    protocol: shown(listener.prop('Protocol')),
    port: shown(listener.prop('Port')),
    policy: shown(listener.prop('SslPolicy')),
    answers: [
      ...rulesOf(listener, graph).map((rule) => ({ when: readable(() => conditionsOf(rule), UNKNOWN), answer: readable(() => answerOf(rule), UNKNOWN) })),
      { when: 'anything else', answer: readable(() => answerOf(listener), UNKNOWN) },
    ],
  };
}

const UNKNOWN = 'what only a deployment knows';

function conditionsOf(rule: Resource): string {
  return rule.prop('Conditions').items().map((condition) => {
    const values = ['HostHeaderConfig', 'PathPatternConfig', 'SourceIpConfig'].map((key) => condition.get(key)).find((config) => config.exists) ?? condition;
    return `${shown(condition.get('Field'))} ${values.get('Values').items().map(shown).join(' or ')}`;
  }).join(' and ');
}

function answerOf(resource: Resource): string {
  return actionsOf(resource).map((action) => {
    switch (action.get('Type').text()) {
      case 'jwt-validation': return `JWT of ${shown(action.get('JwtValidationConfig.Issuer'))} (${claimsOf(action.get('JwtValidationConfig'))})`;
      case 'fixed-response': return shown(action.get('FixedResponseConfig.StatusCode'));
      case 'forward': return targetGroupsOf(action).map((group) => {
        const [target] = pointedAt(group);
        return target ? `forward to ${shown(target.prop('Protocol'))} ${shown(target.prop('Port'))}` : `forward to ${shown(group)}`;
      }).join(', ');
      default: return shown(action.get('Type'));
    }
  }).join(', then ');
}

function claimsOf(config: Property): string {
  return config.get('AdditionalClaims').items().map((claim) => `${shown(claim.get('Name'))} = ${claim.get('Values').items().map(shown).join(' or ')}`).join(', ') || 'no claims';
}

function servicesBehind(sources: readonly Resource[], graph: TemplateGraph): Resource[] {
  return graph.ofType(SERVICE).filter((service) => readable(() => service.prop('LoadBalancers').items(), []).some((entry) => {
    const [group] = readable(() => pointedAt(entry.get('TargetGroupArn')), []);
    const forwarding = group ? [...graph.pointingAt(group, LISTENER, 'DefaultActions'), ...graph.pointingAt(group, LISTENER_RULE, 'Actions')] : [];
    return forwarding.some((resource) => sources.includes(resource));
  }));
}

function taskOf(service: Resource): Resource[] {
  return pointedAt(service.prop('TaskDefinition'));
}

function logOf(task: Resource): Resource[] {
  return readable(() => containersOf(task), []).flatMap((container) => readable(() => pointedAt(container.get('LogConfiguration.Options').get('awslogs-group')), [])).slice(0, 1);
}

function serviceOf(service: Resource): ServiceFacts {
  const [task] = taskOf(service);
  const [log] = task ? logOf(task) : [];
  const days = log ? shown(log.prop('RetentionInDays')) : '';
  return {
    count: shown(service.prop('DesiredCount')) || '1',
    containers: (task ? readable(() => containersOf(task), []) : []).map((container) => ({
      name: shown(container.get('Name')), image: shown(container.get('Image')), user: shown(container.get('User')) || 'of the image',
    })),
    log: days ? `kept ${days} days` : 'kept for ever',
  };
}
