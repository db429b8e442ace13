import { DescribeServicesCommand, ListTasksCommand, type Service, StopTaskCommand, UpdateServiceCommand } from '@aws-sdk/client-ecs';
import type { Resource } from '../../../checks/template/resource';
import { defineKeepingAttack, type KeepingModel, type KeepingTarget, resourcesIn } from '../attack';
import { taskOf } from '../reading';
import { careOf, isEssential, isLookedAfter, isStartedAgain } from '../recovery/care';
import { isTrue, mapsIn, numberOf, textOf } from '../recovery/reading';
import { playedBadly } from '../recovery/rollouts';
import { ALL_AT_ONCE, NEVER_RESTARTED, NO_COPIES, NO_WAY_BACK, NOBODY_LOOKS } from '../recovery-saboteurs';
import type { KeepingScene } from '../scene';
import { LOAD_BALANCER, SCALABLE_TARGET, SERVICE, TASK_DEFINITION } from '../types';

/** Services that Amazon ECS itself deploys, so many copies of each as somebody says. */
function services(model: KeepingModel): KeepingTarget[] {
  return resourcesIn(model, [SERVICE], (service) => (
    service.prop('SchedulingStrategy').text() !== 'DAEMON' && (service.prop('DeploymentController').get('Type').text() ?? 'ECS') === 'ECS' && taskIn(model.graph, service) !== undefined
  ));
}

function taskIn(graph: KeepingModel['graph'], service: Resource): Resource | undefined {
  return graph.ofType(TASK_DEFINITION).find((task) => graph.pointingAt(task, SERVICE, 'TaskDefinition').includes(service));
}

/** What is behind something that somebody protects from being deleted is meant to stay up; load balancers of other stacks say nothing of this one. */
function staysUp(scene: KeepingScene, { template }: Resource): boolean {
  const balancers = scene.graph.ofType(LOAD_BALANCER).filter((balancer) => balancer.template.name === template.name);
  const attributes = balancers.flatMap((balancer) => mapsIn(scene.propertiesOf(balancer).LoadBalancerAttributes));
  return attributes.some(({ Key, Value }) => Key === 'deletion_protection.enabled' && isTrue(Value));
}

/** How many copies run at least: what scales a service overrules it, and one is usual (Amazon ECS API, CreateService). */
function copiesOf(scene: KeepingScene, service: Resource): number {
  const name = nameIn(scene, service);
  const scaled = scene.graph.ofType(SCALABLE_TARGET).map((target) => scene.propertiesOf(target)).find(({ ResourceId }) => textOf(ResourceId).endsWith(`/${name}`));
  return numberOf(scaled?.MinCapacity) ?? numberOf(scene.propertiesOf(service).DesiredCount) ?? 1;
}

const nameIn = (scene: KeepingScene, service: Resource): string => scene.id(service)?.split('/').at(-1) ?? '';

/** As the emulator asks for it: `arn:aws:ecs:<region>:<account>:service/<cluster>/<name>`. */
function placeIn(scene: KeepingScene, service: Resource): { readonly cluster: string; readonly service: string } {
  const arn = scene.id(service);
  if (arn === undefined) throw new Error(`the emulator has no service for ${service.logicalId}.`);
  return { cluster: arn.split('/').at(-2) ?? '', service: arn };
}

async function described(scene: KeepingScene, service: Resource): Promise<Service> {
  const place = placeIn(scene, service);
  const { services: [found] = [] } = await scene.aws.ecs.send(new DescribeServicesCommand({ cluster: place.cluster, services: [place.service] }));
  if (!found) throw new Error(`the emulator has no service for ${service.logicalId}.`);
  return found;
}

