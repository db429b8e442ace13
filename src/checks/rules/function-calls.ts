import { NOT_APPLICABLE, type Outcome, PASS, undecidable } from '../rule';
import type { Property } from '../template/property';
import type { Resource } from '../template/resource';
import type { TemplateGraph } from '../template/template-graph';
import { Reference } from '../template/value';
import { isSure } from './gate-targets';
import { known, looseIn } from './pointers';
import { covers } from './policies';

export const PERMISSION = 'AWS::Lambda::Permission';

/** What can be called by name or ARN. */
const CALLABLE = ['AWS::Lambda::Function', 'AWS::Serverless::Function', 'AWS::Lambda::Alias', 'AWS::Lambda::Version'];

/** The function of the templates that a place names. */
export function functionAt({ value }: Property): Resource | undefined {
  return value instanceof Reference && CALLABLE.includes(value.resource.type) ? value.resource : undefined;
}

/** The function that a place names, whichever of its versions. */
export function functionBehind(place: Property): Resource | undefined {
  const found = functionAt(place);
  const name = found && !found.type.endsWith('::Function') ? known(() => functionAt(found.prop('FunctionName'))) : undefined;
  return name ?? found;
}

/** Whether a place names a resource, alone or within a text. */
export const names = (place: Property, resource: Resource): boolean =>
  (place.value instanceof Reference ? place.value.resource === resource : new RegExp(`\\$\\{${resource.logicalId}[.}]`).test(place.partialText().text));

function lets(permission: Property, service: string, isFrom: (source: Property) => boolean): boolean {
  const source = permission.get('SourceArn');
  return covers(permission.get('Action').text() ?? '', 'lambda:InvokeFunction', 'i') && permission.get('Principal').text() === service && (!source.exists || isFrom(source));
}

/** Whether a service may call a function, which its permissions say (Lambda guide, "Resource-based policies"); no outcome where none of them does. */
export function mayBeCalled(fn: Resource, service: string, isFrom: (source: Property) => boolean, graph: TemplateGraph): readonly Outcome[] {
  const own = graph.ofType(PERMISSION).filter((permission) => names(permission.prop('FunctionName'), fn));
  if (own.some((permission) => isSure(() => lets(permission.whole, service, isFrom)))) return PASS;
  const place = fn.whole;
  const [loose] = looseIn(graph, PERMISSION, 'FunctionName');
  if (loose) return undecidable(place, `may be what ${loose.logicalId} lets ${service} call: which function it names, only a deployment knows`);
  own.forEach((permission) => lets(permission.whole, service, isFrom));
  return NOT_APPLICABLE;
}
