import { guarded } from '../checks/rule';
import { RULES } from '../checks/rules';
import type { Resource } from '../checks/template/resource';
import type { TemplateGraph } from '../checks/template/template-graph';
import type { ControlId } from '../controls';

/** A resource that some rule of a control has something to say about. */
export interface JudgedResource {
  readonly stack: string;
  readonly logicalId: string;
  readonly type: string;
  readonly constructPath?: string;
}

/** The resources that each control is about here, as its rules see it; a control without a rule is about none that can be named. */
export function judgedResources(graphs: readonly TemplateGraph[]): ReadonlyMap<ControlId, readonly JudgedResource[]> {
  const judged = new Map<ControlId, Map<string, JudgedResource>>();
  for (const graph of graphs) {
    for (const rule of RULES) {
      const own = judged.get(rule.control) ?? new Map<string, JudgedResource>();
      judged.set(rule.control, own);
      for (const resource of rule.appliesTo.flatMap((type) => graph.ofType(type))) {
        if (isJudged(() => guarded(() => rule.check(resource, graph)).length > 0)) own.set(`${resource.template.name}\n${resource.logicalId}`, named(resource));
      }
    }
  }
  return new Map([...judged].map(([control, resources]) => [control, [...resources.values()]]));
}

/** A rule that breaks off was about the resource all the same: the judgement reports it. */
function isJudged(check: () => boolean): boolean {
  try {
    return check();
  } catch {
    return true;
  }
}

function named({ template, logicalId, type, constructPath }: Resource): JudgedResource {
  return { stack: template.name, logicalId, type, ...(constructPath === undefined ? {} : { constructPath }) };
}
