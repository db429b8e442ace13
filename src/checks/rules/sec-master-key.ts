import { BACKUP_ATTESTATION_METADATA } from '../../secrets/contract';
import { all, defineRule, expect, fail, NOT_APPLICABLE, type Outcome, PASS, undecidable } from '../rule';
import type { Resource } from '../template/resource';
import type { TemplateGraph } from '../template/template-graph';
import { TASK_DEFINITION } from './containers';
import { isMasterKey, MASTER_KEY_VARIABLES, type ToldMasterKey, toldMasterKeys } from './master-keys';
import { looseSchedules, metadataText, schedulesOf, SECRET, secretAt } from './secrets';
import { eachEnvironment, type Environment } from './variables';

/** Left by itself when its stack or its place in the template goes; `RetainExceptOnCreate` keeps it from the first deployment on. */
const KEPT = ['Retain', 'RetainExceptOnCreate'];

function isKept(secret: Resource, policy: 'DeletionPolicy' | 'UpdateReplacePolicy'): readonly Outcome[] {
  const place = secret.attribute(policy);
  const text = place.text();
  return expect(text !== undefined && KEPT.includes(text), place, `is ${text ?? 'not set'}: without the key everything that it encrypted is lost`);
}

const kept = defineRule('SEC-5', 'kept', {
  appliesTo: [SECRET],
  remediation: 'Set DeletionPolicy and UpdateReplacePolicy to Retain.',
  check: (secret, graph) => (isMasterKey(secret, graph) ? all(() => isKept(secret, 'DeletionPolicy'), () => isKept(secret, 'UpdateReplacePolicy')) : NOT_APPLICABLE),
});

const replicated = defineRule('SEC-5', 'replicated', {
  appliesTo: [SECRET],
  remediation: `Name another region in ReplicaRegions, or say where the key is kept besides (Metadata ${BACKUP_ATTESTATION_METADATA}).`,
  check(secret, graph) {
    if (!isMasterKey(secret, graph)) return NOT_APPLICABLE;
    const attested = metadataText(secret, BACKUP_ATTESTATION_METADATA);
    if (attested !== undefined) return expect(attested !== '', secret.whole, `is said to be kept elsewhere by its metadata (${BACKUP_ATTESTATION_METADATA}), which does not say where`);
    const place = secret.prop('ReplicaRegions');
    return expect(place.items().length > 0, place, 'names no other region, so the key is in one place, and everything that it encrypted is lost with it');
  },
});

const notRotated = defineRule('SEC-5', 'not-rotated', {
  appliesTo: [SECRET],
  remediation: 'Take the RotationSchedule away: a master key is renewed by encrypting anew, which no rotation does.',
  check(secret, graph) {
    if (!isMasterKey(secret, graph)) return NOT_APPLICABLE;
    const [schedule] = schedulesOf(secret, graph);
    if (schedule) return fail(secret.whole, `is replaced by ${schedule.logicalId}: what the old key encrypted cannot be read any more`);
    const [loose] = looseSchedules(graph);
    return loose ? undecidable(secret.whole, `may be replaced by ${loose.logicalId}, whose secret is known only when deployed`) : PASS;
  },
});

/** Two names of one secret are one secret; what is in none of the templates is told apart by how it is written. */
const identityOf = ({ value, secret }: ToldMasterKey): Resource | string => secret ?? value.partialText().text;

function isOnly({ owner, plain, secret }: Environment, task: Resource, graph: TemplateGraph): readonly Outcome[] {
  const entries = [...plain, ...secret].filter(({ name }) => MASTER_KEY_VARIABLES.includes(name));
  const [first, ...more] = entries;
  if (!first) return NOT_APPLICABLE;
  if (more.length > 0) return fail(first.entry, `${owner} has ${entries.map(({ name }) => name).join(' and ')}: which of them encrypts nobody can tell`);
  const own = { value: first.value, secret: secretAt(first.value, task, graph) };
  const other = toldMasterKeys(graph).find((told) => identityOf(told) !== identityOf(own));
  if (!other) return PASS;
  // Two holes may be filled with the same.
  if ([own, other].some((told) => told.secret === undefined && !told.value.partialText().complete)) {
    return undecidable(first.entry, `${owner} and another container have master keys of which only a deployment knows whether they are one`);
  }
  return fail(first.entry, `${owner} has another master key than another container: what the one encrypts the other cannot read`);
}

const oneSource = defineRule('SEC-5', 'one-source', {
  appliesTo: [TASK_DEFINITION],
  remediation: 'Give every container the same secret, under one name: AWS_SECRETS_MASTER_KEY_NAME, or SECRETS_MASTER_KEY by ValueFrom.',
  check: (task, graph) => eachEnvironment(task, (environment) => isOnly(environment, task, graph)),
});

export const SEC_MASTER_KEY_RULES = [kept, replicated, notRotated, oneSource];
