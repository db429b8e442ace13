import { BROKER_URL_VARIABLE, BROKER_VARIABLE, type BrokerConfiguration, credentialOf, type PhaseConfiguration, secretArnOf } from '../../../broker/contract';
import { isWorker } from '../../../checks/rules/broker-workers';
import type { Resource } from '../../../checks/template/resource';
import { type KeepingModel, type KeepingTarget, resourcesIn } from '../attack';
import { textsOf } from '../reading';
import { type KeepingScene, variablesOf } from '../scene';
import { FUNCTION, TASK_DEFINITION } from '../types';

/** Functions that lend credentials to workers. */
export function brokersIn(model: KeepingModel): KeepingTarget[] {
  return resourcesIn(model, [FUNCTION], isBroker);
}

export const isBroker = (fn: Resource): boolean => fn.prop('Environment.Variables').get(BROKER_VARIABLE).exists;

/** What runs jobs with what a broker lends. */
export function workersIn(model: KeepingModel): KeepingTarget[] {
  return resourcesIn(model, [TASK_DEFINITION], isWorker);
}

/** What a broker is told, as it was deployed. */
export async function configurationOf(scene: KeepingScene, fn: Resource): Promise<BrokerConfiguration> {
  const { [BROKER_VARIABLE]: text } = await variablesOf(scene, fn);
  if (text === undefined) throw new Error(`${fn.logicalId} is told nothing of what a broker has to know.`);
  return JSON.parse(text) as BrokerConfiguration;
}

/** The rings of a phase, by name or ARN. */
export function ringsOf(phase: PhaseConfiguration): string[] {
  return [...(phase.kind === 'per-worker-keys' ? [] : [phase.shared.ring]), ...(phase.kind === 'shared-key' ? [] : [phase.own.ring])];
}

/** The secrets that a broker is told of, by ARN: its configuration has no room for what all of their names begin with. */
export async function secretsToldTo(scene: KeepingScene, fn: Resource): Promise<string[]> {
  const { phase, secretArns, credentials } = await configurationOf(scene, fn);
  const lent = credentials.flatMap((written) => {
    const credential = credentialOf(secretArns, written);
    return credential?.store === 'secrets-manager' ? [credential.secretArn] : [];
  });
  return [...ringsOf(phase).map((ring) => secretArnOf(secretArns, ring)), ...lent];
}

/** The broker that a worker is told of. */
export async function brokerOf(scene: KeepingScene, worker: Resource): Promise<Resource> {
  const url = (await textsOf(scene, worker)).find(({ name }) => name === BROKER_URL_VARIABLE)?.text;
  for (const { resource } of brokersIn(scene)) if (`https://${(await configurationOf(scene, resource)).host}` === url) return resource;
  throw new Error(`${worker.logicalId} is told of a broker that is in none of the templates.`);
}
