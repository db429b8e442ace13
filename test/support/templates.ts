import type { Json, JsonMap, Template } from '../../src/checks/template/template';
import { TemplateGraph } from '../../src/checks/template/template-graph';
import { asText, type Value } from '../../src/checks/template/value';

/** Sections beside `Resources`. */
export interface Sections {
  readonly Parameters?: JsonMap;
  readonly Conditions?: JsonMap;
  readonly Mappings?: JsonMap;
  readonly Outputs?: JsonMap;
}

/** A template of resources of the type `Test::Thing`, given by their properties alone. */
export function things(properties: JsonMap, sections: Sections = {}, name = 'Stack'): Template {
  const resources = Object.fromEntries(Object.entries(properties).map(([logicalId, Properties]): [string, Json] => [logicalId, { Type: 'Test::Thing', Properties }]));
  return template(resources, sections, name);
}

/** The same, with every resource written out. */
export function template(resources: JsonMap, sections: Sections = {}, name = 'Stack'): Template {
  return { name, body: { Resources: resources, ...sections } };
}

/** What a property comes to in a template that has resources `Queue` and `constructor` besides. */
export function evaluated(value: Json, sections: Sections = {}): Value | undefined {
  const graph = new TemplateGraph([things({ Thing: { Value: value }, Queue: {}, constructor: {} }, sections)]);
  return graph.ofType('Test::Thing')[0]?.prop('Value').value;
}

/** The same as text; holes stay written. */
export function evaluatedText(value: Json, sections: Sections = {}): { readonly text: string; readonly complete: boolean } {
  return asText(evaluated(value, sections));
}
