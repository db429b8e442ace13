import { containersOf, SERVICE } from '../checks/rules/containers';
import {
  actionsOf, isApplicationLoadBalancer, LISTENER, LISTENER_RULE, listenersOf, LOAD_BALANCER, rulesOf, targetGroupsOf, verifiesClients,
} from '../checks/rules/load-balancing';
import { ingressOf } from '../checks/rules/net';
import type { Property } from '../checks/template/property';
import type { Resource } from '../checks/template/resource';
import type { TemplateGraph } from '../checks/template/template-graph';
import { isWorldOpen } from '../network/cidr';
import { conditionsOf } from './condition-words';
import { readable, shown, UNKNOWN } from './readable';
import { taskCount } from './task-count';
import { type Answer, webAclRules } from './web-acl-words';

/** Of a listener rule (ELB API, CreateRule). */
const MAX_PRIORITY = 50_000;

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
  /** Whether it asks every caller for a certificate before it looks at a rule. */
  readonly asksForCertificates: boolean;
  /** What is tried in turn; the last one stands for anything else. */
  readonly answers: readonly Answer[];
}

export interface WebAclFacts {
  /** `none` where there is none. */
  readonly name: string;
  /** What is tried in turn; nothing where it is not in the templates. */
  readonly answers: readonly Answer[];
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
  readonly webAcl: WebAclFacts;
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
    webAcl: association ? webAclOf(association, acl?.[0]) : { name: 'none', answers: [] },
    listeners: listeners.map((listener) => listenerOf(listener, graph)),
    services: services.map((service) => serviceOf(service, graph)),
    resources: {
      'callers': unique(groups),
      'web ACL': unique([...(association ? [association] : []), ...(acl ?? [])]),
      'load balancer': unique([loadBalancer, ...listeners, ...rules]),
      'service': unique([...targets, ...services, ...tasks]),
      'log': unique(tasks.flatMap(logOf)),
    },
  };
}

function named({ template, logicalId }: Resource): ResourceName {
  return { stack: template.name, logicalId };
}

function unique(resources: readonly Resource[]): ResourceName[] {
  return [...new Set(resources)].map(named);
}

function pointedAt(place: Property): Resource[] {
  const resource = readable(() => place.reference()?.resource, undefined);
  return resource ? [resource] : [];
}

function callerOf(at: Property): CallerFacts {
  const source = ['CidrIp', 'CidrIpv6', 'SourceSecurityGroupId', 'SourcePrefixListId'].map((key) => shown(at.get(key))).find((text) => text !== '') ?? '?';
  return { source, port: shown(at.get('FromPort')) || 'any', isAnybody: isWorldOpen(source) === true };
}

function webAclOf(association: Resource, acl: Resource | undefined): WebAclFacts {
  return acl ? { name: acl.logicalId, answers: webAclRules(acl) } : { name: shown(association.prop('WebACLArn')), answers: [] };
}

function listenerOf(listener: Resource, graph: TemplateGraph): ListenerFacts {
  return {
    protocol: shown(listener.prop('Protocol')),
    port: shown(listener.prop('Port')),
    policy: shown(listener.prop('SslPolicy')),
    asksForCertificates: readable(() => verifiesClients(listener), false),
    answers: [
      ...sortedRulesOf(listener, graph).map((rule) => ({ when: readable(() => conditionsOf(rule), UNKNOWN), answer: readable(() => answerOf(rule), UNKNOWN) })),
      { when: 'anything else', answer: readable(() => answerOf(listener), UNKNOWN) },
    ],
  };
}

/** In the order in which the load balancer tries them. */
function sortedRulesOf(listener: Resource, graph: TemplateGraph): Resource[] {
  const priority = (rule: Resource): number => readable(() => rule.prop('Priority').number(), undefined) ?? MAX_PRIORITY;
  return [...rulesOf(listener, graph)].sort((a, b) => priority(a) - priority(b));
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

function serviceOf(service: Resource, graph: TemplateGraph): ServiceFacts {
  const [task] = taskOf(service);
  const [log] = task ? logOf(task) : [];
  const days = log ? shown(log.prop('RetentionInDays')) : '';
  return {
    count: taskCount(service, graph),
    containers: (task ? readable(() => containersOf(task), []) : []).map((container) => ({
      name: shown(container.get('Name')), image: shown(container.get('Image')), user: shown(container.get('User')) || 'of the image',
    })),
    log: days ? `kept ${days} days` : 'kept for ever',
  };
}
