import { isWorldOpen } from '../network/cidr';
import {
  actionsOf, isApplicationLoadBalancer, LISTENER, LISTENER_RULE, listenersOf, LOAD_BALANCER, rulesOf, targetGroupsOf,
} from '../checks/rules/load-balancing';
import { containersOf, SERVICE } from '../checks/rules/containers';
import { ingressOf } from '../checks/rules/net';
import type { Property } from '../checks/template/property';
import type { Resource } from '../checks/template/resource';
import type { TemplateGraph } from '../checks/template/template-graph';

/** What stands between a caller and a container, drawn from the templates and nothing else. */
export function drawRequestPaths(graph: TemplateGraph): string[] {
  return graph.ofType(LOAD_BALANCER).filter(isApplicationLoadBalancer).map((loadBalancer) => drawPath(loadBalancer, graph));
}

const shown = (place: Property): string => place.partialText().text;

function drawPath(loadBalancer: Resource, graph: TemplateGraph): string {
  const hops = [
    `callers        ${callersOf(loadBalancer, graph).join(', ') || 'nobody'}`,
    `web ACL        ${webAclOf(loadBalancer, graph)}`,
    `load balancer  ${shown(loadBalancer.prop('Scheme')) || 'internet-facing'}`,
    ...listenersOf(loadBalancer, graph).map((listener) => drawListener(listener, graph)),
    ...servicesBehind(loadBalancer, graph).map((service) => drawService(service)),
  ];
  return hops.join('\n     │\n');
}

function callersOf(loadBalancer: Resource, graph: TemplateGraph): string[] {
  const groups = loadBalancer.prop('SecurityGroups').items().map((group) => group.reference()?.resource);
  return groups.flatMap((group) => (group ? ingressOf(group, graph) : [])).map(({ at }) => {
    const source = ['CidrIp', 'CidrIpv6', 'SourceSecurityGroupId', 'SourcePrefixListId'].map((key) => shown(at.get(key))).find((text) => text !== '') ?? '?';
    return `${isWorldOpen(source) === true ? `ANYBODY (${source})` : source} on port ${shown(at.get('FromPort')) || 'any'}`;
  });
}

function webAclOf(loadBalancer: Resource, graph: TemplateGraph): string {
  const [association] = graph.pointingAt(loadBalancer, 'AWS::WAFv2::WebACLAssociation', 'ResourceArn');
  const acl = association?.prop('WebACLArn').reference()?.resource;
  if (!acl) return association ? shown(association.prop('WebACLArn')) : 'none';
  const rates = acl.prop('Rules').items().map((rule) => rule.get('Statement.RateBasedStatement')).filter((rate) => rate.exists);
  return rates.map((rate) => `blocks an address above ${shown(rate.get('Limit'))} requests in ${shown(rate.get('EvaluationWindowSec')) || '300'} s`).join(', ') || 'no rate rule';
}

function drawListener(listener: Resource, graph: TemplateGraph): string {
  const policy = shown(listener.prop('SslPolicy'));
  const head = `listener       ${shown(listener.prop('Protocol'))} ${shown(listener.prop('Port'))}${policy ? `, ${policy}` : ''}`;
  const rules = rulesOf(listener, graph).map((rule) => `     │           ${conditionsOf(rule)} → ${answers(rule)}`);
  return [head, ...rules, `     │           anything else → ${answers(listener)}`].join('\n');
}

function conditionsOf(rule: Resource): string {
  return rule.prop('Conditions').items().map((condition) => {
    const values = ['HostHeaderConfig', 'PathPatternConfig', 'SourceIpConfig'].map((key) => condition.get(key)).find((config) => config.exists) ?? condition;
    return `${shown(condition.get('Field'))} ${values.get('Values').items().map(shown).join(' or ')}`;
  }).join(' and ');
}

function answers(resource: Resource): string {
  return actionsOf(resource).map((action) => {
    switch (action.get('Type').text()) {
      case 'jwt-validation': return `JWT of ${shown(action.get('JwtValidationConfig.Issuer'))} (${claimsOf(action.get('JwtValidationConfig'))})`;
      case 'fixed-response': return shown(action.get('FixedResponseConfig.StatusCode'));
      case 'forward': return targetGroupsOf(action).map((group) => {
        const target = group.reference()?.resource;
        return target ? `forward to ${shown(target.prop('Protocol'))} ${shown(target.prop('Port'))}` : `forward to ${shown(group)}`;
      }).join(', ');
      default: return shown(action.get('Type'));
    }
  }).join(', then ');
}

function claimsOf(config: Property): string {
  return config.get('AdditionalClaims').items().map((claim) => `${shown(claim.get('Name'))} = ${claim.get('Values').items().map(shown).join(' or ')}`).join(', ') || 'no claims';
}

function servicesBehind(loadBalancer: Resource, graph: TemplateGraph): Resource[] {
  const listeners = listenersOf(loadBalancer, graph);
  const sources = [...listeners, ...listeners.flatMap((listener) => rulesOf(listener, graph))];
  return graph.ofType(SERVICE).filter((service) => service.prop('LoadBalancers').items().some((entry) => {
    const group = entry.get('TargetGroupArn').reference()?.resource;
    const forwarding = group ? [...graph.pointingAt(group, LISTENER, 'DefaultActions'), ...graph.pointingAt(group, LISTENER_RULE, 'Actions')] : [];
    return forwarding.some((resource) => sources.includes(resource));
  }));
}

function drawService(service: Resource): string {
  const task = service.prop('TaskDefinition').reference()?.resource;
  const containers = task ? containersOf(task) : [];
  const log = containers.map((container) => container.get('LogConfiguration.Options').get('awslogs-group').reference()?.resource).find((group) => group !== undefined);
  const days = log ? shown(log.prop('RetentionInDays')) : '';
  return [
    `service        ${shown(service.prop('DesiredCount')) || '1'} × ${containers.map((container) => shown(container.get('Name'))).join(' + ')}`,
    ...containers.map((container) => `               image ${shown(container.get('Image'))}\n               user ${shown(container.get('User')) || 'of the image'}`),
    `               log kept ${days ? `${days} days` : 'for ever'}`,
  ].join('\n');
}
