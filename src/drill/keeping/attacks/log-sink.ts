import { CreateLogStreamCommand, FilterLogEventsCommand, PutLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import type { ContainerDefinition } from '@aws-sdk/client-ecs';
import type { AttackResult } from '../../attack';
import { nameOf } from '../../message-of';
import { defineKeepingAttack, resourcesIn } from '../attack';
import { taskOf } from '../reading';
import type { KeepingScene } from '../scene';
import { carry } from '../trail/carry';
import { may } from '../trail/may';
import { maskedIn } from '../trail/masked-in';
import { linesOf, seededRecords } from '../trail/seeds';
import { logStreams, subscribedGroups, trailOf } from '../trail/trails';
import { ADDRESSES_NOT_MASKED, LOGS_APART, LOGS_NOTHING, NOTHING_MASKED, UNSUBSCRIBED } from '../trail-saboteurs';
import { TASK_DEFINITION } from '../types';

const DRIVER = 'awslogs';

export const LOG_SINK_ATTACKS = [
  defineKeepingAttack('AUD-7', 'one-place', {
    tries: 'Writes a line for each container of the task as its log driver does, with the rights of the execution role, and a record of the gate beside them',
    expects: 'All lines are in one log group, and the record gets from there to where records are to stay.',
    evidence: 'template-intent',
    needs: 'task definition beside a log group that lines are delivered from',
    targets: (model) => (logStreams(model).length > 0 ? resourcesIn(model, [TASK_DEFINITION]) : []),
    run: async (target, scene) => {
      const { containerDefinitions = [], executionRoleArn } = await taskOf(scene, scene.now(target));
      const silent = containerDefinitions.find(({ logConfiguration }) => logConfiguration?.logDriver === undefined);
      if (silent) return { verdict: 'succeeded', saw: `Nobody keeps what ${silent.name ?? 'a container'} writes.` };
      const odd = containerDefinitions.find(({ logConfiguration }) => logConfiguration?.logDriver !== DRIVER);
      if (odd) throw new Error(`the log driver ${String(odd.logConfiguration?.logDriver)} is not imitated.`);
      const groups = [...new Set(containerDefinitions.map(groupOf))];
      if (groups.length !== 1) return { verdict: 'succeeded', saw: `The containers log into ${groups.length} groups.` };
      const [logGroupName = ''] = groups;
      const lost = await writeFor(scene, containerDefinitions, executionRoleArn, logGroupName);
      return lost ?? await delivered(scene, logGroupName);
    },
    saboteurs: [LOGS_NOTHING, LOGS_APART, UNSUBSCRIBED],
  }),
  defineKeepingAttack('AUD-5', 'masked', {
    tries: 'Writes an address, a key and a token into the log group, in lines as a gate and a Core write them, and reads them as whoever may read the group',
    expects: 'All three are masked. Whether AWS masks them is AWS\'s own: an emulator that keeps no such policy is given none of the credit, and the policy is read instead.',
    evidence: 'template-intent',
    needs: 'log group that lines are delivered from',
    targets: subscribedGroups,
    run: (target, scene) => maskedIn(scene, scene.now(target)),
    saboteurs: [NOTHING_MASKED, ADDRESSES_NOT_MASKED],
  }),
] as const;

function groupOf({ logConfiguration }: ContainerDefinition): string {
  return logConfiguration?.options?.['awslogs-group'] ?? '';
}

/** As the log driver writes: a stream for each container. What went wrong; undefined where each line is found. */
async function writeFor(scene: KeepingScene, containers: readonly ContainerDefinition[], role: string | undefined, logGroupName: string): Promise<AttackResult | undefined> {
  if (role === undefined) return { verdict: 'succeeded', saw: 'The task has no execution role, so no log driver may write.' };
  const { logs } = scene.aws;
  const group = `arn:aws:logs:${scene.region}:${scene.account}:log-group:${logGroupName}`;
  for (const { name = '', logConfiguration } of containers) {
    const logStreamName = `${logConfiguration?.options?.['awslogs-stream-prefix'] ?? 'drill'}/${name}/${Date.now()}`;
    const message = `drill line of ${name} ${Date.now()}`;
    // The emulator itself asks about the group, where AWS asks about the stream.
    for (const action of ['logs:CreateLogStream', 'logs:PutLogEvents']) {
      if (!await may(scene, role, action, `${group}:log-stream:${logStreamName}`)) return { verdict: 'succeeded', saw: `What ${name} writes is kept nowhere: its execution role may not ${action}.` };
    }
    try {
      await logs.send(new CreateLogStreamCommand({ logGroupName, logStreamName }));
    } catch (error) {
      if (nameOf(error) !== 'ResourceNotFoundException') throw error;
      return { verdict: 'succeeded', saw: `What ${name} writes is kept nowhere: there is no such log group.` };
    }
    await logs.send(new PutLogEventsCommand({ logGroupName, logStreamName, logEvents: [{ timestamp: Date.now(), message }] }));
    const { events = [] } = await logs.send(new FilterLogEventsCommand({ logGroupName, logStreamNames: [logStreamName] }));
    if (!events.some((event) => event.message === message)) return { verdict: 'succeeded', saw: `The line of ${name} is not in the log group.` };
    scene.note(`The line of ${name} is in ${logGroupName}.`);
  }
  return undefined;
}

async function delivered(scene: KeepingScene, logGroupName: string): Promise<AttackResult> {
  const trail = logStreams({ graph: scene.graph }).map(({ resource }) => trailOf(scene, resource)).find((one) => one.logGroup === logGroupName);
  if (trail === undefined) return { verdict: 'succeeded', saw: 'Nothing takes what is in the log group any further.' };
  const now = Date.now();
  const { objects, refusal } = await carry(scene, trail, linesOf(seededRecords(now), now), now);
  if (refusal !== undefined || objects.length === 0) return { verdict: 'succeeded', saw: `A record does not get from the log group to where it is to stay: ${refusal ?? 'it is not taken'}` };
  return { verdict: 'withstood', saw: 'Each container\'s line is in one log group, and records get from there to where they are to stay.' };
}
