import type { TemplateGraph } from '../checks/template/template-graph';
import { type ListenerFacts, type RequestPath, requestPathsOf, type ServiceFacts } from './request-path-facts';
import type { Answer } from './web-acl-words';

/** What stands between a caller and a container, drawn for a terminal. */
export function drawRequestPaths(graph: TemplateGraph): string[] {
  return requestPathsOf(graph).map(drawPath);
}

function drawPath({ callers, webAcl, scheme, listeners, services }: RequestPath): string {
  const hops = [
    `callers        ${callers.map(({ source, port, isAnybody }) => `${isAnybody ? `ANYBODY (${source})` : source} on port ${port}`).join(', ') || 'nobody'}`,
    withAnswers(`web ACL        ${webAcl.name}`, webAcl.answers),
    `load balancer  ${scheme}`,
    ...listeners.map(drawListener),
    ...services.map(drawService),
  ];
  return hops.join('\n     │\n');
}

function drawListener({ protocol, port, policy, asksForCertificates, answers }: ListenerFacts): string {
  return withAnswers([`listener       ${protocol} ${port}`, ...(policy === '' ? [] : [policy]), ...(asksForCertificates ? ['client certificates'] : [])].join(', '), answers);
}

function withAnswers(head: string, answers: readonly Answer[]): string {
  return [head, ...answers.map(({ when, answer }) => `     │           ${when} → ${answer}`)].join('\n');
}

function drawService({ count, containers, log }: ServiceFacts): string {
  return [
    `service        ${count} × ${containers.map(({ name }) => name).join(' + ')}`,
    ...containers.map(({ image, user }) => `               image ${image}\n               user ${user}`),
    `               log ${log}`,
  ].join('\n');
}
