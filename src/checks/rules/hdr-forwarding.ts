import { isWorldOpen } from '../../network/cidr';
import { defineRule, each, expect, fail, NOT_APPLICABLE, type Outcome } from '../rule';
import type { Property } from '../template/property';
import { containersOf, nameOf, TASK_DEFINITION } from './containers';
import { checkVariables, eachEnvironment, entriesIn, PROGRAMS, type VariableCheck } from './variables';

/** Words by which servers mean every address (uvicorn and gunicorn, forwarded_allow_ips; Express, trust proxy). */
const EVERYBODY = /^(\*|all|true)$/i;

const BELIEVED = 'is believed about where a request comes from';

function isNamed(proxy: Property, what: string): readonly Outcome[] {
  const address = proxy.text() ?? '';
  return expect(!EVERYBODY.test(address) && isWorldOpen(address) !== true, proxy, `by ${what}, whoever connects ${BELIEVED}, himself included`);
}

/** A number counts the proxies that a request really passes, which only the network tells. */
const VARIABLES: readonly VariableCheck[] = [{
  name: /(^|_)(FORWARDED_ALLOW_IPS|TRUST(ED)?_PROX(Y|IES))$/i,
  check: (value, name) => each(entriesIn(value), (proxy) => isNamed(proxy, name)),
}];

const OPTION = /^--forwarded-allow-ips(?:=(.*))?$/;

/** The server's own option, with its value in the same word or in the next. */
function optionIn(container: Property): readonly Outcome[] {
  const lists = ['EntryPoint', 'Command'].map((key) => container.get(key)).filter(({ value }) => Array.isArray(value));
  return lists.flatMap((list) => {
    const words = list.items();
    return words.flatMap((word, index) => {
      const match = OPTION.exec(word.partialText().text);
      if (!match) return NOT_APPLICABLE;
      const value = match[1] ?? words[index + 1]?.partialText().text ?? '';
      return EVERYBODY.test(value.trim()) ? fail(word, `${nameOf(container)}: by its command line, whoever connects ${BELIEVED}, himself included`) : NOT_APPLICABLE;
    });
  });
}

const trustedProxies = defineRule('HDR-7', 'trusted-proxies', {
  appliesTo: PROGRAMS,
  extent: 'variables and options of well-known servers; what the load balancer does to X-Forwarded-For is part of TLS-7',
  remediation: 'Name the addresses of the proxies: 127.0.0.1 behind a gate in the same task.',
  check: (resource) => [
    ...eachEnvironment(resource, (environment) => checkVariables(environment, VARIABLES)),
    ...(resource.type === TASK_DEFINITION ? each(containersOf(resource), optionIn) : []),
  ],
});

export const HDR_FORWARDING_RULES = [trustedProxies];
