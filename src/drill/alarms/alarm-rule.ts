import jsep from 'jsep';
import { NotEvaluatedError } from './not-evaluated';
import type { AlarmState } from './state';

/** What the functions of a rule ask an alarm for (CloudWatch API reference, PutCompositeAlarm, `AlarmRule`). */
const ASKED: Readonly<Record<string, AlarmState>> = { ALARM: 'ALARM', OK: 'OK', INSUFFICIENT_DATA: 'INSUFFICIENT_DATA' };

// Of the same reference: AND, OR and NOT in capitals.
jsep.addUnaryOp('NOT');
jsep.addBinaryOp('AND', 2);
jsep.addBinaryOp('OR', 1);

/**
 * Whether the rule of a composite alarm holds.
 *
 * @param stateOf of an alarm, by the name or the ARN that the rule has
 */
export function ruleHolds(rule: string, stateOf: (alarm: string) => AlarmState): boolean {
  let parsed: jsep.Expression;
  try {
    // Names may be written without quotes.
    parsed = jsep(rule.replace(/\b(ALARM|OK|INSUFFICIENT_DATA)\s*\(\s*([^"'()\s][^()]*?)\s*\)/g, (_, name: string, alarm: string) => `${name}(${JSON.stringify(alarm)})`));
  } catch {
    throw new NotEvaluatedError(`the rule ${rule} cannot be read`);
  }
  return holds(parsed as jsep.CoreExpression, stateOf);
}

function holds(node: jsep.CoreExpression, stateOf: (alarm: string) => AlarmState): boolean {
  const below = (each: jsep.Expression): boolean => holds(each as jsep.CoreExpression, stateOf);
  if (node.type === 'BinaryExpression' && node.operator === 'AND') return below(node.left) && below(node.right);
  if (node.type === 'BinaryExpression' && node.operator === 'OR') return below(node.left) || below(node.right);
  if (node.type === 'UnaryExpression' && node.operator === 'NOT') return !below(node.argument);
  if (node.type === 'Identifier' && (node.name === 'TRUE' || node.name === 'FALSE')) return node.name === 'TRUE';
  if (node.type === 'CallExpression' && node.callee.type === 'Identifier') {
    const [alarm] = node.arguments;
    const asked = Object.hasOwn(ASKED, String(node.callee.name)) ? ASKED[String(node.callee.name)] : undefined;
    if (asked !== undefined && node.arguments.length === 1 && alarm?.type === 'Literal' && typeof alarm.value === 'string') return stateOf(alarm.value) === asked;
  }
  throw new NotEvaluatedError(`a ${node.type} in the rule of a composite alarm is not evaluated`);
}
