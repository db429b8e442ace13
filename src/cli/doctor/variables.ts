import { variablesOf } from '../../profiles/variables';
import { type Environment, type Fault, faultsIn, type Told } from '../../profiles/variables/judge';
import type { Profiled } from './profiles';

/** A fault in what a container is told. `note`: it may be so, and somebody should know. */
export interface Complaint extends Pick<Fault, 'control' | 'names' | 'says'> {
  readonly path: string;
  readonly verdict: 'wrong' | 'unknown' | 'note';
}

/** What a container is told, and what is wrong with it by its profile. Values of secrets are not known here, and no other is repeated. */
export function complaintsAbout({ path, profile, service, container, choices }: Profiled): readonly Complaint[] {
  const faults = faultsIn(profile, toldTo(container), { choices });
  const secrets = new Set(variablesOf(profile).filter(({ place }) => place === 'secrets').map(({ name }) => name));
  // Emulators lose what containers are told of secrets, which AWS never does: with none at all, nothing is known about any.
  const hasLost = service.containers.every((one) => one.secrets.size === 0);
  return [
    ...faults.map((fault): Complaint => ({ ...told(fault), path, verdict: verdictOf(fault, hasLost && isMissing(fault, container) && fault.names.some((name) => secrets.has(name))) })),
    ...[...container.environment.keys()].filter((name) => secrets.has(name)).map((name): Complaint => (
      { control: 'CFG-6', names: [name], says: 'stands where everybody reads it who may look at the task', path, verdict: 'wrong' })),
  ];
}

export function toldTo({ environment, secrets }: Pick<Profiled['container'], 'environment' | 'secrets'>): Environment {
  const plain = [...environment].map(([name, text]): [string, Told] => [name, { text, isSecret: false }]);
  return new Map([...plain, ...[...secrets.keys()].map((name): [string, Told] => [name, { isSecret: true }])]);
}

const told = ({ control, names, says }: Fault): Pick<Fault, 'control' | 'names' | 'says'> => ({ control, names, says });

const isMissing = ({ names }: Fault, { environment }: Profiled['container']): boolean => names.some((name) => !environment.has(name));

function verdictOf({ severity }: Fault, isUnknown: boolean): Complaint['verdict'] {
  if (isUnknown) return 'unknown';
  return severity === 'warning' ? 'note' : 'wrong';
}
