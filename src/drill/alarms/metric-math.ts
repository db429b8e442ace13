import jsep from 'jsep';
import { NotEvaluatedError } from './not-evaluated';
import type { Series } from './state';

/** Of jsep, which has JavaScript's operators: those of metric math (CloudWatch guide, "Metric math syntax and functions"). */
jsep.addBinaryOp('AND', 2);
jsep.addBinaryOp('OR', 1);
jsep.addBinaryOp('^', 11, true);

/** A number, one value for each period, or several such series. */
export type MathValue = number | Series | readonly Series[];

/** What names stand for in an expression. */
export interface MathScope {
  /** How many periods there are. */
  readonly length: number;
  /** A metric or another expression by its id; undefined where there is none of that id. */
  variable(id: string): MathValue | undefined;
  /** A metric of a Contributor Insights rule. */
  insight(rule: string, metric: string): Series;
}

type Operation = (one: number, other: number) => number | undefined;

const truth = (isSo: boolean): number => (isSo ? 1 : 0);

/** A data point that would be divided by zero is dropped. */
const OPERATIONS: Readonly<Record<string, Operation>> = {
  '+': (one, other) => one + other,
  '-': (one, other) => one - other,
  '*': (one, other) => one * other,
  '/': (one, other) => (other === 0 ? undefined : one / other),
  '^': (one, other) => one ** other,
  '==': (one, other) => truth(one === other),
  '!=': (one, other) => truth(one !== other),
  '<': (one, other) => truth(one < other),
  '>': (one, other) => truth(one > other),
  '<=': (one, other) => truth(one <= other),
  '>=': (one, other) => truth(one >= other),
  'AND': (one, other) => truth(one !== 0 && other !== 0),
  '&&': (one, other) => truth(one !== 0 && other !== 0),
  'OR': (one, other) => truth(one !== 0 || other !== 0),
  '||': (one, other) => truth(one !== 0 || other !== 0),
};

/** Of the values that there are at one time; undefined where there are none. What AWS makes of a series that lacks one there is not documented. */
const REDUCTIONS: Readonly<Record<string, (values: readonly number[]) => number>> = {
  SUM: (values) => values.reduce((total, value) => total + value, 0),
  MAX: (values) => Math.max(...values),
  MIN: (values) => Math.min(...values),
};

/** The value of an expression. Throws a NotEvaluatedError where it uses what is not imitated here. */
export function evaluateMath(expression: string, scope: MathScope): MathValue {
  let parsed: jsep.Expression;
  try {
    parsed = jsep(expression);
  } catch {
    throw new NotEvaluatedError(`the expression ${expression} cannot be read`);
  }
  return valueOf(parsed as jsep.CoreExpression, scope);
}

function valueOf(node: jsep.CoreExpression, scope: MathScope): MathValue {
  switch (node.type) {
    case 'Literal':
      if (typeof node.value === 'number') return node.value;
      throw new NotEvaluatedError(`the text ${node.raw} is no value`);
    case 'Identifier': {
      const found = scope.variable(node.name);
      if (found === undefined) throw new NotEvaluatedError(`nothing is called ${node.name}`);
      return found;
    }
    case 'UnaryExpression':
      if (node.operator !== '-') throw new NotEvaluatedError(`the operator ${node.operator} is not evaluated`);
      return combined('-', 0, below(node.argument, scope));
    case 'BinaryExpression': return combined(node.operator, below(node.left, scope), below(node.right, scope));
    case 'ArrayExpression': return node.elements.map((element) => series(element === null ? 0 : below(element, scope), scope));
    case 'CallExpression': return called(node, scope);
    default: throw new NotEvaluatedError(`a ${node.type} is not evaluated`);
  }
}

const below = (node: jsep.Expression, scope: MathScope): MathValue => valueOf(node as jsep.CoreExpression, scope);

function isSeries(value: MathValue): value is Series {
  return typeof value !== 'number' && !value.some(Array.isArray);
}

