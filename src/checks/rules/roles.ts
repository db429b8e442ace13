import type { Property } from '../template/property';
import type { Resource } from '../template/resource';
import type { TemplateGraph } from '../template/template-graph';
import { isMap, Reference } from '../template/value';
import { TASK_DEFINITION } from './containers';
import { oncePerGraph } from './pointers';
import { PROGRAMS } from './variables';

export const ROLE = 'AWS::IAM::Role';

/** Who acts as a role: a program itself, or what starts it (`ExecutionRoleArn`). */
export interface RoleHolder {
  readonly program: Resource;
  readonly place: Property;
  readonly isStarter: boolean;
}

/** Where the role stands that a program has while it runs. */
export const roleOf = (program: Resource): Property => program.prop(program.type === TASK_DEFINITION ? 'TaskRoleArn' : 'Role');

const holders = oncePerGraph((graph: TemplateGraph): readonly RoleHolder[] => PROGRAMS.flatMap((type) => graph.ofType(type)).filter(({ whole }) => isMap(whole.value)).flatMap((program) => {
  const starter = program.type === TASK_DEFINITION ? [{ program, place: program.prop('ExecutionRoleArn'), isStarter: true }] : [];
  return [{ program, place: roleOf(program), isStarter: false }, ...starter].filter(({ place }) => place.exists);
}));

/** A role of the templates whichever way it is referred to, any other by what is written. */
const identity = (role: Property): unknown => (role.value instanceof Reference ? role.value.resource : role.partialText().text);

/** Everything of the templates that acts as the role that stands at a place. */
export const holdersAt = (role: Property, graph: TemplateGraph): readonly RoleHolder[] => holders(graph).filter(({ place }) => identity(place) === identity(role));

/** Everything of the templates that acts as a role of theirs. */
export const holdersOf = (role: Resource, graph: TemplateGraph): readonly RoleHolder[] => holders(graph).filter(({ place }) => identity(place) === role);

/** The documents that a role has: its own, and those of policies that name it. */
export function documentsOf(role: Resource, graph: TemplateGraph): readonly Property[] {
  const attached = ['AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy', 'AWS::IAM::RolePolicy'].flatMap((type) =>
    [...new Set([...graph.pointingAt(role, type, 'Roles'), ...graph.pointingAt(role, type, 'RoleName')])].map((policy) => policy.prop('PolicyDocument')));
  return [...role.prop('Policies').items().map((policy) => policy.get('PolicyDocument')), ...attached];
}
