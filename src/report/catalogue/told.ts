import { OWN_VARIABLES } from '../../checks/rules/profiles';
import { VARIABLES } from '../../profiles/variables';
import { type Relation, RELATIONS } from '../../profiles/variables/relations';
import type { Variable } from '../../profiles/variables/variable';
import type { RowId } from './rows';

/** Of variables that have a control of their own. */
const OWN_RULES: readonly (readonly [rule: string, names: readonly string[]])[] = [
  ['CFG-1.env', OWN_VARIABLES['CFG-1']], ['CFG-2.debug-and-level', OWN_VARIABLES['CFG-2']], ['CFG-3.auth-mode', OWN_VARIABLES['CFG-3']],
];

const BETWEEN: Readonly<Record<Relation['kind'], readonly string[]>> = {
  // That one is missing is no conflict.
  'exactly-one': ['CFG-4.complete', 'CFG-6.conflicts'],
  'all-or-none': ['CFG-4.complete'],
  'at-most-one': ['CFG-6.conflicts'],
  'distinct': ['CFG-6.conflicts'],
  'at-most': ['CFG-6.conflicts'],
  'within': ['CFG-6.conflicts'],
  'needs': ['CFG-6.conflicts'],
};

function rulesOf({ name, presence, absence }: Variable): string[] {
  const own = OWN_RULES.find(([, names]) => names.includes(name));
  if (own) return [own[0]];
  const isAskedFor = presence === 'required' || (typeof presence === 'object' && presence.then === 'required');
  return [...(isAskedFor ? [absence === 'unsafe' ? 'CFG-7.emitted' : 'CFG-4.complete'] : []), 'CFG-6.malformed'];
}

/** The rules that hold the variables which a row is about to their document: what each has to say, whether it has to be there, and how it goes with others. */
export function rulesOfVariables(row: RowId): ReadonlySet<string> {
  const ofRow = ({ rows }: { readonly rows: readonly string[] }): boolean => rows.includes(row);
  return new Set([...VARIABLES.filter(ofRow).flatMap(rulesOf), ...RELATIONS.filter(ofRow).flatMap(({ kind }) => BETWEEN[kind])]);
}
