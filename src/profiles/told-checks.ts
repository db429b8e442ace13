import { Token } from 'aws-cdk-lib';
import type { Construct, IConstruct } from 'constructs';
import type { Told as Variables } from '../core/told-variables';
import { invalidProp } from '../invalid-prop';
import { madeBehind } from '../secrets/container-secret';
import { checkSameEnvironment } from '../secrets/secret-environment';
import type { ProfileParts } from './parts';
import type { ProfiledContainerOptions } from './profiled-core-props';
import { VARIABLES, variablesOf } from './variables';
import { faultsIn, type Told } from './variables/judge';
import type { ProfileName, Variable } from './variables/variable';

/** Refuses variables that are written by hand: one of the profile's own would say something else than the gate does, and one of another program means a mistake. */
export function checkWrittenByHand(scope: IConstruct, profile: ProfileName, { environment = {}, secrets = {} }: ProfiledContainerOptions): void {
  for (const [prop, names] of [['environment', Object.keys(environment)], ['secrets', Object.keys(secrets)]] as const) {
    for (const name of names) {
      const variable = VARIABLES.find((one) => one.name === name && (one.profile === profile || namesItsProgram(one)));
      if (!variable) continue;
      const todo = variable.profile === profile ? `Profile ${profile} writes it itself, from ${variable.fedBy}: take it out.`
        : `It is read by ${variable.profile}, and this is ${profile}: take it out, or name Profile.${variable.profile}(…).`;
      throw invalidProp(scope, `container.${prop}.${name}`, 'written by hand', todo);
    }
  }
}

/** Nor does a profile overrule what somebody wrote, such as the key of a provider that it fills in too. */
export function checkNotOverruled(scope: IConstruct, container: ProfiledContainerOptions, parts: Pick<ProfileParts, 'environment' | 'secrets'>): void {
  const written = new Set([...Object.keys(parts.environment), ...Object.keys(parts.secrets)]);
  for (const prop of ['environment', 'secrets'] as const) {
    const twice = Object.keys(container[prop] ?? {}).find((name) => written.has(name));
    if (twice !== undefined) throw invalidProp(scope, `container.${prop}.${twice}`, 'written by hand', 'The profile writes it itself, from its own props: take it out.');
  }
}

/** `TGEFD_AUTH_MODE` can be nobody else's, and `LOG_LEVEL` is what many programs read. */
const namesItsProgram = ({ name, profile }: Variable): boolean => name.toLowerCase().startsWith(`${profile}_`);

/** Refuses secrets that a stack of another environment made; of one that is named by hand a rule tells (SEC-6). */
export function checkOwnSecrets(parent: Construct, { secrets }: Variables): void {
  for (const [name, given] of Object.entries(secrets)) {
    const secret = madeBehind(parent, given);
    if (secret) checkSameEnvironment(parent, `container.secrets.${name}`, secret);
  }
}

/** Refuses whatever was typed and is no safe value of its variable. */
export function checkTold(scope: IConstruct, profile: ProfileName, { environment, secrets }: Variables, choices: readonly string[]): void {
  const told = new Map<string, Told>([
    ...Object.entries(environment).map(([name, text]): [string, Told] => [name, Token.isUnresolved(text) ? { isSecret: false } : { text, isSecret: false }]),
    ...Object.keys(secrets).map((name): [string, Told] => [name, { isSecret: true }]),
  ]);
  const fault = faultsIn(profile, told, { choices }).find(({ severity }) => severity === 'error');
  if (!fault) return;
  const fedBy = variablesOf(profile).filter(({ name }) => fault.names.includes(name)).map((variable) => variable.fedBy);
  throw invalidProp(scope, 'profile', profile, `It would write ${fault.names.join(' and ')}, which ${fault.says} (${fault.control}): change ${fedBy.join(' or ')}.`);
}
