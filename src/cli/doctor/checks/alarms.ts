import type { CompositeAlarm, MetricAlarm } from '@aws-sdk/client-cloudwatch';
import type { Subscription } from '@aws-sdk/client-sns';
import { answerOf, type Check, examine, forEach, judgedBy, okIf, type Result, wrong } from '../examine';
import { ofType, type Ward } from '../ward';

export type Alarm = MetricAlarm | CompositeAlarm;

/** One alarm among those of its stack. */
export interface Heard {
  readonly alarm: Alarm;
  readonly others: readonly Alarm[];
}

const tells = ({ ActionsEnabled, AlarmActions = [] }: Alarm): boolean => ActionsEnabled === true && AlarmActions.length > 0;

/** The names of those that a composite alarm is made of, which its rule has by name or ARN, with quotes or without. */
function partsOf(alarm: Alarm): readonly string[] {
  const rule = 'AlarmRule' in alarm ? alarm.AlarmRule ?? '' : '';
  return [...rule.matchAll(/\((?:\s*"([^"]+)"|\s*([^()"\s]+))\s*\)/g)].map(([, quoted = '', plain = '']) => nameOf(quoted || plain));
}

export const ALARMS: readonly Check<Heard>[] = [
  {
    item: 'alarms.actions',
    judge: ({ alarm, others }) => {
      const { ActionsEnabled, AlarmActions = [], AlarmName = '' } = alarm;
      // One that another alarm is made of rings by that one.
      const isPart = others.some((other) => tells(other) && partsOf(other).includes(AlarmName));
      if (AlarmActions.length > 0 && ActionsEnabled !== true) return wrong('has its actions turned off');
      return okIf(tells(alarm) || isPart, 'tells nobody');
    },
  },
];

/** Until a subscriber has confirmed, this stands for his subscription (SNS API, ListSubscriptionsByTopic). */
const UNCONFIRMED = /^(PendingConfirmation|Deleted)$/;

export const TOPICS: readonly Check<readonly Pick<Subscription, 'SubscriptionArn'>[]>[] = [
  {
    item: 'alarms.recipients',
    judge: (subscribers) => {
      if (subscribers.length === 0) return wrong('has nobody who would be told');
      return okIf(subscribers.some(({ SubscriptionArn = '' }) => !UNCONFIRMED.test(SubscriptionArn)), 'has nobody who has confirmed');
    },
  },
];

export async function examineAlarms(ward: Ward): Promise<readonly Result[]> {
  const { aws } = ward;
  const listed = [...ofType(ward, 'AWS::CloudWatch::Alarm'), ...ofType(ward, 'AWS::CloudWatch::CompositeAlarm')];
  const asked = await answerOf(() => aws.alarmsOf(listed.map(({ physicalId }) => nameOf(physicalId))));
  const alarms = 'answer' in asked ? asked.answer ?? [] : [];
  const topics = new Set(alarms.flatMap(({ AlarmActions = [] }) => AlarmActions).filter((arn) => arn.split(':')[2] === 'sns'));
  for (const { physicalId } of ofType(ward, 'AWS::SNS::Topic')) topics.add(physicalId);
  return [
    ...listed.flatMap(({ path, physicalId }) => {
      const alarm = alarms.find(({ AlarmName }) => AlarmName === nameOf(physicalId));
      return judgedBy(path, 'why' in asked ? asked : { answer: alarm && { alarm, others: alarms } }, ALARMS);
    }),
    ...await forEach([...topics], (topic) => examine(ofType(ward, 'AWS::SNS::Topic').find(({ physicalId }) => physicalId === topic)?.path ?? topic, () => aws.subscribersOf(topic), TOPICS)),
  ];
}

/** Whichever of the two a stack lists. */
const nameOf = (physicalId: string): string => physicalId.replace(/^arn:.*:alarm:/, '');
