import { startsTasks } from '../../../checks/rules/ctr-models';
import type { Resource } from '../../../checks/template/resource';
import { defineKeepingAttack, resourcesIn } from '../attack';
import { EVERY_CLUSTER, EVERY_FAMILY, EVERY_ROLE, EVERY_SERVICE } from '../model-saboteurs';
import { taskOf } from '../reading';
import type { KeepingScene } from '../scene';
import { type Asked, isLet, statementsOf } from '../simulated';
import { CLUSTER, ROLE, SERVICE, TASK_DEFINITION } from '../types';

/** What Amazon ECS is asked to run, and with which rights. */
interface Program {
  readonly family: string;
  readonly arn: string;
  readonly roles: readonly string[];
}

/** An attempt, in words that end "It may …". */
interface Attempt extends Asked {
  readonly what: string;
}

const TASKS = 'ecs-tasks.amazonaws.com';
/** Of somebody else in the same account. */
const STRANGER = 'drill-of-another';

const arnOf = ({ region, account }: Pick<KeepingScene, 'region' | 'account'>, resource: string): string => `arn:aws:ecs:${region}:${account}:${resource}`;

async function programsOf(scene: KeepingScene, isMeant: (task: Resource) => boolean): Promise<Program[]> {
  return Promise.all(scene.graph.ofType(TASK_DEFINITION).filter(isMeant).map(async (task) => {
    const { family = '', taskDefinitionArn: arn = '', taskRoleArn, executionRoleArn } = await taskOf(scene, task);
    return { family, arn, roles: [taskRoleArn, executionRoleArn].flatMap((role) => role ?? []) };
  }));
}

function clustersOf(scene: KeepingScene): { readonly name: string; readonly isServed: boolean }[] {
  return scene.graph.ofType(CLUSTER).flatMap((cluster) => {
    const name = scene.id(cluster);
    return name === undefined ? [] : [{ name, isServed: scene.graph.pointingAt(cluster, SERVICE, 'Cluster').length > 0 }];
  });
}

/** `iam:PassRole` is asked for each role that a task is started with (Amazon ECS guide, "Task IAM role"). */
const passing = (role: string, service: string): Attempt => ({
  what: `give ${service} the role ${role.split('/').at(-1) ?? ''}`, action: 'iam:PassRole', resource: role, says: { 'iam:passedtoservice': service },
});

function runningIn(scene: KeepingScene, cluster: string, { family, arn }: Pick<Program, 'family' | 'arn'>): Attempt {
  return { what: `run ${family} in ${cluster}`, action: 'ecs:RunTask', resource: arn, says: { 'ecs:cluster': arnOf(scene, `cluster/${cluster}`) } };
}

/** On what is not the role's to manage: what services run, who runs it, what another one runs. */
function attemptsOf(scene: KeepingScene, served: readonly Program[], own: readonly Program[]): Attempt[] {
  const clusters = [...clustersOf(scene), { name: STRANGER, isServed: true }];
  const stranger: Program = { family: STRANGER, arn: arnOf(scene, `task-definition/${STRANGER}:1`), roles: [] };
  const ownRoles = new Set(own.flatMap(({ roles }) => roles));
  const others = scene.graph.ofType(ROLE).flatMap((role) => scene.id(role, 'Arn') ?? []).filter((arn) => !ownRoles.has(arn));
  return [
    ...[...served, stranger].flatMap((program) => clusters.map(({ name }) => runningIn(scene, name, program))),
    ...own.map(({ family, arn }) => ({ what: `write ${family} anew`, action: 'ecs:RegisterTaskDefinition', resource: arn, says: {} })),
    ...clusters.filter(({ isServed }) => isServed).flatMap(({ name }) => ['ecs:StopTask', 'ecs:ExecuteCommand'].map((action) => ({
      what: `call ${action} on tasks of ${name}`, action, resource: arnOf(scene, `task/${name}/0123456789abcdef0123456789abcdef`), says: { 'ecs:cluster': arnOf(scene, `cluster/${name}`) },
    }))),
    ...others.map((role) => passing(role, TASKS)),
    ...[...ownRoles].map((role) => passing(role, 'lambda.amazonaws.com')),
  ];
}

export const MODEL_ATTACKS = [
  defineKeepingAttack('CTR-7', 'other-families', {
    tries: 'As a role that starts models: runs what services and others run, stops it, opens a shell in it, starts a model with the role of somebody else, and gives a model\'s to another service',
    expects: 'All of it is refused; models are started, with their own roles.',
    evidence: 'template-intent',
    needs: 'role that may start tasks',
    targets: (model) => resourcesIn(model, [ROLE], (role) => startsTasks(role, model.graph)),
    run: async (target, scene) => {
      const arn = scene.id(scene.now(target), 'Arn');
      if (arn === undefined) throw new Error(`nothing in the templates asks for the ARN of ${target.place.logicalId}.`);
      const statements = await statementsOf(scene, arn);
      const isServed = (task: Resource): boolean => scene.graph.pointingAt(task, SERVICE, 'TaskDefinition').length > 0;
      const [served, own] = [await programsOf(scene, isServed), await programsOf(scene, (task) => !isServed(task))];
      for (const program of own) {
        const clusters = await Promise.all(clustersOf(scene).map(({ name }) => isLet(scene, statements, runningIn(scene, name, program))));
        const roles = await Promise.all(program.roles.map((role) => isLet(scene, statements, passing(role, TASKS))));
        if (!clusters.includes(true) || roles.includes(false)) throw new Error(`the role may not start ${program.family}, which no service runs.`);
      }
      const attempts = attemptsOf(scene, served, own);
      for (const attempt of attempts) {
        scene.note(`Tries to ${attempt.what}`);
        if (await isLet(scene, statements, attempt)) return { verdict: 'succeeded', saw: `It may ${attempt.what}.` };
      }
      return { verdict: 'withstood', saw: `${attempts.length} attempts on what is not its own are refused; it may start ${own.length} of the templates.` };
    },
    saboteurs: [EVERY_FAMILY, EVERY_CLUSTER, EVERY_ROLE, EVERY_SERVICE],
  }),
] as const;
