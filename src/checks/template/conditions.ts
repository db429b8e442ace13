import { isJsonMap, type Json } from './template';
import { asText, type Value } from './value';

/** An `Fn::Equals` that no default decides; a world says whether it holds. */
export interface Atom {
  readonly left: string;
  readonly right: string;
  /** Whether the right side is a literal; a literal never stands on the left. */
  readonly literal: boolean;
}

/** What one world assumes: about atoms by `atomKey`, beyond the bound about the conditions of resources by name. */
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
export function evaluateCondition(value: Json, scope: ConditionScope, depth = 0): boolean | undefined {
  if (!isJsonMap(value) || depth > MAX_DEPTH) return undefined;
  const [operator] = Object.keys(value);
  const argument = operator === undefined ? undefined : value[operator];
  const operands = Array.isArray(argument) ? (argument as readonly Json[]) : [];
  const judge = (operand: Json): boolean | undefined => evaluateCondition(operand, scope, depth + 1);
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
  return results.length === 0 || results.includes(undefined) ? undefined : !decisive;
}

function equals(operands: readonly Json[], scope: ConditionScope): boolean | undefined {
  const [left, right, ...rest] = operands.map((operand) => side(operand, scope));
  if (!left || !right || rest.length > 0) return undefined;
  if (left.complete && right.complete) return left.text === right.text;
  if (!left.complete && !right.complete && left.text === right.text) return true;
  // One spelling for an equality and its mirror image, so that they cannot be assumed apart.
  const mirrored = left.complete || (!right.complete && right.text < left.text);
  const [subject, other] = mirrored ? [right, left] : [left, right];
  return scope.undecided({ left: subject.text, right: other.text, literal: other.complete });
}

function side(operand: Json, scope: ConditionScope): { readonly text: string; readonly complete: boolean } {
  const { text, complete } = asText(scope.evaluate(operand));
  // Calls that are not carried out look alike whatever they are called with; as they are written, they do not.
  return { text: !complete && text.includes('${Fn::') ? JSON.stringify(operand) : text, complete };
}

/** How deep values and conditions are followed; CloudFormation's own limits end far before. */
export const MAX_DEPTH = 200;

/** How many atoms a judgement may branch on; beyond that, undecided conditions stay undecided. */
const MAX_ATOMS = 5;

/** Every consistent assignment of the atoms, or nothing where they are too many. */
export function enumerateWorlds(atoms: readonly Atom[]): World[] | undefined {
  if (atoms.length > MAX_ATOMS) return undefined;
  const worlds: World[] = [];
  for (let bits = 0; bits < 2 ** atoms.length; bits += 1) {
    const held = atoms.filter((_, index) => (bits >> index) % 2 === 1);
    if (isConsistent(held)) worlds.push(new Map(atoms.map((atom) => [atomKey(atom), held.includes(atom)])));
  }
  return worlds;
}

/** A value cannot equal two different literals at once. */
function isConsistent(held: readonly Atom[]): boolean {
  const literals = held.filter((atom) => atom.literal).map((atom) => atom.left);
  return new Set(literals).size === literals.length;
}

/**
 * What to try where the atoms are too many to enumerate: resources whose condition is undecided are there in the first
 * judgement, and here missing, all together and one condition at a time, so that nothing passes on the strength of one.
 */
export function worldsOfAbsence(conditions: readonly string[]): World[] {
  const without = (names: readonly string[]): World => new Map(names.map((name) => [name, false]));
  return [...(conditions.length > 1 ? [without(conditions)] : []), ...conditions.map((name) => without([name]))];
}
