import { judge } from '../../../src/checks/judge';
import { VARIABLES } from '../../../src/profiles/variables';
import type { ProfileName, Variable } from '../../../src/profiles/variables/variable';
import type { JsonMap } from '../../../src/checks/template/template';
import { listsOf, metadataOf, type ProfiledTask, rightTask, toldOtherwise, without } from '../../support/profiled-task';
import { template } from '../../support/templates';

const PROFILES: readonly ProfileName[] = ['cortex', 'tgefd', 'nodetool', 'tom'];

/** Rule and message of all that the pack finds, by task. One template has them all, or the pack would be asked three hundred times. */
function foundIn(tasks: ReadonlyMap<string, readonly [ProfileName, ProfiledTask]>): ReadonlyMap<string, readonly string[]> {
  const ids = new Map([...tasks.keys()].map((key, index) => [`Task${index}`, key]));
  const resources = [...tasks.values()].map(([profile, told], index): [string, JsonMap] => [`Task${index}`, {
    Type: 'AWS::ECS::TaskDefinition', Metadata: { ...metadataOf(profile) }, Properties: { NetworkMode: 'awsvpc', ContainerDefinitions: [{ Name: 'Core', Image: 'x', ...listsOf(told) }] },
  }]);
  const { findings } = judge([template(Object.fromEntries(resources))]);
  const found = new Map<string, string[]>([...tasks.keys()].map((key) => [key, []]));
  for (const { rule, message, logicalId } of findings) found.get(ids.get(logicalId) ?? '')?.push(`${rule} ${message}`);
  return found;
}

/** In mTLS a program reads other variables. */
function around({ profile, presence, name }: Variable): ProfiledTask {
  const right = rightTask(profile);
  if (name === 'TGEFD_ROLE_CLAIM') return without(right, 'TGEFD_ROLES_CLAIM');
  if (name === 'SECRETS_MASTER_KEY') return without(right, 'AWS_SECRETS_MASTER_KEY_NAME');
  return typeof presence === 'object' ? toldOtherwise(right, presence.when, presence.is[0] ?? '') : right;
}

const cellsOf = (variable: Variable): readonly (readonly [string, readonly [ProfileName, ProfiledTask]])[] => variable.refused.map((sample) => (
  [`${variable.name}=${sample}`, [variable.profile, toldOtherwise(around(variable), variable.name, sample)]]
));

const REFUSED = new Map(VARIABLES.flatMap(cellsOf));
const BASES = new Map(VARIABLES.map((variable) => [variable.name, [variable.profile, around(variable)] as const]));
const RIGHT = new Map(PROFILES.map((profile) => [profile as string, [profile, rightTask(profile)] as const]));

describe('what a program must not be told', () => {
  const [bases, found] = [foundIn(BASES), foundIn(REFUSED)];

  test.each(VARIABLES.flatMap(({ name, refused }) => refused.map((sample) => [name, sample] as const)))('%s=%s is found', (name, sample) => {
    const known = new Set(bases.get(name));
    expect((found.get(`${name}=${sample}`) ?? []).filter((finding) => !known.has(finding) && !finding.includes('[undecidable]'))).not.toEqual([]);
  });
});

describe('what a document asks for', () => {
  const found = foundIn(RIGHT);

  test.each(PROFILES)('is right as %s has it', (profile) => {
    expect((found.get(profile) ?? []).filter((finding) => finding.startsWith('CFG-'))).toEqual([]);
  });

  const REQUIRED = VARIABLES.filter(({ presence, name }) => presence === 'required' || name === 'AWS_SECRETS_MASTER_KEY_NAME' || (typeof presence === 'object' && presence.then === 'required'));
  const lacking = foundIn(new Map(REQUIRED.map((variable) => [variable.name, [variable.profile, without(around(variable), variable.name)] as const])));

  test.each(REQUIRED.map(({ name, absence }) => [name, absence] as const))('is not whole without %s', (name, absence) => {
    const own = (lacking.get(name) ?? []).filter((finding) => /^CFG-(?!6)/.test(finding) && finding.includes(name));
    expect(own).toEqual([expect.stringMatching(absence === 'unsafe' ? /^CFG-7\.emitted / : /^CFG-[1-4]\./)]);
  });
});
