import { UndecidableError } from '../template/property';
import type { Resource } from '../template/resource';
import { own } from '../template/template';
import type { TemplateGraph } from '../template/template-graph';
import { isMap, Unknown } from '../template/value';

/** Remembers what was found in a graph, so that asking for every resource again does not search it again. */
export function oncePerGraph<T>(find: (graph: TemplateGraph) => T): (graph: TemplateGraph) => T {
  const known = new WeakMap<TemplateGraph, { readonly found: T }>();
  return (graph) => {
    const entry = known.get(graph) ?? { found: find(graph) };
    known.set(graph, entry);
    return entry.found;
  };
}

/** What is found as far as it is known: of a place that only a deployment knows, the rule that is about it says so. */
export function known<T>(find: () => T | undefined): T | undefined {
  try {
    return find();
  } catch (error) {
    if (error instanceof UndecidableError) return undefined;
    throw error;
  }
}

/** Resources of a type whose pointer only a deployment knows: `pointingAt` leaves them out, and any of them may point at what is judged. */
export function looseIn(graph: TemplateGraph, type: string, property: string): readonly Resource[] {
  return graph.ofType(type).filter((resource) => {
    const { value } = resource.whole;
    return (isMap(value) ? own(value, property) : value) instanceof Unknown;
  });
}
