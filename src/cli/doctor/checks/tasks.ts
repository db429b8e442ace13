import { CONFIGURATION_VARIABLE } from '../../../gate/contract';
import { listed } from '../../../listed';
import { VARIABLES } from '../../../profiles/variables';
import { exported } from '../../../runtime/shared/export-manifest';
import type { ExaminedContainer, ExaminedService } from '../../deployed/aws';
import { type Check, type Judged, judgedBy, OK, okIf, type Result, unknown, wrong } from '../examine';
import type { Ward } from '../ward';

/** By digest, or as the CDK names what it has built: by a hash of its sources. */
const PINNED = /@sha256:[0-9a-f]{64}$|container-assets-[^/:@]*:[0-9a-f]{64}$/;
const ROOT = /^(root|0)(:|$)/;
const SHOWN = 4;
/** Whatever they are called: what they hold is no secret, or is read elsewhere. */
const PLAIN: ReadonlySet<string> = new Set([CONFIGURATION_VARIABLE, ...VARIABLES.filter(({ place }) => place === 'environment' || place === 'either').map(({ name }) => name)]);

/** `says` completes "Core and Gate …". */
const all = (holds: (container: ExaminedContainer) => boolean, says: string) => ({ containers }: ExaminedService): Judged => {
  const names = containers.filter((one) => !holds(one)).map(({ name }) => name);
  return okIf(names.length === 0, `${listed(names, SHOWN)} ${says}`);
};

export const TASKS: readonly Check<ExaminedService>[] = [
  { item: 'tasks.settled', judge: ({ isRollingOut }) => (isRollingOut ? unknown('a roll-out is under way: tasks of an earlier definition may still run') : OK) },
  { item: 'tasks.running', judge: ({ desired, running }) => (desired === 0 ? unknown('no task is wanted') : okIf(running >= desired, `runs ${running} of ${desired} tasks`)) },
  { item: 'tasks.image', judge: all(({ image }) => PINNED.test(image), 'may be another image the next time that a task starts') },
  // Where nobody is named the image decides, which nobody here knows.
  { item: 'tasks.user', judge: all(({ user }) => user !== '' && !ROOT.test(user), 'may run as root') },
  { item: 'tasks.read-only', judge: all(({ isReadOnly }) => isReadOnly, 'can write to the file system of the image') },
  { item: 'tasks.privileges', judge: all(({ isPrivileged, dropped }) => !isPrivileged && dropped.includes('ALL'), 'may do what a program needs no right to') },
  { item: 'tasks.host', judge: ({ hostPaths }) => okIf(hostPaths.length === 0, 'is shown folders of its host') },
  { item: 'tasks.limits', judge: (service) => (service.memory === undefined ? all(({ memory }) => memory !== undefined, 'may take all memory')(service) : OK) },
  { item: 'tasks.logs', judge: all(({ logGroup }) => logGroup !== undefined, 'writes to no log group') },
  { item: 'tasks.plain-secrets', judge: plainSecrets },
  { item: 'tasks.shell', judge: ({ takesCommands }) => okIf(!takesCommands, 'lets whoever may call ECS Exec run commands in its tasks') },
  { item: 'tasks.private', judge: ({ hasPublicAddress }) => okIf(!hasPublicAddress, 'gives its tasks public addresses') },
];

function plainSecrets({ containers }: ExaminedService): Judged {
  const names = containers.flatMap(({ name, environment }) => {
    const settings = [...environment].filter(([variable]) => !PLAIN.has(variable)).map(([variable, value]) => ({ name: variable, value }));
    return exported(settings).filter(({ hadToken }) => hadToken).map((entry) => `${entry.name} of ${name}`);
  });
  return names.length === 0 ? OK : wrong(`${listed(names, SHOWN)} ${names.length === 1 ? 'looks' : 'look'} like a secret`);
}

export function examineTasks({ services }: Ward): Promise<readonly Result[]> {
  return Promise.resolve(services.flatMap(({ path, asked }) => judgedBy(path, asked, TASKS)));
}
