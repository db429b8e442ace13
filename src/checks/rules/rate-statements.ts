import { isWorldOpen } from '../../network/cidr';
import type { Property } from '../template/property';
import { Reference } from '../template/value';

const IP_SET = 'AWS::WAFv2::IPSet';

/** What a rule of a web ACL counts, if it counts. */
export const rateOf = (rule: Property): Property => rule.get('Statement.RateBasedStatement');

export const nameOf = (rule: Property): string => rule.get('Name').partialText().text;

/** Whether a statement is about connections from a bounded set of addresses; one that reads a header is not, nor one that holds everybody. */
function namesSenders(statement: Property): boolean {
  const reference = statement.get('IPSetReferenceStatement');
  if (!reference.exists || reference.get('IPSetForwardedIPConfig').exists) return false;
  const { value } = reference.get('Arn');
  const addresses = value instanceof Reference && value.resource.type === IP_SET ? value.resource.prop('Addresses').items() : [];
  return addresses.every((address) => isWorldOpen(address.text() ?? '') === false);
}

/** Whether a statement holds for known senders only, whatever else it asks of them. */
export function trusts(statement: Property): boolean {
  const [demands, options] = [statement.get('AndStatement.Statements').items(), statement.get('OrStatement.Statements').items()];
  if (demands.length > 0) return demands.some(trusts);
  return options.length > 0 ? options.every(trusts) : namesSenders(statement);
}
