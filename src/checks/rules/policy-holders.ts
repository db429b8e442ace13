import type { Property } from '../template/property';
import type { Resource } from '../template/resource';
import type { TemplateGraph } from '../template/template-graph';
import { isMap, Reference } from '../template/value';
import { isEverybody, listOf } from './policies';
import { holdersOf, ROLE, type RoleHolder } from './roles';

/** Who may do what a policy says. */
export interface PolicyHolders {
  /** Programs of the templates, and what starts them. */
  readonly programs: readonly RoleHolder[];
  /** Everybody else, as a message names them. */
  readonly others: readonly string[];
}

const IDENTITIES = ['AWS::IAM::User', 'AWS::IAM::Group'];

/** Where a policy names whom it is for. */
const NAMED: Readonly<Record<string, readonly string[]>> = {
  'AWS::IAM::Policy': ['Roles', 'Users', 'Groups'],
  'AWS::IAM::ManagedPolicy': ['Roles', 'Users', 'Groups'],
  'AWS::IAM::RolePolicy': ['RoleName'],
  'AWS::IAM::UserPolicy': ['UserName'],
  'AWS::IAM::GroupPolicy': ['GroupName'],
};

const nobody: PolicyHolders = { programs: [], others: [] };
const together = (all: readonly PolicyHolders[]): PolicyHolders => ({ programs: all.flatMap(({ programs }) => programs), others: all.flatMap(({ others }) => others) });

/** Whoever acts as an identity of the templates; one that nothing acts as may be anybody's. */
function actingAs(identity: Resource, graph: TemplateGraph): PolicyHolders {
  const programs = identity.type === ROLE ? holdersOf(identity, graph) : [];
  return programs.length > 0 ? { programs, others: [] } : { programs, others: [identity.logicalId] };
}

/** A name that only a deployment knows throws, so that the rule says so. */
const at = (place: Property, graph: TemplateGraph): PolicyHolders =>
  (place.value instanceof Reference ? actingAs(place.value.resource, graph) : { programs: [], others: [place.text() ?? ''] });

/** Whose managed policies name this one. */
const attachedTo = (policy: Resource, graph: TemplateGraph): readonly Resource[] => [ROLE, ...IDENTITIES].flatMap((type) => graph.pointingAt(policy, type, 'ManagedPolicyArns'));

/** Whom a policy of an identity is for. */
function ofIdentity(owner: Resource, graph: TemplateGraph): PolicyHolders {
  if (owner.type === ROLE || IDENTITIES.includes(owner.type)) return actingAs(owner, graph);
  const named = (NAMED[owner.type] ?? []).flatMap((path) => listOf(owner.prop(path)).filter((place) => place.exists));
  const found = together([...named.map((place) => at(place, graph)), ...attachedTo(owner, graph).map((identity) => actingAs(identity, graph))]);
  return found.programs.length + found.others.length > 0 ? found : { programs: [], others: ['whoever is given it'] };
}

/** Whom a statement of a resource's own policy lets in. */
function ofPrincipal(statement: Property, graph: TemplateGraph): PolicyHolders {
  if (isEverybody(statement)) return { programs: [], others: ['everybody'] };
  const principal = statement.get('Principal');
  if (!isMap(principal.value)) return at(principal, graph);
  return together(principal.entries().flatMap(([, who]) => listOf(who).map((place) => at(place, graph))));
}

/** Who may do what a statement of a resource says: an identity's policy is for whoever has it, a resource's own names its principals. */
export function holdersOfStatement(statement: Property, owner: Resource, graph: TemplateGraph): PolicyHolders {
  if (owner.type.startsWith('AWS::IAM::')) return ofIdentity(owner, graph);
  return statement.get('Principal').exists || statement.get('NotPrincipal').exists ? ofPrincipal(statement, graph) : nobody;
}
