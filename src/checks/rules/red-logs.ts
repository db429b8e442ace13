import { defineRule, each, expect, fail, NOT_APPLICABLE, type Outcome, undecidable } from '../rule';
import type { Property } from '../template/property';
import type { Resource } from '../template/resource';
import { Reference } from '../template/value';
import { containersOf, nameOf, TASK_DEFINITION } from './containers';
import { gatesOf } from './gate-configuration';

const LOG_GROUP = 'AWS::Logs::LogGroup';

/** What a key looks like beside its prefix: the longest run that a pattern has to find, and short of a real one. */
const LIKE_A_KEY = 'A1b2C3d4'.repeat(6);

/** Whether a pattern finds something in the text; one that is no pattern finds nothing. */
export function finds(pattern: string, text: string): boolean {
  try {
    return new RegExp(pattern).test(text);
  } catch {
    return false;
  }
}

/** The names that the statement with an operation lists. */
function identifiersWith(policy: Property, operation: string): string[] {
  return policy.get('Statement').items().filter((statement) => statement.get(`Operation.${operation}`).exists)
    .flatMap((statement) => statement.get('DataIdentifier').items().map((identifier) => identifier.partialText().text));
}

/** Masking without an audit statement is refused by the service (CloudWatch Logs guide, "Data protection policies"). */
function masks(group: Resource, prefix: string, at: Property): readonly Outcome[] {
  const policy = group.prop('DataProtectionPolicy');
  if (!policy.exists) return fail(at, `${group.logicalId} has no data protection policy: a key that slips into the log is there for every reader`);
  const masked = identifiersWith(policy, 'Deidentify');
  const custom = policy.get('Configuration').get('CustomDataIdentifier').items().filter((identifier) => masked.includes(identifier.get('Name').text() ?? ''));
  return expect(custom.some((identifier) => finds(identifier.get('Regex').text() ?? '', `${prefix}${LIKE_A_KEY}`)), at, `${group.logicalId} masks no key that begins with ${prefix}`);
}

/** What CX-03 calls keys, where a gate takes none: somebody may send one all the same. */
const USUAL_PREFIX = 'ctx_';

const masked = defineRule('RED-1', 'masked-logs', {
  appliesTo: [TASK_DEFINITION],
  extent: 'log groups of tasks with a gate',
  remediation: 'Give the log group a DataProtectionPolicy that audits and de-identifies a custom data identifier for the keys\' prefix. In CDK, AuditTrail does.',
  check(task) {
    const gates = gatesOf(task);
    if (gates.length === 0) return NOT_APPLICABLE;
    const prefixes = gates.map(({ configuration }) => configuration.get('identity.key'));
    return each(containersOf(task), (container) => {
      const options = container.get('LogConfiguration.Options');
      const place = options.get('awslogs-group');
      if (container.get('LogConfiguration.LogDriver').text() !== 'awslogs') return NOT_APPLICABLE;
      const group = place.value instanceof Reference ? place.value.resource : undefined;
      if (group?.type !== LOG_GROUP) return undecidable(place, `${nameOf(container)} logs to a group that is in none of the templates, so what it masks is not known`);
      return each(prefixes, (key) => masks(group, key.exists ? key.get('prefix').text() ?? USUAL_PREFIX : USUAL_PREFIX, place));
    });
  },
});

export const RED_LOG_RULES = [masked];
