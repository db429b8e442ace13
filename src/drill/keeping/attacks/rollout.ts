import { randomUUID } from 'node:crypto';
import { DescribeServicesCommand } from '@aws-sdk/client-ecs';
import { ListRulesCommand, ListTargetsByRuleCommand, TestEventPatternCommand } from '@aws-sdk/client-eventbridge';
import { PutSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { regionAndAccountOf } from '../../../arn';
import type { Resource } from '../../../checks/template/resource';
import { ROLLOUT_VARIABLE } from '../../../secrets/contract';
import { beside } from '../../beside';
import { defineKeepingAttack, resourcesIn } from '../attack';
import { AHEAD_VARIABLE } from '../function';
import { permit } from '../permit';
import { secretArn, textsOf, valueOf } from '../reading';
import { LABELS_UNWATCHED } from '../saboteurs';
import { type KeepingScene, variablesOf } from '../scene';
import { FUNCTION, ROTATION_SCHEDULE, SECRET, SERVICE, TASK_DEFINITION } from '../types';
import { nameIn } from './rights';

/** The function waits until no task can be told the old value any more; here that is long ago. More than `SKEW_MS` of src/runtime/rollout/verdict.ts. */
const AHEAD_MS = 120_000;

/** As Secrets Manager says that a label has moved (user guide, "Secrets Manager event notifications"; the fields are those of the emulator's own events). */
function labelEvent(arn: string): string {
  const { region, account } = regionAndAccountOf(arn);
  return JSON.stringify({
    'version': '0',
    'id': '00000000-0000-4000-8000-000000000000',
    'detail-type': 'Secret Label Updated',
    'source': 'aws.secretsmanager',
    account,
    'time': '2030-01-02T03:04:05Z',
    region,
    'resources': [arn],
    'detail': { name: nameIn(arn), labelUpdated: 'AWSCURRENT', versionId: '00000000-0000-4000-8000-000000000001' },
  });
}

/** The functions that are told of a new value. */
async function toldOf(scene: KeepingScene, arn: string): Promise<Resource[]> {
  const Event = labelEvent(arn);
  const { Rules: rules = [] } = await scene.aws.events.send(new ListRulesCommand({}));
  const told: string[] = [];
  for (const { Name: Rule, EventPattern, State } of rules) {
    if (EventPattern === undefined || EventPattern === '' || State === 'DISABLED') continue;
    const { Result } = await scene.aws.events.send(new TestEventPatternCommand({ Event, EventPattern }));
    if (!Result) continue;
    const { Targets = [] } = await scene.aws.events.send(new ListTargetsByRuleCommand({ Rule }));
    told.push(...Targets.flatMap(({ Arn }) => Arn ?? []));
  }
  return scene.graph.ofType(FUNCTION).filter((fn) => told.includes(scene.id(fn, 'Arn') ?? ''));
}

/** Services whose tasks are given the secret. */
function holders(graph: KeepingScene['graph'], secret: Resource): Resource[] {
  return graph.ofType(TASK_DEFINITION).filter((task) => isGiven(graph, task, secret)).flatMap((task) => graph.pointingAt(task, SERVICE, 'TaskDefinition'));
}

/** By what stands in `ValueFrom`: with a field behind it, it is a text with a hole and points at nothing. */
function isGiven(graph: KeepingScene['graph'], task: Resource, secret: Resource): boolean {
  const texts = task.prop('ContainerDefinitions').items().flatMap((container) => container.get('Secrets').items().map((entry) => entry.get('ValueFrom').partialText().text));
  return texts.some((text) => {
    const named = graph.ofType(SECRET).filter(({ logicalId }) => text.startsWith(`\${${logicalId}}`) || text.startsWith(`\${${logicalId}.`));
    return beside(named, task.template.name).includes(secret);
  });
}

export const ROLLOUT_ATTACKS = [
  defineKeepingAttack('SEC-11', 'unheard', {
    tries: 'Lets a new value become current, and hands the event to whoever the rules hand it to',
    expects: 'A function hears of it that is told of this secret and of every service which holds it; run with its own code, it deploys them anew.',
    evidence: 'real-artefact',
    needs: 'secret that is rotated and that a service holds, with a function that replaces its tasks',
    targets: (model) => resourcesIn(model, [SECRET], (secret) => (
      model.graph.pointingAt(secret, ROTATION_SCHEDULE, 'SecretId').length > 0 && holders(model.graph, secret).length > 0
      && model.graph.ofType(FUNCTION).some((fn) => fn.prop('Environment.Variables').entries().some(([name]) => name === ROLLOUT_VARIABLE))
    )),
    run: async (target, scene) => {
      const secret = scene.now(target);
      const arn = secretArn(scene, secret);
      const services = holders(scene.graph, secret).map((service) => scene.id(service) ?? '');
      const functions = await toldOf(scene, arn);
      scene.note(`${functions.length} functions hear of it.`);
      const before = await deploymentsOf(scene, services);
      await renew(scene, arn);
      for (const fn of functions) {
        const texts = (await textsOf(scene, fn)).map(({ text }) => text);
        // Of the ARN of a secret the name is enough, which ends in six characters of Secrets Manager's own.
        if (![arn.slice(arn.lastIndexOf(':') + 1), ...services].every((named) => named !== '' && texts.some((text) => text.includes(named)))) continue;
        // The engine does not know the condition key `ecs:cluster`, nor a service by its whole ARN: what the role allows is for the rules to judge.
        await permit(scene, fn, ['ecs:DescribeServices', 'ecs:UpdateService', 'ecs:ListTasks', 'ecs:DescribeTasks'], '*');
        await scene.invoke(fn, JSON.parse(labelEvent(arn)), { [AHEAD_VARIABLE]: String(AHEAD_MS), [ROLLOUT_VARIABLE]: byName((await variablesOf(scene, fn))[ROLLOUT_VARIABLE] ?? '') });
        const after = await deploymentsOf(scene, services);
        const isRolled = services.every((service) => after.get(service) !== before.get(service));
        return isRolled ? { verdict: 'withstood', saw: `${fn.logicalId} hears of it, and ${services.length} services that hold the secret are deployed anew.` }
          : { verdict: 'succeeded', saw: `${fn.logicalId} hears of it, and a service that holds the secret goes on as before.` };
      }
      return { verdict: 'succeeded', saw: functions.length === 0 ? 'Nobody hears of it.' : 'Whoever hears of it is not told of the secret, or not of all services that hold it.' };
    },
    saboteurs: [LABELS_UNWATCHED],
  }),
] as const;

/** The engine finds the tasks of a service by its name alone, where AWS takes its ARN too (Amazon ECS API, ListTasks). */
function byName(configuration: string): string {
  return configuration.replace(/("serviceArn":"arn:[^"]*\/)([^"/]+)"/g, '"serviceArn":"$2"');
}

/** The newest deployment of each service. */
async function deploymentsOf(scene: KeepingScene, services: readonly string[]): Promise<Map<string, string>> {
  const found = await Promise.all(services.map(async (service) => {
    // arn:aws:ecs:<region>:<account>:service/<cluster>/<name>
    const cluster = service.split('/').at(-2) ?? '';
    const { services: [described] = [] } = await scene.aws.ecs.send(new DescribeServicesCommand({ cluster, services: [service] }));
    const newest = described?.deployments?.find(({ status }) => status === 'PRIMARY')?.id;
    if (newest === undefined) throw new Error('the emulator has no deployment of a service that holds the secret.');
    return [service, newest] as const;
  }));
  return new Map(found);
}

/** The same value as another version: what was current is the previous one now, and tasks hold it. */
async function renew(scene: KeepingScene, SecretId: string): Promise<void> {
  const SecretString = await valueOf(scene.aws, SecretId);
  if (SecretString === undefined) throw new Error('the secret has no value.');
  await scene.aws.secrets.send(new PutSecretValueCommand({ SecretId, SecretString, ClientRequestToken: randomUUID() }));
}
