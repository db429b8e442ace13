import type { LogGroup } from '@aws-sdk/client-cloudwatch-logs';
import { answerOf, type Check, examine, forEach, type Judged, OK, okIf, type Result, unknown, wrong } from '../examine';
import { ofType, type Ward } from '../ward';
import { locks } from './buckets';

export const LOG_GROUPS: readonly Check<Pick<LogGroup, 'retentionInDays'>>[] = [
  { item: 'logs.retention', judge: ({ retentionInDays }) => okIf(retentionInDays !== undefined, 'keeps everything for ever') },
];

export const DELIVERED: readonly Check<readonly string[]>[] = [
  { item: 'logs.delivered', judge: (subscriptions) => okIf(subscriptions.length > 0, 'is delivered nowhere') },
];

export const MASKED: readonly Check<string>[] = [
  { item: 'logs.masked', judge: (policy) => okIf(/deidentify/i.test(policy), 'masks nothing') },
];

/** Of all groups how long they keep what is written; of those that gates and brokers write to, what becomes of the records. */
export async function examineLogs(ward: Ward): Promise<readonly Result[]> {
  const { aws, gates, brokers } = ward;
  const own = ofType(ward, 'AWS::Logs::LogGroup');
  const ofBrokers = ('answer' in brokers ? brokers.answer ?? [] : []).flatMap(({ examined }) => examined.logGroup ?? []);
  const records = [...new Set([...gates.flatMap(({ container }) => container.logGroup ?? []), ...ofBrokers])];
  const pathOf = (group: string): string => own.find(({ physicalId }) => physicalId === group)?.path ?? group;
  return [
    ...await forEach([...own.map(({ physicalId }) => physicalId), ...records.filter((group) => pathOf(group) === group)], (group) => examine(pathOf(group), () => aws.logGroupOf(group), LOG_GROUPS)),
    ...await forEach(records, async (group) => [
      ...await examine(pathOf(group), () => aws.subscriptionsOf(group), DELIVERED),
      ...await examine(pathOf(group), () => aws.maskingOf(group), MASKED),
    ]),
    ...await forEach(records, async (group) => [{ item: 'logs.archived', path: pathOf(group), judged: await archived(ward, pathOf(group) !== group) }]),
  ];
}

async function archived(ward: Ward, isOwn: boolean): Promise<Judged> {
  const whys: string[] = [];
  for (const { physicalId } of ofType(ward, 'AWS::S3::Bucket')) {
    const asked = await answerOf(() => ward.aws.lockOf(physicalId));
    if ('why' in asked) whys.push(asked.why);
    else if (asked.answer !== undefined && locks(asked.answer)) return OK;
  }
  if (!isOwn) return unknown('the log group is of another stack, and so is its archive');
  return whys[0] === undefined ? wrong('has no archive that is locked') : unknown(whys[0]);
}
