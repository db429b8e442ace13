import { Property } from '../template/property';
import type { Resource } from '../template/resource';
import type { TemplateGraph } from '../template/template-graph';
import { Reference } from '../template/value';
import { brokerFunctions } from './broker-configuration';
import { takesIn } from './broker-secrets';
import { functionBehind, names } from './function-calls';
import { listOf, mayCall } from './policies';
import { ROLE, roleOf } from './roles';

/** What runs a function with whatever input (service authorization reference, "AWS Lambda"). */
const CALLS = ['lambda:InvokeFunction', 'lambda:InvokeAsync', 'lambda:InvokeFunctionUrl'];

/** What changes a function, or who may call it. */
const FUNCTION_CHANGES = ['lambda:UpdateFunctionCode', 'lambda:UpdateFunctionConfiguration', 'lambda:AddPermission'];

/** What lets somebody act as a role: himself, or by a function of his own. */
const TAKES = ['sts:AssumeRole', 'iam:PassRole'];

/** What changes what a role may do, or who may take it (service authorization reference, "AWS Identity and Access Management"). */
const ROLE_CHANGES = ['iam:PutRolePolicy', 'iam:AttachRolePolicy', 'iam:UpdateAssumeRolePolicy'];

const nameOf = (resource: Resource, property: string): string => resource.prop(property).partialText().text || resource.logicalId;

const isPattern = (place: Property, arn: string): boolean => !(place.value instanceof Reference) && takesIn(place, arn);

/** An alias or a version stands behind the name of its function (Lambda guide, "Using Lambda function versions"). */
const qualifierOf = (place: Property): string => /:function:[^:]+(:[^:]+)$/.exec(place.partialText().text)?.[1] ?? '';

/** Whether a place names a function, by itself, by one of its versions or by a pattern that takes in its ARN. */
export function namesFunction(place: Property, fn: Resource): boolean {
  return functionBehind(place) === fn || names(place, fn) || isPattern(place, `arn:aws:lambda:region:account:function:${nameOf(fn, 'FunctionName')}${qualifierOf(place)}`);
}

const namesRole = (place: Property, role: Resource): boolean => names(place, role) || isPattern(place, `arn:aws:iam:region:account:role/${nameOf(role, 'RoleName')}`);

/** Whether a statement is about a resource; naming one version among what it is not about leaves the others. */
function isAbout(statement: Property, resource: Resource, isNamed: (place: Property, resource: Resource) => boolean): boolean {
  const others = statement.get('NotResource');
  const isWhole = (place: Property): boolean => isNamed(place, resource) && !(place.value instanceof Reference && place.value.resource !== resource) && qualifierOf(place) === '';
  return others.exists ? !listOf(others).some(isWhole) : listOf(statement.get('Resource')).some((place) => isNamed(place, resource));
}

/** The role of the templates that a function has. */
const ownRole = (fn: Resource): Resource | undefined => {
  const { value } = roleOf(fn);
  return value instanceof Reference && value.resource.type === ROLE ? value.resource : undefined;
};

/** What a statement lets somebody do as a broker, who is none: calls of the function itself invite workers, and its role reads what it reads. */
export function asBroker(statement: Property, own: Resource, graph: TemplateGraph): readonly string[] {
  const functions = brokerFunctions(graph);
  const roles = functions.flatMap((fn) => ownRole(fn) ?? []);
  const about = (actions: readonly string[], resources: readonly Resource[], isNamed: typeof namesFunction): readonly Resource[] =>
    (mayCall(statement, actions) ? resources.filter((resource) => isAbout(statement, resource, isNamed)) : []);
  return [
    ...about(CALLS, functions, namesFunction).map(({ logicalId }) => `a call of ${logicalId}`),
    ...about(FUNCTION_CHANGES, functions, namesFunction).map(({ logicalId }) => `a say in what ${logicalId} does and who calls it`),
    ...about(TAKES, roles, namesRole).map(({ logicalId }) => `the role ${logicalId}`),
    // Whoever writes the policies of his own role has whatever he likes.
    ...about(ROLE_CHANGES, [...roles, own], namesRole).map(({ logicalId }) => `a say in what the role ${logicalId} may do`),
  ];
}
