import type { JsonMap } from '../../src/checks/template/template';
import { PROFILE_METADATA, type ProfileMetadata } from '../../src/profiles/contract';
import { variablesOf } from '../../src/profiles/variables';
import type { ProfileName, Variable } from '../../src/profiles/variables/variable';

/** What a container is told: plain values by name, and the names of those that a secret store fills in. */
export interface ProfiledTask {
  readonly environment: Readonly<Record<string, string>>;
  readonly secrets: readonly string[];
}

export const CONTAINER = 'Core';

export const metadataOf = (name: ProfileName, metadata: Partial<ProfileMetadata> = {}): Readonly<Record<string, JsonMap>> =>
  ({ [PROFILE_METADATA]: { name, environment: 'production', container: CONTAINER, choices: name === 'tom' ? ['checkout'] : [], ...metadata } });

/** Where a variable is, as documents have it. */
export const secretNamed = (name: string): string => `arn:aws:secretsmanager:eu-central-1:111122223333:secret:production/${name.toLowerCase().replaceAll('_', '-')}-AbCdEf`;

/** Those that another one stands for, or that only another mode reads. */
const INSTEAD = new Set(['TGEFD_ROLE_CLAIM', 'TGEFD_MTLS_SCOPES_HEADER', 'TGEFD_MTLS_ROLE_HEADER', 'SECRETS_MASTER_KEY']);

const rightOf = ({ right, written }: Variable): string | undefined => right ?? written;

/** A program that is told all that its document names, rightly. */
export function rightTask(profile: ProfileName): ProfiledTask {
  const told = variablesOf(profile).filter(({ name, presence }) => presence !== 'refused' && !INSTEAD.has(name));
  return {
    environment: Object.fromEntries(told.flatMap((variable) => (variable.place === 'secrets' ? [] : [[variable.name, rightOf(variable) ?? '']]))),
    secrets: told.filter(({ place }) => place === 'secrets').map(({ name }) => name),
  };
}

/** The same with one variable that has another value, wherever it stood. */
export function toldOtherwise({ environment, secrets }: ProfiledTask, name: string, value: string): ProfiledTask {
  return { environment: { ...environment, [name]: value }, secrets: secrets.filter((one) => one !== name) };
}

export function without({ environment, secrets }: ProfiledTask, ...names: readonly string[]): ProfiledTask {
  return { environment: Object.fromEntries(Object.entries(environment).filter(([name]) => !names.includes(name))), secrets: secrets.filter((one) => !names.includes(one)) };
}

/** As a template writes it. */
export const listsOf = ({ environment, secrets }: ProfiledTask) => ({
  Environment: Object.entries(environment).map(([Name, Value]) => ({ Name, Value })), Secrets: secrets.map((Name) => ({ Name, ValueFrom: secretNamed(Name) })),
} as const);
