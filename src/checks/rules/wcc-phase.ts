import { BOUNDS, migrationEnd, PHASE_METADATA, type PhaseName } from '../../broker/contract';
import { all, defineRule, expect, fail, NOT_APPLICABLE, type Outcome, PASS, undecidable } from '../rule';
import type { Property } from '../template/property';
import type { Resource } from '../template/resource';
import { isJsonMap, type JsonMap, own } from '../template/template';
import type { TemplateGraph } from '../template/template-graph';
import { brokersOf, ofBroker, phaseOf } from './broker-configuration';
import { TASK_DEFINITION } from './containers';
import { known } from './pointers';
import { environmentNameOf, ofProfile, type ProfiledProgram } from './profiles';
import { FUNCTIONS } from './variables';

/** What a Core of Tom says in its metadata, and the phase of the broker that goes with it. */
const PHASES_BY_CHOICE: Readonly<Record<string, PhaseName>> = { 'checkout': 'shared-key', 'per-worker-keys': 'per-worker-keys', 'migration': 'migration' };
const UNTIL = 'until:';

const SECONDS_A_DAY = 86_400;

/** Whoever names an environment so means the one that people depend on (ours). */
const isProduction = (environment: string): boolean => /^prod/i.test(environment);

const IN_PRODUCTION = 'is a migration in production, where a key that all workers share would be taken beside their own';

/** Texts of the metadata; nothing where it is not written out. */
function textsOf(stated: JsonMap): Readonly<Record<'phase' | 'environment' | 'until' | 'writtenOn', string>> | undefined {
  if (Object.values(stated).some((value) => typeof value !== 'string')) return undefined;
  const text = (key: string): string => String(own(stated, key) ?? '').trim();
  return { phase: text('phase'), environment: text('environment'), until: text('until'), writtenOn: text('writtenOn') };
}

/** The days are counted from the day on which the template was written, so that a verdict does not change overnight; the broker itself looks at the clock. */
function ends(place: Property, until: string, writtenOn: string): readonly Outcome[] {
  const days = (migrationEnd(until) - migrationEnd(writtenOn)) / SECONDS_A_DAY;
  const [least, most] = BOUNDS.migrationDays;
  return expect(days >= least && days <= most, place,
    `is a migration until ${until || 'no day'}, written on ${writtenOn || 'no day'} (Metadata ${PHASE_METADATA}): it has to end ${least} to ${most} days later`);
}

function migrates(fn: Resource, configuration: Property, { environment, until, writtenOn }: NonNullable<ReturnType<typeof textsOf>>): readonly Outcome[] {
  const place = configuration.get('phase').get('until');
  return all(
    () => expect(!isProduction(environment), fn.whole, IN_PRODUCTION),
    () => ends(fn.whole, until, writtenOn),
    () => expect(place.text() === until, place, `is ${place.text() ?? 'not set'}, and Metadata ${PHASE_METADATA} says ${until}`),
  );
}

function isStated(fn: Resource, configuration: Property): readonly Outcome[] {
  const stated = own(fn.metadata, PHASE_METADATA);
  if (!isJsonMap(stated)) return fail(fn.whole, `does not say how workers prove who they are, and whose credentials these are (Metadata ${PHASE_METADATA})`);
  const texts = textsOf(stated);
  if (!texts) return undecidable(fn.whole, `says how workers prove who they are (Metadata ${PHASE_METADATA}) by what only a deployment knows`);
  const place = configuration.get('phase.kind');
  if (texts.environment === '') return fail(fn.whole, `does not say whose credentials these are (environment of Metadata ${PHASE_METADATA})`);
  if (place.text() !== texts.phase) return fail(place, `is ${place.text() ?? 'not set'}, and Metadata ${PHASE_METADATA} says ${texts.phase || 'nothing'}`);
  return texts.phase === 'migration' ? migrates(fn, configuration, texts) : PASS;
}

function isChosen({ task, choices }: ProfiledProgram, graph: TemplateGraph): readonly Outcome[] {
  const [choice, ...others] = choices.filter((one) => Object.hasOwn(PHASES_BY_CHOICE, one));
  const names = Object.keys(PHASES_BY_CHOICE).join(', ');
  if (choice === undefined || others.length > 0) return fail(task.whole, `says of ${names} ${choice === undefined ? 'none' : 'more than one'} as the phase of its workers`);
  const brokers = brokersOf(graph);
  const goesWith = brokers.length === 0 || brokers.some(({ configuration }) => known(() => phaseOf(configuration)) === PHASES_BY_CHOICE[choice]);
  return all(
    () => expect(goesWith, task.whole, `says ${choice} as the phase of its workers, and no broker of the templates is in that phase`),
    () => (choice === 'migration' ? isDated(task, choices) : NOT_APPLICABLE),
  );
}

function isDated(task: Resource, choices: readonly string[]): readonly Outcome[] {
  const until = choices.find((one) => one.startsWith(UNTIL))?.slice(UNTIL.length) ?? '';
  return [
    ...expect(!isProduction(environmentNameOf(task) ?? ''), task.whole, IN_PRODUCTION),
    ...expect(!Number.isNaN(migrationEnd(until)), task.whole, `is a migration that ends on no day (choice ${UNTIL}YYYY-MM-DD)`),
  ];
}

/** Whether a task is a Core whose workers are on their way from a file of credentials to the broker; how long, and where, WCC-10.phase judges. */
export const isMigrating = (task: Resource): boolean => ofProfile(task, ({ profile, choices }) => (profile === 'tom' && choices.includes('migration') ? PASS : NOT_APPLICABLE)).length > 0;

const phase = defineRule('WCC-10', 'phase', {
  extent: 'brokers of the templates, and tasks whose metadata names the profile tom',
  appliesTo: [...FUNCTIONS, TASK_DEFINITION],
  remediation: `Have a migration end within ${BOUNDS.migrationDays[1]} days, and none in production; say the phase in Metadata. In CDK, BrokerPhase and WorkerPhase do.`,
  check: (resource, graph) => (resource.type === TASK_DEFINITION
    ? ofProfile(resource, (program) => (program.profile === 'tom' ? isChosen(program, graph) : NOT_APPLICABLE))
    : ofBroker(resource, graph, (configuration) => isStated(resource, configuration))),
});

export const WCC_PHASE_RULES = [phase];
