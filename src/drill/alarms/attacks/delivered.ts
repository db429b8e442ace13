import { randomUUID } from 'node:crypto';
import { PutMetricAlarmCommand, SetAlarmStateCommand } from '@aws-sdk/client-cloudwatch';
import type { Resource } from '../../../checks/template/resource';
import type { TemplateGraph } from '../../../checks/template/template-graph';
import { Reference } from '../../../checks/template/value';
import { listed } from '../../../listed';
import { ELSEWHERE_METADATA } from '../../../observability/alarm-contract';
import type { AttackResult } from '../../attack';
import { MAX_LISTED } from '../../attacks/attempts';
import type { Place } from '../../edge/model';
import type { Emulator } from '../../emulator/emulator';
import { becomes } from '../../gate/attacks/streams';
import { samePlace } from '../../gate/translate';
import { placeOf } from '../../place';
import { type AlarmAttack, type AlarmScene, defineAlarmAttack } from '../attack';
import { allows, type Known } from '../resource-policy';
import { ACTIONS_OFF, ACTIONS_REMOVED, KEY_OF_AWS, KEY_SHUT, PUBLISHING_SHUT, SUBSCRIPTIONS_REMOVED } from '../saboteurs';
import { heardTopic } from '../subscriber';
import { ALARM, COMPOSITE_ALARM, KMS_KEY, SUBSCRIPTION, TOPIC, TOPIC_POLICY } from '../types';

const CLOUDWATCH = 'cloudwatch.amazonaws.com';
const DELIVERED_MS = 30_000;

const alarmsIn = (graph: TemplateGraph): readonly Resource[] => [...graph.ofType(ALARM), ...graph.ofType(COMPOSITE_ALARM)];

/** Topics that something of the templates is told to when an alarm rings. */
function told(alarm: Resource): Resource[] {
  return alarm.evaluateAll().get('AlarmActions').items().flatMap(({ value }) => (value instanceof Reference && value.resource.type === TOPIC ? [value.resource] : []));
}

function find(graph: TemplateGraph, type: string, place: Place): Resource | undefined {
  return graph.ofType(type).find((resource) => samePlace(placeOf(resource), place));
}

/** Why nobody would hear an alarm that is published to the topic; undefined where somebody would. */
function deafness(topic: Resource, graph: TemplateGraph, known: Known, note: (line: string) => void): string | undefined {
  const isHeard = graph.pointingAt(topic, SUBSCRIPTION, 'TopicArn').length > 0 || topic.evaluateAll().get('Subscription').items().length > 0 || ELSEWHERE_METADATA in topic.metadata;
  if (!isHeard) return 'nobody is subscribed to the topic';
  const context = {
    'aws:sourceaccount': known['AWS::AccountId'] ?? '', 'aws:sourceowner': known['AWS::AccountId'] ?? '', 'aws:securetransport': 'true',
    'aws:sourcearn': `arn:aws:cloudwatch:${known['AWS::Region'] ?? ''}:${known['AWS::AccountId'] ?? ''}:alarm:drill`,
  };
  // Without a policy of its own, a topic takes what its account sends (Amazon SNS guide, "Default policy"), and CloudWatch sends in its name.
  const policies = graph.pointingAt(topic, TOPIC_POLICY, 'Topics').map((policy) => policy.evaluateAll().get('PolicyDocument'));
  const publishing = { action: 'sns:Publish', service: CLOUDWATCH, context };
  if (policies.length > 0 && !policies.some((policy) => allows(policy, publishing, known))) return 'the policy of the topic does not let CloudWatch publish';
  const key = topic.evaluateAll().get('KmsMasterKeyId');
  if (!key.exists) return undefined;
  if (!(key.value instanceof Reference)) {
    if (key.partialText().text.includes('alias/aws/')) return 'the key of the topic is AWS\'s own, which nobody can let CloudWatch use';
    note('Whether CloudWatch may use the key is for whoever keeps it: no template makes it.');
    return undefined;
  }
  const owner = key.value.resource.type === KMS_KEY ? key.value.resource : undefined;
  const document = owner?.evaluateAll().get('KeyPolicy');
  const isUsable = document === undefined || ['kms:Decrypt', 'kms:GenerateDataKey'].every((action) => allows(document, { action, service: CLOUDWATCH, context }, known));
  return isUsable ? undefined : 'the key of the topic does not let CloudWatch use it';
}

