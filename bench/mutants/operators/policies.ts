import { isJsonMap, type Json, type JsonMap } from '../../../src/checks/template/template';
import type { JsonPath } from '../json';

/** A change to one element of a statement of a policy: free-form to the property schema, fixed by the grammar of IAM. */
export interface PolicyChange {
  readonly path: JsonPath;
  readonly label: string;
  readonly operator: string;
  readonly to?: Json;
}

/** Policies are documents inside a property, so they have operators of their own: everything, everybody, under no condition, allowed. */
export function policyChanges(document: Json): readonly PolicyChange[] {
  const statements = isJsonMap(document) && Array.isArray(document.Statement) ? document.Statement as readonly Json[] : [];
  return statements.filter(isJsonMap).flatMap((statement, index) => inStatement(statement, ['Statement', index], `Statement[${typeof statement.Sid === 'string' ? statement.Sid : index}]`));
}

function inStatement(statement: JsonMap, path: JsonPath, label: string): readonly PolicyChange[] {
  const change = (key: string, operator: string, to?: Json): PolicyChange => ({ path: [...path, key], label: `${label}.${key}`, operator, ...(to === undefined ? {} : { to }) });
  if (statement.Effect === 'Deny') return [{ path, label, operator: 'remove' }, ...(statement.Condition === undefined ? [] : [change('Effect', '=Allow', 'Allow')])];
  const wide = ['Action', 'Resource', 'Principal'].filter((key) => statement[key] !== undefined && statement[key] !== '*').map((key) => change(key, 'widen to *', '*'));
  return [...wide, ...(statement.Condition === undefined ? [] : [change('Condition', 'delete')])];
}
