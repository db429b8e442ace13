import { isJsonMap, type Json } from './template';
import { asText, DeclaredSecret, type Value } from './value';

/** An `Fn::Equals` that no default decides; a world says whether it holds. */
export interface Atom {
  readonly left: string;
  readonly right: string;
  /** Whether the right side is a literal; a literal never stands on the left. */
  readonly literal: boolean;
  /** The two sides for a reader. */
  readonly shown: readonly [left: string, right: string];
}

/** What it means for a reader that the equality holds, or does not. */
export function assumption({ shown: [left, right] }: Atom, holds: boolean): string {
  return `${left} ${holds ? 'is' : 'is not'} ${right}`;
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
  const sides = operands.map((operand) => ({ operand, value: scope.evaluate(operand) }));
  // What a declared secret holds may decide an equality, but may not become a part of what is assumed.
  const held = sides.map(({ value }) => asText(value instanceof DeclaredSecret ? value.held ?? value : value));
  if (held.length === 2 && held.every(({ complete }) => complete)) return held[0]?.text === held[1]?.text;
  const [left, right, ...rest] = sides.map(({ operand, value }) => side(operand, value));
  if (!left || !right || rest.length > 0) return undefined;
  if (!left.complete && !right.complete && left.text === right.text) return true;
  // One spelling for an equality and its mirror image, so that they cannot be assumed apart.
  const mirrored = left.complete || (!right.complete && right.text < left.text);
  const [subject, other] = mirrored ? [right, left] : [left, right];
  return scope.undecided({ left: subject.text, right: other.text, literal: other.complete, shown: [subject.shown, other.shown] });
}

interface Side {
  readonly text: string;
  readonly shown: string;
  readonly complete: boolean;
}

/** Calls that are carried out even where they are unknown: their text tells apart what differs. */
const TELLING = new Set(['Ref', 'Fn::GetAtt', 'Fn::Join', 'Fn::Sub', 'Fn::ImportValue']);

function side(operand: Json, value: Value | undefined): Side {
  const { text, complete } = asText(value);
  if (complete) return { text, shown: JSON.stringify(text), complete };
  // Other calls look alike whatever they are called with; as they are written, they do not.
  const isTelling = callsIn(operand).every((call) => TELLING.has(call)) && !text.includes('${Fn::');
  return isTelling ? { text, shown: text, complete } : { text: JSON.stringify(operand), shown: spelled(operand), complete };
}

function callsIn(value: Json, depth = 0): string[] {
  if (typeof value !== 'object' || value === null || depth > MAX_DEPTH) return [];
  if (Array.isArray(value)) return (value as readonly Json[]).flatMap((item) => callsIn(item, depth + 1));
  return Object.entries(value).flatMap(([key, inner]) => [...(/^(Ref$|Fn::)/.test(key) ? [key] : []), ...callsIn(inner, depth + 1)]);
}

/** A call as a reader would write it: `Fn::FindInMap(Sizes, ${AWS::Region}, count)`. */
function spelled(value: Json, depth = 0): string {
  if (depth > MAX_SPELLED) return '…';
  if (typeof value !== 'object' || value === null) return String(value);
  if (Array.isArray(value)) return (value as readonly Json[]).map((item) => spelled(item, depth + 1)).join(', ');
  return Object.entries(value).map(([call, argument]) => (call === 'Ref' ? `\${${String(argument)}}` : `${call}(${spelled(argument, depth + 1)})`)).join(', ');
}

/** How deep values and conditions are followed; CloudFormation's own limits end far before. */
export const MAX_DEPTH = 200;

/** How deep a call is spelled out in a message. */
const MAX_SPELLED = 6;

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

/** How many conditions are taken away one at a time; more are taken away in groups. */
const MAX_SINGLE = 32;

/** Into how many groups each round divides the conditions. */
const GROUPS = 8;

/**
 * What to try where the atoms are too many to enumerate: resources whose condition is undecided are there in the first
 * judgement, and here missing, all together and one condition at a time, so that nothing passes on the strength of one.
 */
export function worldsOfAbsence(conditions: readonly string[]): World[] {
  const without = (names: readonly string[]): World => new Map(names.map((name) => [name, false]));
  const parts = conditions.length > MAX_SINGLE ? groups(conditions) : conditions.map((name) => [name]);
  return [...(conditions.length > 1 ? [without(conditions)] : []), ...parts.map(without)];
}

/**
 * Groups by each digit of a condition's position. Two positions differ in some digit, so for any two conditions there is a
 * group with the one and without the other: what is guarded is there in some world where its guard is missing.
 */
function groups(names: readonly string[]): string[][] {
  const all: string[][] = [];
  for (let weight = 1; weight < names.length; weight *= GROUPS) {
    for (let digit = 0; digit < GROUPS; digit += 1) all.push(names.filter((_, index) => Math.floor(index / weight) % GROUPS === digit));
  }
  return all.filter((group) => group.length > 0);
}
