import type { Property } from '../../checks/template/property';
import { matches } from '../requests/wildcards';
import { NotEvaluatedError } from './not-evaluated';

/** Somebody asks for something. */
export interface Asked {
  readonly action: string;
  /** Of AWS, such as `cloudwatch.amazonaws.com`. */
  readonly service: string;
  /** What the request says of itself, by condition key. */
  readonly context: Readonly<Record<string, string>>;
}

/** Names that stand for what only a deployment knows. */
export type Known = Readonly<Record<string, string>>;

/**
 * Whether a policy of a resource lets a service of AWS do something (IAM guide, "Policy evaluation logic": one that denies decides, and one that allows is needed). Of
 * resources nothing is asked: such a policy is on one. Throws a NotEvaluatedError where a statement hangs on what is not imitated.
 */
export function allows(document: Property, asked: Asked, known: Known): boolean {
  const meant = document.get('Statement').items().filter((statement) => isAbout(statement, asked, known));
  const effects = meant.map((statement) => textOf(statement.get('Effect'), known));
  return effects.includes('Allow') && !effects.includes('Deny');
}

function isAbout(statement: Property, { action, service, context }: Asked, known: Known): boolean {
  if (statement.get('NotAction').exists || statement.get('NotPrincipal').exists) throw new NotEvaluatedError('a statement with NotAction or NotPrincipal is not evaluated');
  if (!oneOrMore(statement.get('Action')).some((each) => matches(textOf(each, known), action, { anyCase: true }))) return false;
  const principal = statement.get('Principal');
  const isAnybody = principal.partialText().text === '*';
  if (!isAnybody && !oneOrMore(principal.get('Service')).some((each) => textOf(each, known) === service)) return false;
  const condition = statement.get('Condition');
  return !condition.exists || condition.entries().every(([operator, keys]) => keys.entries().every(([key, values]) => (
    holds(operator, context[key.toLowerCase()], oneOrMore(values).map((each) => textOf(each, known)))
  )));
}

/** What a request does not say fulfils no condition that is imitated here (IAM guide, "IAM JSON policy elements: Condition operators"). */
function holds(operator: string, value: string | undefined, wanted: readonly string[]): boolean {
  switch (operator) {
    case 'StringEquals': case 'Bool': return value !== undefined && wanted.includes(value);
    case 'StringLike': case 'ArnEquals': case 'ArnLike': return value !== undefined && wanted.some((each) => matches(each, value, { anyCase: false }));
    default: throw new NotEvaluatedError(`the condition ${operator} of a policy is not evaluated`);
  }
}

/** A value that only a deployment knows is one as well. */
function oneOrMore(property: Property): readonly Property[] {
  return Array.isArray(property.value) ? property.items() : [property];
}

function textOf(property: Property, known: Known): string {
  return property.partialText().text.replace(/\$\{(AWS::\w+)\}/g, (hole, name: string) => known[name] ?? hole);
}
