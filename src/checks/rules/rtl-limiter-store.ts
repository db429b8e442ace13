import { defineRule, each, fail, NOT_APPLICABLE, type Outcome, PASS } from '../rule';
import type { Resource } from '../template/resource';
import type { TemplateGraph } from '../template/template-graph';
import { SERVICE, TASK_DEFINITION } from './containers';
import { letsIn, storeAt } from './rtl-store';
import { eachEnvironment, type Environment, valueOf } from './variables';

/** Where a program is told of its Redis. */
const REDIS_VARIABLE = /(^|_)(REDIS|VALKEY)(_\w*)?_(HOST|SERVER|ADDR(ESS)?|ENDPOINT|UR[IL]|DSN)$/i;

/** The port of a URL or an address; ElastiCache's own elsewhere (ElastiCache guide, "Ports"). */
const portIn = (text: string): number => Number(/:(\d{2,5})(\/|$|\?)/.exec(text)?.[1] ?? 6379);

function countsInRedis(environment: Environment, task: Resource, graph: TemplateGraph): readonly Outcome[] {
  if (valueOf(environment, 'RATE_LIMIT_ENABLED')?.text()?.trim().toLowerCase() !== 'true') return NOT_APPLICABLE;
  const { owner, place, plain, secret } = environment;
  const told = plain.filter(({ name }) => REDIS_VARIABLE.test(name));
  if (told.length === 0 && !secret.some(({ name }) => REDIS_VARIABLE.test(name))) {
    return fail(place, `${owner} limits its callers (RATE_LIMIT_ENABLED) and is told of no Redis: every task counts for itself, so that callers have a budget in each`);
  }
  const paths = each(told, ({ value }) => {
    const store = storeAt(value, task, graph);
    return store ? each(graph.pointingAt(task, SERVICE, 'TaskDefinition'), (service) => letsIn(store, service, portIn(value.partialText().text), service.prop('TaskDefinition'), graph)) : PASS;
  });
  return paths.length > 0 ? paths : PASS;
}

/** CX-25. */
const limiterStore = defineRule('RTL-2', 'limiter-store', {
  appliesTo: [TASK_DEFINITION],
  extent: 'containers with RATE_LIMIT_ENABLED',
  remediation: 'Give the program a Redis of the same app (REDIS_HOST or REDIS_URL), and let its security group take traffic from the service\'s group. In CDK, Gate does.',
  check: (task, graph) => eachEnvironment(task, (environment) => countsInRedis(environment, task, graph)),
});

export const RTL_LIMITER_STORE_RULES = [limiterStore];
