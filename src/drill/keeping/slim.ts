import { isJsonMap, type Json, type JsonMap, section, type Template } from '../../checks/template/template';
import { pointersIn } from '../emulator/references';
import { dependsOn } from '../emulator/template-words';

/** Services that keep nothing, and that no attack on what is kept looks at. What watches does not keep either. */
const KEEP_NOTHING = ['AWS::CloudWatch::', 'AWS::EC2::', 'AWS::Route53Resolver::', 'AWS::ElasticLoadBalancingV2::', 'AWS::WAFv2::', 'AWS::ApplicationAutoScaling::'];

/**
 * The template without what has nothing to do with keeping: resources of such services that nothing else points at. A Core has more of these than of all others, and
 * for every protection that is taken away it is deployed anew.
 */
export function slimmed(template: Template): Template {
  const { nested } = template;
  const Resources = withoutIdle(section(template, 'Resources'), template.body.Outputs ?? null);
  return { ...template, body: { ...template.body, Resources }, ...(nested && { nested: new Map([...nested].map(([logicalId, child]) => [logicalId, slimmed(child)])) }) };
}

/** @param outputs what others may read, which stays with all that it points at */
function withoutIdle(resources: JsonMap, outputs: Json): JsonMap {
  for (let left = resources; ;) {
    const pointedAt = new Set([outputs, ...Object.values(left)].flatMap((value) => pointersIn(value).map(({ logicalId }) => logicalId)));
    const after = Object.entries(left).filter(([logicalId, resource]) => pointedAt.has(logicalId) || !isIdle(resource));
    if (after.length === Object.keys(left).length) return orderedWithin(left);
    left = Object.fromEntries(after);
  }
}

function isIdle(resource: Json): boolean {
  return isJsonMap(resource) && KEEP_NOTHING.some((service) => String(resource.Type).startsWith(service));
}

/** Nobody waits for what is gone. */
function orderedWithin(resources: JsonMap): JsonMap {
  return Object.fromEntries(Object.entries(resources).map(([logicalId, resource]) => (
    [logicalId, isJsonMap(resource) && 'DependsOn' in resource ? { ...resource, DependsOn: dependsOn(resource).filter((other) => other in resources) } : resource]
  )));
}
