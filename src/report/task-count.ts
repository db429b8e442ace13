import type { Resource } from '../checks/template/resource';
import type { TemplateGraph } from '../checks/template/template-graph';
import { shown } from './readable';

/** How many tasks of a service run: what scaling keeps it between, or else the number that the service names; ECS starts one where nobody does. */
export function taskCount(service: Resource, graph: TemplateGraph): string {
  const target = graph.ofType('AWS::ApplicationAutoScaling::ScalableTarget').find((one) => scales(one, service));
  if (!target) return shown(service.prop('DesiredCount')) || '1';
  const [least, most] = [shown(target.prop('MinCapacity')), shown(target.prop('MaxCapacity'))];
  return least === most ? least : `${least} to ${most}`;
}

/** What is scaled is named `service/<cluster>/<service>` (Application Auto Scaling API, RegisterScalableTarget). */
function scales(target: Resource, service: Resource): boolean {
  const name = shown(target.prop('ResourceId')).split('/').at(-1);
  const names = [...(target.template === service.template ? [`\${${service.logicalId}.Name}`] : []), shown(service.prop('ServiceName'))];
  return shown(target.prop('ScalableDimension')) === 'ecs:service:DesiredCount' && name !== undefined && name !== '' && names.includes(name);
}
