import type { WafStatement } from './model';

/** A statement and all within it. */
export function within(statement: WafStatement): WafStatement[] {
  switch (statement.kind) {
    case 'and':
    case 'or': return [statement, ...statement.statements.flatMap(within)];
    case 'not': return [statement, ...within(statement.statement)];
    case 'rate': return [statement, ...(statement.scopeDown ? within(statement.scopeDown) : [])];
    default: return [statement];
  }
}