/** Which of these alarms reach a subscriber on the emulator, each put into the state ALARM by hand. The emulator has nobody's policies in that. */
async function delivered(emulator: Emulator, alarms: readonly Resource[], isTold: (alarm: Resource) => boolean): Promise<Resource[]> {
  const topic = await heardTopic(emulator, `drill-${randomUUID()}`);
  try {
    const names = new Map(alarms.map((alarm) => [alarm, `drill-${randomUUID()}`] as const));
    for (const [alarm, AlarmName] of names) {
      await topic.cloudWatch.send(new PutMetricAlarmCommand({
        AlarmName, Namespace: 'Drill', MetricName: AlarmName, Statistic: 'Sum', Period: 60, EvaluationPeriods: 1, Threshold: 1, ComparisonOperator: 'GreaterThanThreshold',
        AlarmActions: isTold(alarm) ? [topic.arn] : [],
        ActionsEnabled: alarm.evaluateAll().get('ActionsEnabled').flag() ?? true,
      }));
      await topic.cloudWatch.send(new SetAlarmStateCommand({ AlarmName, StateValue: 'ALARM', StateReason: 'A drill.' }));
    }
    const reached = (): Resource[] => [...names].filter(([, name]) => topic.heard.some((message) => message.includes(name))).map(([alarm]) => alarm);
    const expected = alarms.filter((alarm) => isTold(alarm) && alarm.evaluateAll().get('ActionsEnabled').flag() !== false).length;
    await becomes(() => reached().length >= expected, DELIVERED_MS);
    return reached();
  } finally {
    await topic.stop();
  }
}

/** The alarms that are promised to tell the topic, as they are here. */
function meantFor(place: Place, { promised, model }: AlarmScene): { readonly gone: readonly string[]; readonly here: readonly Resource[] } {
  const meant = alarmsIn(promised.graph).filter((alarm) => told(alarm).some((topic) => samePlace(placeOf(topic), place)));
  const found = meant.map((alarm) => [alarm.logicalId, find(model.graph, alarm.type, placeOf(alarm))] as const);
  return { gone: found.filter(([, alarm]) => alarm === undefined).map(([id]) => id), here: found.flatMap(([, alarm]) => alarm ?? []) };
}

const heard = defineAlarmAttack('MON-6', 'delivered', {
  tries: 'Has every alarm that names the topic change its state, and listens where its subscribers do.',
  expects: [
    'Each of them is delivered to a subscriber, on the emulator\'s own SNS, with an HTTP server in the place of mailbox or pager.',
    'That the policies of topic and key let CloudWatch do so is read from the template; nobody confirms a real subscription here.',
  ].join(' '),
  needs: 'topic that an alarm tells',
  targets: ({ graph }) => [...new Set(alarmsIn(graph).flatMap(told))].map((topic) => ({ place: placeOf(topic) })),
  run: async ({ place }, scene): Promise<AttackResult> => {
    const topic = find(scene.model.graph, TOPIC, place);
    if (topic === undefined) return { verdict: 'succeeded', saw: 'The topic is gone.' };
    const emulator = await scene.emulator();
    const why = deafness(topic, scene.model.graph, { 'AWS::AccountId': emulator.account, 'AWS::Region': emulator.region, 'AWS::Partition': 'aws' }, (line) => scene.note(line));
    if (why !== undefined) return { verdict: 'succeeded', saw: `Nobody hears an alarm: ${why}.` };
    const { gone, here } = meantFor(place, scene);
    const reached = await delivered(emulator, here, (alarm) => told(alarm).includes(topic));
    const silent = [...gone, ...here.filter((alarm) => !reached.includes(alarm)).map(({ logicalId }) => logicalId)];
    if (silent.length > 0) return { verdict: 'succeeded', saw: `Nobody hears of ${listed(silent, MAX_LISTED)}.` };
    return { verdict: 'withstood', saw: `All ${reached.length} alarms were delivered to a subscriber of the topic.` };
  },
  saboteurs: [ACTIONS_REMOVED, ACTIONS_OFF, SUBSCRIPTIONS_REMOVED, KEY_OF_AWS, KEY_SHUT, PUBLISHING_SHUT],
});

export const DELIVERED_ATTACKS: readonly AlarmAttack[] = [heard];
