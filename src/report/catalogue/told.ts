import { OWN_VARIABLES } from '../../checks/rules/profiles';
import { VARIABLES } from '../../profiles/variables';
import { RELATIONS } from '../../profiles/variables/relations';
import type { Variable } from '../../profiles/variables/variable';
import type { RowId } from './rows';

/** Of variables that have a control of their own. */
const OWN_RULES = { 'CFG-1': 'CFG-1.env', 'CFG-2': 'CFG-2.debug-and-level', 'CFG-3': 'CFG-3.auth-mode' } as const satisfies Record<keyof typeof OWN_VARIABLES, string>;

function rulesOf({ name, presence, absence }: Variable): string[] {
  const own = (Object.keys(OWN_RULES) as (keyof typeof OWN_RULES)[]).find((control) => (OWN_VARIABLES[control] as readonly string[]).includes(name));
  if (own) return [OWN_RULES[own]];
  const isAskedFor = presence === 'required' || (typeof presence === 'object' && presence.then === 'required');
  return [...(isAskedFor ? [absence === 'unsafe' ? 'CFG-7.emitted' : 'CFG-4.complete'] : []), 'CFG-6.malformed'];
}

/** The rules that hold the variables which a row is about to their document: what each has to say, whether it has to be there, and how it goes with others. */
export function rulesOfVariables(row: RowId): ReadonlySet<string> {
  const between = RELATIONS.filter(({ rows }) => rows.includes(row)).flatMap(({ kind }) => ({
    'exactly-one': ['CFG-4.complete', 'CFG-6.conflicts'], 'all-or-none': ['CFG-4.complete'],
  } as Partial<Record<typeof kind, readonly string[]>>)[kind] ?? ['CFG-6.conflicts']);
  return new Set([...VARIABLES.filter(({ rows }) => rows.includes(row)).flatMap(rulesOf), ...between]);
}