function series(value: MathValue, { length }: Pick<MathScope, 'length'>): Series {
  if (typeof value === 'number') return Array.from({ length }, () => value);
  if (isSeries(value)) return value;
  throw new NotEvaluatedError('several series stand where one is evaluated');
}

/** At each time at which either has a value; what the other lacks there is 0. */
function combined(operator: string, one: MathValue, other: MathValue): MathValue {
  const operation = Object.hasOwn(OPERATIONS, operator) ? OPERATIONS[operator] : undefined;
  if (operation === undefined) throw new NotEvaluatedError(`the operator ${operator} is not evaluated`);
  if (typeof one === 'number' && typeof other === 'number') {
    const result = operation(one, other);
    if (result === undefined) throw new NotEvaluatedError('a number is divided by zero');
    return result;
  }
  const length = typeof one === 'number' ? (other as Series).length : one.length;
  const [left, right] = [series(one, { length }), series(other, { length })];
  const isThere = (index: number): boolean => (typeof one !== 'number' && left[index] !== undefined) || (typeof other !== 'number' && right[index] !== undefined);
  return Array.from({ length }, (_, index) => (isThere(index) ? operation(left[index] ?? 0, right[index] ?? 0) : undefined));
}

function called({ callee, arguments: args }: jsep.CallExpression, scope: MathScope): MathValue {
  const name = callee.type === 'Identifier' ? String(callee.name) : '';
  const [first, second, third] = args;
  if (name === 'INSIGHT_RULE_METRIC' && args.length === 2) return scope.insight(textOf(first), textOf(second));
  if (name === 'FILL' && first && second && args.length === 2) return filled(series(below(first, scope), scope), second, scope);
  if (name === 'IF' && first && second && args.length <= 3) return chosen(below(first, scope), below(second, scope), third && below(third, scope), scope);
  const reduction = Object.hasOwn(REDUCTIONS, name) ? REDUCTIONS[name] : undefined;
  if (reduction !== undefined && first && args.length === 1) {
    const value = below(first, scope);
    // Of one series it is a number, which depends on how far CloudWatch looks back: the guide advises against that in alarms.
    if (typeof value === 'number' || isSeries(value)) throw new NotEvaluatedError(`${name} of a single series is not evaluated`);
    return Array.from({ length: scope.length }, (_, index) => {
      const values = value.flatMap((each) => each[index] ?? []);
      return values.length === 0 ? undefined : reduction(values);
    });
  }
  throw new NotEvaluatedError(`the function ${name || 'without a name'} with ${args.length} arguments is not evaluated`);
}

function textOf(node: jsep.Expression | undefined): string {
  if (node?.type === 'Literal' && typeof node.value === 'string') return node.value;
  if (node?.type === 'Identifier') return String(node.name);
  throw new NotEvaluatedError('a name is neither a text nor a word');
}

/** By a number, or by the value before (`REPEAT`); how `LINEAR` reaches beyond the ends is not documented. */
function filled(values: Series, filler: jsep.Expression, scope: MathScope): Series {
  if (filler.type === 'Identifier' && filler.name === 'REPEAT') {
    let last: number | undefined;
    return values.map((value) => {
      last = value ?? last;
      return last;
    });
  }
  if (filler.type === 'Identifier' && filler.name === 'LINEAR') throw new NotEvaluatedError('FILL with LINEAR is not evaluated');
  const by = series(below(filler, scope), scope);
  return values.map((value, index) => value ?? by[index]);
}

/** "Using IF expressions": a point without a condition is dropped, and so is one without the other value; where the condition holds, what is lacking is 0. */
function chosen(condition: MathValue, then: MathValue, otherwise: MathValue | undefined, scope: MathScope): Series {
  const [yes, no] = [series(then, scope), otherwise === undefined ? [] : series(otherwise, scope)];
  if (typeof condition === 'number') return condition === 0 ? Array.from({ length: scope.length }, (_, index) => no[index]) : yes;
  return series(condition, scope).map((value, index) => {
    if (value === undefined) return undefined;
    return value === 0 ? no[index] : yes[index] ?? 0;
  });
}
