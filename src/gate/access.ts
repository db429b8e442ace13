import type { IConstruct } from 'constructs';
import { invalidProp } from '../invalid-prop';
import type { AccessCondition } from './contract';
import { checkRoleName, checkScopeName } from './scope-names';

/** How deep conditions may be nested: what is deeper no reader follows, and the service refuses. */
const MAX_DEPTH = 32;

/**
 * What a caller must have to use a route (AZN-1).
 *
 * There is no variant for strangers and no negation, so what a caller lacks never lets it in; and none can be added: the class cannot be extended or imitated.
 */
export class Access {
  /** Whoever has proven who they are, whatever their scopes. */
  public static authenticated(): Access {
    return new Access({ kind: 'authenticated' });
  }

  /** Callers with a scope: of their credential, or by one of their roles. It may be one that only the deployment knows, such as that of a Cognito resource server. */
  public static scope(scope: string): Access {
    return new Access({ kind: 'scope', scope });
  }

  /** Callers with a role that the policy defines. A scope says more about what is needed; take a role where the person counts. */
  public static role(role: string): Access {
    return new Access({ kind: 'role', role });
  }

  /** Callers who meet each of several conditions. */
  public static allOf(...conditions: Access[]): Access {
    return new Access({ kind: 'all', of: conditions.map(({ condition }) => condition) });
  }

  /** Callers who meet at least one of several conditions. */
  public static anyOf(...conditions: Access[]): Access {
    return new Access({ kind: 'any', of: conditions.map(({ condition }) => condition) });
  }

  private constructor(private readonly condition: AccessCondition) {}

  /**
   * As the gate is told.
   *
   * @internal
   */
  public get _condition(): AccessCondition {
    return this.condition;
  }

  /**
   * Refuses what would let in nobody, or more than it says.
   *
   * @param prop what it is the access of, for errors
   * @internal
   */
  public _check(scope: IConstruct, prop: string): void {
    if (depthOf(this.condition) > MAX_DEPTH) throw invalidProp(scope, prop, `nested ${depthOf(this.condition)} deep`, `Nest conditions at most ${MAX_DEPTH} deep.`);
    check(scope, prop, this.condition);
  }
}

/** The roles that a condition names. */
export function rolesIn(condition: AccessCondition): string[] {
  if (condition.kind === 'role') return [condition.role];
  return condition.kind === 'all' || condition.kind === 'any' ? condition.of.flatMap(rolesIn) : [];
}

/** One spelling of all conditions that differ only in order, repetition or nesting, so that two can be compared as texts. */
export function canonical(condition: AccessCondition): string {
  if (condition.kind !== 'all' && condition.kind !== 'any') return JSON.stringify(Object.entries(condition).sort());
  const { kind } = condition;
  const flat = (one: AccessCondition): readonly AccessCondition[] => (one.kind === kind ? one.of.flatMap(flat) : [one]);
  const parts = [...new Set(flat(condition).map(canonical))].sort();
  const [first = ''] = parts;
  return parts.length === 1 ? first : `${kind}(${parts.join()})`;
}

function depthOf(condition: AccessCondition): number {
  return condition.kind === 'all' || condition.kind === 'any' ? 1 + Math.max(0, ...condition.of.map(depthOf)) : 1;
}

function check(scope: IConstruct, prop: string, condition: AccessCondition): void {
  if (condition.kind === 'scope') checkScopeName(scope, `${prop}.scope`, condition.scope);
  else if (condition.kind === 'role') checkRoleName(scope, `${prop}.role`, condition.role);
  else if (condition.kind !== 'authenticated') {
    const factory = `${prop}.${condition.kind}Of`;
    if (condition.of.length === 0) throw invalidProp(scope, factory, condition.of, 'Name at least one condition; for everybody who has proven who they are there is Access.authenticated().');
    for (const part of condition.of) check(scope, factory, part);
  }
}
