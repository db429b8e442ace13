import { all, defineRule, expect, fail, NOT_APPLICABLE, PASS } from '../rule';
import { TASK_DEFINITION } from './containers';
import { eachGate, tokensOf } from './gate-configuration';
import { saysNothing } from '../../secrets/secret-shapes';
import { checkVariables, eachEnvironment, PROGRAMS, type VariableCheck } from './variables';

/** Lists of the keys that callers may show; a key of somebody else's service is called API_KEY. */
const CALLERS_KEYS = /(^|_)API_KEYS$/i;

/** TG-06: this app's keys are for a developer's machine. Others may ride behind a gate that asks for more (C-03). */
const KEYS_ONLY: readonly VariableCheck[] = [{
  name: /^TGEFD_AUTH_MODE$/i,
  check: (value, name) => expect(value.text()?.trim().toLowerCase() !== 'api_key', value, `${name} lets callers in with a key alone, which is for a developer's machine`),
}];

const keysFromStore = defineRule('IDN-8', 'callers-keys', {
  appliesTo: PROGRAMS,
  extent: 'variables that hold the keys of callers',
  remediation: 'Move the list to Secrets with ValueFrom a Secrets Manager ARN, or let a gate check keys against their digests. Set TGEFD_AUTH_MODE to jwt or mtls.',
  check: (resource) => eachEnvironment(resource, (environment) => {
    const { plain, secret, owner } = environment;
    const stored = secret.some(({ name }) => CALLERS_KEYS.test(name)) ? PASS : NOT_APPLICABLE;
    return [
      ...stored,
      ...plain.filter(({ name, value }) => CALLERS_KEYS.test(name) && !saysNothing(value.partialText().text))
        .flatMap(({ name, entry }) => fail(entry, `${owner} has the keys of its callers in ${name}, for everybody to read who can read the task`)),
      ...checkVariables(environment, KEYS_ONLY),
    ];
  }),
});

/** Long enough that log filters and secret scanners know a key by it (CX-03). */
const PREFIX = /^[a-z][a-z0-9]{1,15}_$/;

const gateKeys = defineRule('IDN-8', 'gate-keys', {
  appliesTo: [TASK_DEFINITION],
  extent: 'the configuration of a gate',
  remediation: 'Give keys a prefix such as ctx_ and a header of their own such as x-api-key, and take them in Authorization only where no token is expected there.',
  check: (task) => eachGate(task, (configuration) => {
    const key = configuration.get('identity.key');
    if (!key.exists) return NOT_APPLICABLE;
    const [prefix, header, inAuthorization] = [key.get('prefix'), key.get('header'), key.get('inAuthorization')];
    return all(
      () => expect(PREFIX.test(prefix.text() ?? ''), prefix, 'the gate takes keys that nobody can tell from other text: they have no prefix such as ctx_'),
      () => expect(!['', 'authorization', 'cookie'].includes(header.text() ?? ''), header, 'the gate takes keys in no header of their own'),
      () => expect(inAuthorization.flag() !== true || tokensOf(configuration).length === 0, inAuthorization, 'the gate takes keys in Authorization, where it expects tokens'),
    );
  }),
});

export const IDN_KEY_RULES = [keysFromStore, gateKeys];
