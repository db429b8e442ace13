import { SHARED_KEY_VARIABLE } from '../../broker/contract';
import { all, defineRule, each, fail, NOT_APPLICABLE, type Outcome, PASS } from '../rule';
import type { Resource } from '../template/resource';
import type { TemplateGraph } from '../template/template-graph';
import { brokersOf, phaseOf } from './broker-configuration';
import { masterRings } from './broker-secrets';
import { TASK_DEFINITION } from './containers';
import { known } from './pointers';
import { secretAt } from './secrets';
import { eachEnvironment, type Environment } from './variables';

/** Whether every broker of the templates has workers sign with keys of their own; one that cannot be read may not. */
const noneShares = (graph: TemplateGraph): boolean => brokersOf(graph).every((broker) => known(() => phaseOf(broker.configuration)) === 'per-worker-keys');

/** What is left of the phase before: a key that opens nothing any more, and of which nobody thinks. */
function leftover({ plain, secret, owner }: Environment): readonly Outcome[] {
  const left = [...plain, ...secret].find(({ name }) => name === SHARED_KEY_VARIABLE);
  return left ? fail(left.entry, `${owner} is told ${SHARED_KEY_VARIABLE}, and every worker has a key of its own`, 'error') : PASS;
}

function toldMaster({ secret, owner }: Environment, task: Resource, graph: TemplateGraph): readonly Outcome[] {
  return each(secret, ({ name, value }) => {
    const told = secretAt(value, task, graph);
    const ring = masterRings(graph).find((one) => one.secret !== undefined && one.secret === told);
    return ring ? fail(value, `fills ${name} of ${owner} from ${ring.name}, from which the keys of all workers are made`, 'error') : PASS;
  });
}

const ownKeys = defineRule('WCC-7', 'own-keys', {
  extent: 'tasks beside a broker that gives each worker a key',
  appliesTo: [TASK_DEFINITION],
  remediation: `Take ${SHARED_KEY_VARIABLE} and the broker's ring out of the task: a worker is told where the broker is, and joins.`,
  check: (task, graph) => (masterRings(graph).length === 0 ? NOT_APPLICABLE : eachEnvironment(task, (environment) => {
    // A list of which only a deployment knows what is in it.
    environment.place.items();
    return all(
      () => (noneShares(graph) ? leftover(environment) : NOT_APPLICABLE),
      () => toldMaster(environment, task, graph),
    );
  })),
});

export const WCC_OWN_KEY_RULES = [ownKeys];
