import { METHOD as WORKERS_METHOD, PATHS as WORKERS_PATHS } from '../../broker/protocol/contract';
import { UNPROVEN_KINDS } from '../../ingress/contract';
import type { Action, Condition, DeployedListener, DeployedRule } from './aws';

/** What the gates behind a load balancer are said to be forwarded without a proof, by target group. */
export type ToldGates = ReadonlyMap<string, ReadonlySet<string>>;

/** What is said of a target group with a broker in it, which asks for a signature itself. */
export const WORKERS = 'workers';

const AUTHENTICATES = /^(authenticate-(oidc|cognito)|jwt-validation)$/;
const METHOD = 'http-request-method';
const PATH = 'path-pattern';

/** The target groups that are forwarded something without a proof. */
export function unprovenGroups(listeners: readonly DeployedListener[]): readonly string[] {
  return [...new Set(openRules(listeners).flatMap(({ rule }) => groupsOf(rule)))];
}

/** Everything that is forwarded without a proof to anything but a gate that is there for it: reopening would hand it to anybody. */
export function unprovenPaths(listeners: readonly DeployedListener[], gates: ToldGates): readonly string[] {
  return openRules(listeners).filter(({ rule }) => !isForGate(rule, gates)).map(({ name, rule }) => `${rule.name} of listener ${name}`);
}

function openRules(listeners: readonly DeployedListener[]): readonly { readonly name: string; readonly rule: DeployedRule }[] {
  return listeners.filter(({ verifiesClients }) => !verifiesClients).flatMap(({ name, rules }) => rules
    .filter(({ actions }) => actions.some((action) => action.type === 'forward' && !actions.some((other) => other.order < action.order && proves(other))))
    .map((rule) => ({ name, rule })));
}

/** Whether an action stops a caller who has not proven who they are. With `allow`, a login lets anybody on. */
function proves({ type, onUnauthenticated }: Action): boolean {
  return AUTHENTICATES.test(type) && onUnauthenticated !== 'allow';
}

const groupsOf = ({ actions }: DeployedRule): readonly string[] => actions.flatMap(({ targetGroups = [] }) => targetGroups);

/** The exceptions of IDN-1, as far as a rule shows them: which networks get to it is the security group's business. A default action is none. */
function isForGate(rule: DeployedRule, gates: ToldGates): boolean {
  const groups = groupsOf(rule);
  if (groups.length === 0 || rule.rewrites) return false;
  return EXCEPTION_KINDS.some((kind) => EXCEPTIONS[kind](rule.conditions) && groups.every((arn) => gates.get(arn)?.has(kind) === true));
}

const EXCEPTION_KINDS = [...UNPROVEN_KINDS, WORKERS] as const;

const EXCEPTIONS: Readonly<Record<typeof EXCEPTION_KINDS[number], (conditions: readonly Condition[]) => boolean>> = {
  callers: pathsAreExact,
  preflight: (conditions) => onlyValue(conditions, METHOD) === 'OPTIONS',
  health: (conditions) => onlyValue(conditions, METHOD) === 'GET' && isExact(onlyValue(conditions, PATH) ?? ''),
  workers: (conditions) => onlyValue(conditions, METHOD) === WORKERS_METHOD && WORKERS_PATHS.includes(onlyValue(conditions, PATH) ?? ''),
};

const named = (conditions: readonly Condition[], field: string): readonly Condition[] => conditions.filter((condition) => condition.field === field);

/** Stars and question marks stand for other characters (ELB guide, "Path conditions"). */
const isExact = (path: string): boolean => path.startsWith('/') && !/[*?]/.test(path);

function pathsAreExact(conditions: readonly Condition[]): boolean {
  const paths = named(conditions, PATH);
  return paths.length > 0 && paths.every(({ values, isRegex }) => !isRegex && values.length > 0 && values.every(isExact));
}

/** The one value of the one condition about a field. */
function onlyValue(conditions: readonly Condition[], field: string): string | undefined {
  const [condition, ...others] = named(conditions, field);
  const [value, ...more] = condition?.values ?? [];
  return condition?.isRegex === false && others.length === 0 && more.length === 0 ? value : undefined;
}
