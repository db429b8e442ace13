import type { ContainerDefinition, TaskDefinition } from '@aws-sdk/client-ecs';
import { isSure } from '../../../checks/rules/gate-targets';
import { gatesOf } from '../../../checks/rules/gate-configuration';
import type { Resource } from '../../../checks/template/resource';
import type { KeepingScene } from '../scene';
import { SERVICE, TARGET_GROUP } from '../types';
import { mapsIn, textOf } from './reading';

/** Who looks after the containers of a task. */
export interface Care {
  readonly containers: readonly ContainerDefinition[];
  /** By name: those that a load balancer asks how they are. */
  readonly askedByBalancer: ReadonlySet<string>;
  /** By name: gates that ask the container behind them, and are as well as that one. */
  readonly askingGates: readonly string[];
}

/** Whether a target group asks; it does where nobody says anything (Elastic Load Balancing API, CreateTargetGroup). */
const isAsking = (group: Resource, { propertiesOf }: Pick<KeepingScene, 'propertiesOf'>): boolean => String(propertiesOf(group).HealthCheckEnabled ?? true) !== 'false';

export function careOf(scene: Pick<KeepingScene, 'graph' | 'id' | 'propertiesOf'>, task: Resource, { containerDefinitions: containers = [] }: TaskDefinition): Care {
  const silent = scene.graph.ofType(TARGET_GROUP).filter((group) => !isAsking(group, scene)).map((group) => scene.id(group));
  const entries = scene.graph.pointingAt(task, SERVICE, 'TaskDefinition').flatMap((service) => mapsIn(scene.propertiesOf(service).LoadBalancers));
  const asking = gatesOf(task).filter((gate) => isSure(() => gate.configuration.get('core').get('healthCheckPath').exists));
  return {
    containers,
    askedByBalancer: new Set(entries.filter(({ TargetGroupArn }) => !silent.includes(textOf(TargetGroupArn))).map(({ ContainerName }) => textOf(ContainerName))),
    askingGates: asking.map(({ container }) => container.get('Name').partialText().text),
  };
}

/** Docker's word for no check at all. */
const NO_CHECK = 'NONE';

function isAsked({ name = '', healthCheck }: ContainerDefinition, { askedByBalancer }: Care): boolean {
  const [first = NO_CHECK] = healthCheck?.command ?? [];
  return first !== NO_CHECK || askedByBalancer.has(name);
}

/** Whether somebody finds out when a container runs and answers nobody: whoever asks it, or whoever asks the gate in front of it. */
export function isLookedAfter(container: ContainerDefinition, care: Care): boolean {
  return isAsked(container, care) || care.containers.some((gate) => care.askingGates.includes(gate.name ?? '') && isAsked(gate, care));
}

/** Without a word a container is essential: its end is the task's end (Amazon ECS API, ContainerDefinition). */
export const isEssential = ({ essential }: ContainerDefinition): boolean => essential ?? true;

/** Whether others wait for it to have ended. */
const isPreparation = ({ name }: ContainerDefinition, { containerDefinitions = [] }: TaskDefinition): boolean => containerDefinitions.some(({ dependsOn = [] }) => (
  dependsOn.some(({ containerName, condition }) => containerName === name && (condition === 'SUCCESS' || condition === 'COMPLETE'))
));

/** Whether somebody starts a container again that ends. */
export function isStartedAgain(container: ContainerDefinition, task: TaskDefinition): boolean {
  return isEssential(container) || isPreparation(container, task) || container.restartPolicy?.enabled === true;
}