export const RESTART_ATTACKS = [
  defineKeepingAttack('CTR-6', 'killed', {
    tries: 'Ends a task of a service, and looks who answers meanwhile and what runs afterwards',
    expects: [
      'Another one is started in its place; where a load balancer resists deletion, others answer meanwhile. The emulator\'s scheduler looks only when somebody updates the service, so that is done',
      'with as many copies as the template asks for at least.',
    ].join(' '),
    evidence: 'template-intent',
    needs: 'service of Amazon ECS',
    targets: services,
    run: async (target, scene) => {
      const service = scene.now(target);
      const [copies, place] = [copiesOf(scene, service), placeIn(scene, service)];
      if (!(copies >= 1)) return { verdict: 'succeeded', saw: 'No copy is to run, so nothing starts one.' };
      const running = async (): Promise<readonly string[]> => (await scene.aws.ecs.send(new ListTasksCommand({ cluster: place.cluster, serviceName: nameIn(scene, service) }))).taskArns ?? [];
      const look = (): Promise<unknown> => scene.aws.ecs.send(new UpdateServiceCommand({ ...place, desiredCount: copies }));
      await look();
      const [killed, ...others] = await running();
      if (killed === undefined) throw new Error('the emulator runs no task of the service.');
      scene.note(`${others.length + 1} tasks run; ${killed.split('/').at(-1) ?? ''} is ended`);
      await scene.aws.ecs.send(new StopTaskCommand({ cluster: place.cluster, task: killed, reason: 'drill' }));
      const left = await running();
      if (left.includes(killed)) throw new Error('the emulator ends no task.');
      if (left.length === 0 && staysUp(scene, service)) return { verdict: 'succeeded', saw: 'While its only copy is replaced, nobody is answered.' };
      await look();
      const after = await running();
      return after.length >= copies && !after.includes(killed)
        ? { verdict: 'withstood', saw: `${left.length} of ${copies} go on, and afterwards ${after.length} run again.` }
        : { verdict: 'succeeded', saw: `Of ${copies} copies ${after.length} are left, and none is started.` };
    },
    saboteurs: [NO_COPIES],
  }),
  defineKeepingAttack('CTR-6', 'ended-or-hung', {
    tries: 'Lets each container of a task end, and then run on without answering anybody',
    expects: [
      'Somebody starts again what ended: the task with it, or a restart policy. Somebody asks each essential one how it is: its own check, the load balancer, or the gate in front of it.',
      'Judged by what Amazon ECS says: nothing runs here.',
    ].join(' '),
    evidence: 'template-intent',
    needs: 'task definition that a service runs',
    targets: (model) => resourcesIn(model, [TASK_DEFINITION], (task) => model.graph.pointingAt(task, SERVICE, 'TaskDefinition').length > 0),
    run: async (target, scene) => {
      const resource = scene.now(target);
      const task = await taskOf(scene, resource);
      const [care, containers] = [careOf(scene, resource, task), task.containerDefinitions ?? []];
      const ended = containers.find((container) => !isStartedAgain(container, task));
      if (ended) return { verdict: 'succeeded', saw: `When ${ended.name ?? 'a container'} ends, nothing starts it again.` };
      const essential = containers.filter(isEssential);
      const hung = essential.find((container) => !isLookedAfter(container, care));
      if (hung) return { verdict: 'succeeded', saw: `When ${hung.name ?? 'a container'} answers nobody any more, it runs on.` };
      return { verdict: 'withstood', saw: `Of ${containers.length} containers all are started again, and ${essential.length} are asked how they are.` };
    },
    saboteurs: [NEVER_RESTARTED, NOBODY_LOOKS],
  }),
  defineKeepingAttack('CTR-6', 'bad-version', {
    tries: 'Deploys a version that starts and answers nobody',
    expects: 'It is noticed, and the service goes back to the version before, of which one copy at least answers all the time. Rolling deployments are played by what Amazon ECS says of them.',
    evidence: 'template-intent',
    needs: 'service of Amazon ECS',
    targets: services,
    run: async (target, scene) => {
      const service = scene.now(target);
      const resource = taskIn(scene.graph, service);
      if (resource === undefined) throw new Error('the service runs no task definition of the templates.');
      const [{ deploymentConfiguration: configuration = {} }, task] = [await described(scene, service), await taskOf(scene, resource)];
      const [care, copies] = [careOf(scene, resource, task), Math.max(1, copiesOf(scene, service))];
      const { leastAnswering, end } = playedBadly({ copies, configuration, isLookedAfter: care.containers.filter(isEssential).every((container) => isLookedAfter(container, care)) });
      scene.note(`${JSON.stringify(configuration)}: ${leastAnswering} of ${copies} answer at the worst moment, and the version is ${end}`);
      if (end !== 'turned back') return { verdict: 'succeeded', saw: `The version is ${end}.` };
      if (leastAnswering < 1) return { verdict: 'succeeded', saw: 'Nobody is answered until the service has turned back.' };
      return { verdict: 'withstood', saw: `The service turns back, and ${leastAnswering} of ${copies} copies answer all the time.` };
    },
    saboteurs: [NO_WAY_BACK, ALL_AT_ONCE, NOBODY_LOOKS],
  }),
] as const;
