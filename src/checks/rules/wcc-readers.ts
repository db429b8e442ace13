import { BROKER_VARIABLE } from '../../broker/contract';
import { defineRule, type FindingSeverity, NOT_APPLICABLE, type Outcome } from '../rule';
import type { Resource } from '../template/resource';
import type { TemplateGraph } from '../template/template-graph';
import { brokersOf } from './broker-configuration';
import { deviceCredentials, type KeptValue, masterRings, readIn, rotatorsOf, SECRET_DOCUMENTS } from './broker-secrets';
import { keptFor } from './kept-for';

const TYPES = Object.keys(SECRET_DOCUMENTS);

/** Judges who may have values that are a broker's and its rotation's alone. */
function brokersAlone(owner: Resource, graph: TemplateGraph, values: readonly KeptValue[], use: (name: string) => string, severity?: FindingSeverity): readonly Outcome[] {
  if (values.length === 0) return NOT_APPLICABLE;
  return keptFor(owner, graph, SECRET_DOCUMENTS, (statement) => readIn(statement, values, owner, graph).map((value) => ({
    use: use(value.name),
    isFor: ({ program, isStarter }) => !isStarter && (brokersOf(graph).some(({ fn }) => fn === program) || rotatorsOf(value, graph).includes(program)),
    isForOthers: false,
  })), severity);
}

const onlyBrokerReads = defineRule('WCC-5', 'only-broker-reads', {
  appliesTo: TYPES,
  extent: 'policies of the templates, and credentials that are tagged or that a broker lends out',
  remediation: `Let the function that is told ${BROKER_VARIABLE} read the credential, the one that rotates it, and nobody else: everybody else asks the broker. In CDK, BrokerCredential grants it.`,
  check: (owner, graph) => brokersAlone(owner, graph, deviceCredentials(graph), (name) => `read ${name}, a credential of devices, past the broker and its records`),
});

/** Whoever knows the masters can make the key of every worker. */
const ringReaders = defineRule('WCC-7', 'ring-readers', {
  appliesTo: TYPES,
  extent: 'policies of the templates, and rings that workers\' own keys are made from',
  remediation: 'Let the broker read its ring, the function that rotates it, and nobody else: it reads each new value by itself, so no task has to be told.',
  check: (owner, graph) => brokersAlone(owner, graph, masterRings(graph), (name) => `know ${name}, from which the keys of all workers are made`, 'error'),
});

export const WCC_READER_RULES = [onlyBrokerReads, ringReaders];
