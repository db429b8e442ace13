import { graphsOf, type TemplateGraph } from '../../checks/template/template-graph';
import type { Template } from '../../checks/template/template';
import { EmulatorError } from './emulator';

/** The one reading of grounded templates: with account and region put in and every parameter known, nothing is left for a deployment to decide. */
export function onlyGraph(templates: readonly Template[]): TemplateGraph {
  const [graph, ...others] = graphsOf(templates);
  if (!graph || others.length > 0) throw new EmulatorError(`The templates have conditions that nothing decides: ${graph?.assumptions ?? ''}`);
  return graph;
}
