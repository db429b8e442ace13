import { isJsonMap, type Json } from './template';
import { asText, Reference, type Value } from './value';

/** An `Fn::Equals` that no default decides; a world says whether it holds. */
export interface Atom {
  readonly left: string;
  readonly right: string;
}

/** What one world assumes about the atoms, by `atomKey`. */
export type World = ReadonlyMap<string, boolean>;

export function atomKey(atom: Atom): string {
  return JSON.stringify([atom.left, atom.right]);
}

interface ConditionScope {
  evaluate(value: Json): Value | undefined;
  condition(name: string): boolean | undefined;
  /** The answer for an equality that the template alone does not decide. */
  undecided(atom: Atom): boolean | undefined;
}

/** Three-valued logic over `Fn::Equals`, `Fn::And`, `Fn::Or`, `Fn::Not` and `Condition`. */
export function evaluateCondition(value: Json, scope: ConditionScope): boolean | undefined {
  if (!isJsonMap(value)) return undefined;
  const [operator] = Object.keys(value);
  const argument = operator === undefined ? undefined : value[operator];
  const operands = Array.isArray(argument) ? (argument as readonly Json[]) : [];
  const judge = (operand: Json): boolean | undefined => evaluateCondition(operand, scope);
  switch (operator) {
    case 'Condition': return scope.condition(String(argument));
    case 'Fn::Equals': return equals(operands, scope);
    case 'Fn::Not': {
      const inner = judge(operands[0] ?? null);
      return inner === undefined ? undefined : !inner;
    }
    case 'Fn::And': return combine(operands.map(judge), false);
    case 'Fn::Or': return combine(operands.map(judge), true);
    default: return undefined;
  }
}

/** `And` is decided by one false, `Or` by one true; either needs all operands to decide the other way. */
function combine(results: readonly (boolean | undefined)[], decisive: boolean): boolean | undefined {
  if (results.includes(decisive)) return decisive;
  return results.includes(undefined) ? undefined : !decisive;
}

function equals(operands: readonly Json[], scope: ConditionScope): boolean | undefined {
  const [left, right] = operands.map((operand) => scope.evaluate(operand));
  const [a, b] = [asText(left), asText(right)];
  if (a.complete && b.complete) return a.text === b.text;
  if (left instanceof Reference && right instanceof Reference && a.text === b.text) return true;
  return scope.undecided({ left: a.text, right: b.text });
}

/** How many worlds a judgement may cost; beyond that, undecided conditions stay undecided. */
const MAX_ATOMS = 5;

/** Every consistent assignment of the atoms: a value cannot equal two different literals at once. */
export function enumerateWorlds(atoms: readonly Atom[]): World[] {
  if (atoms.length === 0 || atoms.length > MAX_ATOMS) return [new Map()];
  const worlds: World[] = [];
  for (let bits = 0; bits < 2 ** atoms.length; bits += 1) {
    const holds = (index: number): boolean => (bits >> index) % 2 === 1;
    const consistent = atoms.every((atom, i) => atoms.every((other, j) => i >= j || !(holds(i) && holds(j) && atom.left === other.left)));
    if (consistent) worlds.push(new Map(atoms.map((atom, index) => [atomKey(atom), holds(index)])));
  }
  return worlds;
}
