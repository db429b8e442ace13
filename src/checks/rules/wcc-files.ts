import { all, defineRule, each, expect, fail, NOT_APPLICABLE, type Outcome, PASS } from '../rule';
import type { Property } from '../template/property';
import type { Resource } from '../template/resource';
import type { TemplateGraph } from '../template/template-graph';
import { Reference } from '../template/value';
import { isBesideWorkers, isWorker } from './broker-workers';
import { TASK_DEFINITION } from './containers';
import { eachEnvironment, type Environment, PROGRAMS } from './variables';
import { isMigrating } from './wcc-phase';

/** TS-40, and whatever else is called so. */
const FILE = /(^|_)CREDENTIAL_FILE$/i;
const TOMS_FILE = 'TOM_CORE_CREDENTIAL_FILE';

function namesNone({ plain, secret, owner, place }: Environment, program: Resource): readonly Outcome[] {
  const files = [...plain, ...secret].filter(({ name }) => FILE.test(name) && !(name === TOMS_FILE && isMigrating(program)));
  if (files.length > 0) return files.flatMap(({ name, entry }) => fail(entry, `${owner} is told ${name}: whoever reads that file has every credential in it, without asking and without a record`));
  if (!isBesideWorkers(program)) return NOT_APPLICABLE;
  // Variables of which only a deployment knows what they are called.
  place.items();
  return PASS;
}

/** What a volume is of, as far as it outlives its task; nothing of one that is the task's own. */
function storeOf(volume: Property): { readonly store: unknown; readonly part: string; readonly place: Property } | undefined {
  const efs = volume.get('EFSVolumeConfiguration');
  const place = efs.exists ? efs.get('FilesystemId') : volume.get('Host.SourcePath');
  if (!place.exists) return undefined;
  const point = efs.exists ? efs.get('AuthorizationConfig').get('AccessPointId').partialText().text : '';
  return { store: place.value instanceof Reference ? place.value.resource : place.partialText().text, part: point, place };
}

/** Whether two volumes have a file in common: without an access point, a task has all of a file system. */
function overlap(one: NonNullable<ReturnType<typeof storeOf>>, other: NonNullable<ReturnType<typeof storeOf>>): boolean {
  return one.store === other.store && (one.part === '' || other.part === '' || one.part === other.part);
}

const volumesOf = (task: Resource) => task.prop('Volumes').items().flatMap((volume) => storeOf(volume) ?? []);

/** A file system that the orchestrator and a worker share is where credentials would lie that no job names. */
function sharesNone(worker: Resource, graph: TemplateGraph): readonly Outcome[] {
  const others = graph.ofType(TASK_DEFINITION).filter((task) => task !== worker && !isWorker(task));
  return each(volumesOf(worker), (volume) => {
    const other = others.find((task) => volumesOf(task).some((one) => overlap(volume, one)));
    return expect(other === undefined, volume.place, `is a volume of ${other?.logicalId ?? ''} as well, so a worker may read what that leaves there, without asking the broker`);
  });
}

const noFile = defineRule('WCC-5', 'no-file', {
  extent: 'variables by their names; volumes of workers that other tasks have as well',
  appliesTo: PROGRAMS,
  remediation: `Take ${TOMS_FILE} and shared volumes away: a worker asks the broker for the one credential that its job names.`,
  check: (program, graph) => all(
    () => eachEnvironment(program, (environment) => namesNone(environment, program)),
    () => (program.type === TASK_DEFINITION && isWorker(program) ? sharesNone(program, graph) : NOT_APPLICABLE),
  ),
});

export const WCC_FILE_RULES = [noFile];
