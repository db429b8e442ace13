import { CreateSecretCommand } from '@aws-sdk/client-secrets-manager';
import type { Resource } from '../../../checks/template/resource';
import { nameOf } from '../../message-of';
import { defineKeepingAttack, resourcesIn } from '../attack';
import { fetchedBy, mayRead, secretArn, taskOf, textsOf } from '../reading';
import { POLICIES_READ_ALL, SECRET_RIGHTS_WIDENED } from '../saboteurs';
import type { KeepingScene } from '../scene';
import { FUNCTION, ROLE, SECRET, TASK_DEFINITION } from '../types';
import { isBroker, secretsToldTo } from '../workers/brokers';

/** What a role is for: which secrets ECS fetches with it, and which the programs that run with it are told of. */
interface Business {
  /** Must be readable, or nothing starts. */
  readonly fetched: readonly string[];
  /** May be readable. */
  readonly named: readonly string[];
}

async function businessOf(scene: KeepingScene, role: string): Promise<Business> {
  const fetched: string[] = [];
  const told: string[] = [];
  for (const task of scene.graph.ofType(TASK_DEFINITION)) {
    const definition = await taskOf(scene, task);
    if (definition.executionRoleArn === role) fetched.push(...fetchedBy(definition));
    if (definition.taskRoleArn === role) told.push(...(await textsOf(scene, task)).map(({ text }) => text));
  }
  for (const fn of scene.graph.ofType(FUNCTION)) {
    if (scene.propertiesOf(fn).Role !== role) continue;
    told.push(...(await textsOf(scene, fn)).map(({ text }) => text));
    // As ARNs, or by names alone.
    if (isBroker(fn)) told.push(...(await secretsToldTo(scene, fn)).flatMap((arn) => [arn, arn.split(':secret:').at(-1) ?? arn]));
  }
  const all = secretsOf(scene);
  return { fetched: [...new Set(fetched)], named: all.filter(({ arn, name }) => told.some((text) => text.includes(arn) || text === name)).map(({ arn }) => arn) };
}

function secretsOf(scene: KeepingScene): { readonly secret: Resource; readonly arn: string; readonly name: string }[] {
  return scene.graph.ofType(SECRET).map((secret) => {
    const arn = secretArn(scene, secret);
    return { secret, arn, name: nameIn(arn) };
  });
}

/** The name of a secret: without the six random characters that its ARN ends with. */
export function nameIn(arn: string): string {
  return arn.split(':secret:').at(-1)?.replace(/-[A-Za-z0-9]{6}$/, '') ?? '';
}

function roleArn(scene: KeepingScene, role: Resource): string {
  const arn = scene.id(role, 'Arn');
  if (arn === undefined) throw new Error(`nothing in the templates asks for the ARN of ${role.logicalId}.`);
  return arn;
}

/** Policies are those of the templates, and it is the emulator that decides by them. */
export const RIGHTS_ATTACKS = [
  defineKeepingAttack('SEC-2', 'other-secrets', {
    tries: 'Takes the role and reads every secret of the deployment',
    expects: 'Only those are given out that its own task definition names, or that the program is told of.',
    evidence: 'template-intent',
    needs: 'role beside a secret',
    targets: (model) => (model.graph.ofType(SECRET).length === 0 ? [] : resourcesIn(model, [ROLE], (role) => isPointedAt(role, model.graph))),
    run: async (target, scene) => {
      const arn = roleArn(scene, scene.now(target));
      const [clients, { fetched, named }] = [await scene.as(arn), await businessOf(scene, arn)];
      noteOutside(scene, fetched);
      for (const own of fetched) if (!await mayRead(clients, own)) throw new Error('the role may not read a secret that its own task needs.');
      const others = secretsOf(scene).filter((secret) => !fetched.includes(secret.arn) && !named.includes(secret.arn));
      for (const { arn: other, secret } of others) {
        scene.note(`Reads ${secret.logicalId}`);
        if (await mayRead(clients, other)) return { verdict: 'succeeded', saw: `It reads ${secret.logicalId}, which nothing that runs with it is told of.` };
      }
      return { verdict: 'withstood', saw: `${others.length} secrets of others are refused, and ${fetched.length} of its own are given out.` };
    },
    saboteurs: [POLICIES_READ_ALL],
  }),
  defineKeepingAttack('SEC-6', 'other-environment', {
    tries: 'Takes the roles of the task and reads secrets of another environment in the same account, whose names begin as its own do or are those of another prefix',
    expects: 'All of them are refused.',
    evidence: 'template-intent',
    needs: 'task definition that is given secrets',
    targets: (model) => resourcesIn(model, [TASK_DEFINITION], hasSecrets),
    run: async (target, scene) => {
      const definition = await taskOf(scene, scene.now(target));
      const { executionRoleArn = '', taskRoleArn = '' } = definition;
      const own = fetchedBy(definition);
      const names = own.flatMap((arn) => [`${nameIn(arn)}-of-another`, `another/${nameIn(arn)}`]);
      const theirs = await Promise.all(names.map(async (name) => plant(scene, name)));
      noteOutside(scene, own);
      const execution = await scene.as(executionRoleArn);
      for (const arn of own) if (!await mayRead(execution, arn)) throw new Error('the execution role may not read a secret that its own task needs.');
      for (const role of [executionRoleArn, taskRoleArn].filter((arn) => arn !== '')) {
        const clients = await scene.as(role);
        for (const arn of theirs) if (await mayRead(clients, arn)) return { verdict: 'succeeded', saw: 'A role of the task reads a secret of another environment.' };
      }
      return { verdict: 'withstood', saw: `${theirs.length} secrets of another environment are refused.` };
    },
    saboteurs: [SECRET_RIGHTS_WIDENED],
  }),
] as const;

function noteOutside(scene: KeepingScene, fetched: readonly string[]): void {
  const made = secretsOf(scene).map(({ arn }) => arn);
  for (const arn of fetched) if (!made.includes(arn)) scene.note(`No template makes ${nameIn(arn)}: one of that name is there for the drill.`);
}

async function plant(scene: KeepingScene, Name: string): Promise<string> {
  try {
    const { ARN = '' } = await scene.aws.secrets.send(new CreateSecretCommand({ Name, SecretString: 'of another environment' }));
    return ARN;
  } catch (error) {
    // From another task of the same drill.
    if (nameOf(error) === 'ResourceExistsException') return Name;
    throw error;
  }
}

export function hasSecrets(task: Resource): boolean {
  return task.prop('ContainerDefinitions').items().some((container) => container.get('Secrets').exists);
}

/** Roles of functions that the CDK brings, as to fill a bucket, run no program of the drill's. */
function isPointedAt(role: Resource, graph: KeepingScene['graph']): boolean {
  return [[TASK_DEFINITION, 'ExecutionRoleArn'], [TASK_DEFINITION, 'TaskRoleArn'], [FUNCTION, 'Role']]
    .some(([type = '', property = '']) => graph.pointingAt(role, type, property).length > 0);
}
