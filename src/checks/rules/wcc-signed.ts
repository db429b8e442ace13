import { BROKER_VARIABLE, type PhaseName, PHASES, SHARED_KEY_VARIABLE } from '../../broker/contract';
import { all, defineRule, each, expect, fail, NOT_APPLICABLE, type Outcome, PASS, undecidable } from '../rule';
import type { Property } from '../template/property';
import type { TemplateGraph } from '../template/template-graph';
import { type Broker, brokersOf, ofBroker, phaseOf, type RingKind, ringPlace, secretNamed } from './broker-configuration';
import { sharedRings } from './broker-secrets';
import { TASK_DEFINITION } from './containers';
import { secretAt } from './secrets';
import { eachEnvironment, FUNCTIONS } from './variables';

/** Which rings each phase needs. */
const RINGS_OF: Readonly<Record<PhaseName, readonly RingKind[]>> = { 'shared-key': ['shared'], 'per-worker-keys': ['own'], 'migration': ['shared', 'own'] };

/** A ring of the templates is judged by SEC-3 and SEC-4; of any other nobody knows how strong it is, and who renews it. */
function isNamed(configuration: Property, broker: Broker, kind: RingKind, graph: TemplateGraph): readonly Outcome[] {
  const place = ringPlace(configuration, kind);
  if (place === undefined || place.partialText().text === '') return fail(configuration.get('phase'), `of ${BROKER_VARIABLE} names no ring of keys (phase.${kind}.ring), so nobody could sign`);
  return secretNamed(place, broker, graph) ? PASS : undecidable(place, 'names a secret of none of the templates, so how strong the keys are and who renews them is not known');
}

/** Whoever signs with a ring could make every worker's own key, were that the ring they are made from. */
function areTwo(configuration: Property, broker: Broker, graph: TemplateGraph): readonly Outcome[] {
  const [shared, own] = [ringPlace(configuration, 'shared'), ringPlace(configuration, 'own')];
  if (!shared || !own) return NOT_APPLICABLE;
  const isOne = shared.partialText().text === own.partialText().text || (secretNamed(own, broker, graph) !== undefined && secretNamed(own, broker, graph) === secretNamed(shared, broker, graph));
  return expect(!isOne, own, 'is what all workers sign with as well, so that each of them could make the key of every other');
}

/** Partition, region and account as a text has them, whether written out or not; what only a deployment knows stands in angle brackets. */
const withoutHoles = (place: Property): string => place.partialText().text.replace(/\$\{([^}]*)\}/g, (_, name: string) => `<${name.replaceAll(':', '')}>`);

/** STS says account, role and session of whoever joins as a task: roles of another account are made, and taken, by whoever rules there. */
function isOwnAccount(place: Property, secretArns: Property): readonly Outcome[] {
  const [account, own = ''] = [withoutHoles(place), withoutHoles(secretArns).split(':')[4]];
  if (account === own && account !== '') return PASS;
  if (/[<>]/.test(account + own)) return undecidable(place, 'may be another account than that of the broker\'s secrets, whose roles nobody here gives out');
  return fail(place, `is ${account || 'not set'}, and the broker's secrets are those of ${own}: roles of another account are given out there`);
}

/** A worker's id begins with what its role stands for: with one prefix for two roles, or two prefixes for one, workers pass for each other. */
function isTheirOwn(roles: readonly Property[], name: 'name' | 'prefix'): readonly Outcome[] {
  const places = roles.map((role) => role.get(name));
  const texts = places.map((place) => place.partialText().text);
  return each(places, (place) => {
    const { text } = place.partialText();
    if (text === '') return fail(place, 'is empty, so that tasks join of which nobody knows whose they are');
    return expect(texts.indexOf(text) === places.indexOf(place), place, `is ${text}, as of another role, so that workers of one pass for those of the other`);
  });
}

function tasksAreKnown(configuration: Property): readonly Outcome[] {
  const tasks = configuration.get('phase').get('own').get('tasks');
  if (!tasks.exists) return NOT_APPLICABLE;
  const roles = tasks.get('roles').items();
  return all(() => isOwnAccount(tasks.get('account'), configuration.get('secretArns')), () => isTheirOwn(roles, 'name'), () => isTheirOwn(roles, 'prefix'));
}

const signedWorkers = defineRule('WCC-1', 'signed-workers', {
  extent: 'functions of the templates that are told BROKER_CONFIGURATION',
  appliesTo: FUNCTIONS,
  remediation: `Name one of the phases ${PHASES.join(', ')} and the secret that holds its keys; let tasks of the broker's own account join, each role with a prefix of its own. `
    + 'In CDK, BrokerPhase does.',
  check: (fn, graph) => ofBroker(fn, graph, (configuration, broker) => {
    const phase = phaseOf(configuration);
    const place = configuration.get('phase.kind');
    if (phase === undefined) return fail(place, `is ${place.text() ?? 'not set'}, and of ${PHASES.join(', ')} a broker has one: there is none without a signature`);
    return all(
      () => each(RINGS_OF[phase], (kind) => isNamed(configuration, broker, kind, graph)),
      () => areTwo(configuration, broker, graph),
      () => tasksAreKnown(configuration),
    );
  }),
});

/** What a Core checks signatures with, and workers sign with, are one ring: another one is a key that nobody renews, or that opens nothing. */
const oneKey = defineRule('WCC-1', 'one-key', {
  extent: `containers that are told ${SHARED_KEY_VARIABLE}`,
  appliesTo: [TASK_DEFINITION],
  remediation: `Fill ${SHARED_KEY_VARIABLE} from the broker's own ring, by Secrets. In CDK: broker.workerKey.current.`,
  check: (task, graph) => eachEnvironment(task, ({ plain, secret, owner }) => all(
    () => plain.filter(({ name }) => name === SHARED_KEY_VARIABLE)
      .flatMap(({ entry }) => fail(entry, `${owner} has ${SHARED_KEY_VARIABLE} in plain sight: whoever may describe it signs as any worker`)),
    () => each(secret.filter(({ name }) => name === SHARED_KEY_VARIABLE), ({ value }) => {
      const rings = sharedRings(graph);
      // Without a broker there is nothing to be the same as; with one of no shared key, WCC-7.own-keys tells of it.
      if (brokersOf(graph).length === 0 || rings.length === 0) return NOT_APPLICABLE;
      const ring = secretAt(value, task, graph);
      const filled = `fills ${SHARED_KEY_VARIABLE} of ${owner} from`;
      if (!ring) return undecidable(value, `${filled} a secret of none of the templates, which may or may not be what the broker checks signatures with`);
      return expect(rings.some((one) => one.secret === ring), value, `${filled} ${ring.logicalId}, and no broker of the templates checks signatures with that`);
    }),
  )),
});

export const WCC_SIGNED_RULES = [signedWorkers, oneKey];
