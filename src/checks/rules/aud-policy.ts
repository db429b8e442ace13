import { POLICY_METADATA } from '../../audit/contract';
import { defineRule, expect, fail, NOT_APPLICABLE, type Outcome, PASS } from '../rule';
import { Property } from '../template/property';
import type { Resource } from '../template/resource';
import { isKept } from './aud-lock';
import { LOG_GROUP, recordGroups } from './audit-path';

/** What a policy has to say. */
const STATEMENTS = ['personalData', 'erasure'] as const;

/** In production nothing is written before it is decided; whether this is production is told by what becomes of it. */
function isStated(group: Resource): readonly Outcome[] {
  const stated = new Property(`${group.logicalId}.Metadata`, (Object.hasOwn(group.metadata, POLICY_METADATA) ? group.metadata[POLICY_METADATA] : undefined));
  const severity = isKept(group) ? 'error' : 'warning';
  if (!stated.exists) return fail(stated, `has no ${POLICY_METADATA}: how long records are kept and how personal data is erased is nowhere stated`, severity);
  const missing = STATEMENTS.map((name) => stated.get(name)).find((place) => (place.text() ?? '').trim() === '') ?? (stated.get('retention').exists ? undefined : stated.get('retention'));
  return missing ? fail(missing, 'is not stated', severity) : PASS;
}

const stated = defineRule('AUD-5', 'policy', {
  appliesTo: [LOG_GROUP],
  extent: 'log groups that gates write records into',
  remediation: `State in the log group's Metadata, as ${POLICY_METADATA}, retention, personalData and erasure. In CDK, AuditPolicy does.`,
  check: (group, graph) => (recordGroups(graph).has(group) ? isStated(group) : NOT_APPLICABLE),
});

/** As CloudWatch Logs names it (CloudWatch Logs guide, "Types of data that you can protect"). */
const ADDRESSES = /:data-identifier\/EmailAddress$/;

const maskedPersons = defineRule('AUD-5', 'masked-persons', {
  appliesTo: [LOG_GROUP],
  extent: 'log groups that gates write records into',
  remediation: 'De-identify the managed data identifier EmailAddress in the DataProtectionPolicy. In CDK, AuditTrail does.',
  check(group, graph) {
    if (!recordGroups(graph).has(group)) return NOT_APPLICABLE;
    const policy = group.prop('DataProtectionPolicy');
    if (!policy.exists) return fail(policy, 'is not set, so that an address which slips into the log is there for every reader, and in the archive');
    const masked = policy.get('Statement').items().filter((statement) => statement.get('Operation').get('Deidentify').exists).flatMap((statement) => statement.get('DataIdentifier').items());
    return expect(masked.some((place) => ADDRESSES.test(place.partialText().text)), policy, 'masks no e-mail addresses');
  },
});

export const AUD_POLICY_RULES = [stated, maskedPersons];
