import { z } from 'zod';
import { type BrokerConfiguration, migrationEnd } from '../../../broker/contract';
import { TTL_ATTRIBUTE } from '../../../broker/items/contract';
import { type Check, examine, forEach, type Judged, judgedBy, OK, okIf, type Result, unknown, wrong } from '../examine';
import { type FoundBroker, ofType, type Ward } from '../ward';

/** What needs the whole configuration; where the broker takes none, that is said once. */
const told = (judge: (configuration: BrokerConfiguration) => Judged | undefined) => ({ configuration }: FoundBroker): Judged | undefined => (
  'fault' in configuration ? unknown('the configuration is none') : judge(configuration));

export const brokerChecks = (now: Date): readonly Check<FoundBroker>[] => [
  {
    item: 'broker.running',
    judge: ({ examined: { state, lastUpdate, concurrency } }) => {
      if (concurrency === 0) return wrong('may not run at all: nobody lets it have a call');
      if (state === 'Pending' || lastUpdate === 'InProgress') return unknown('it is being changed');
      if (lastUpdate === 'Failed') return wrong('could not be changed, and is as it was before');
      // One that nobody has called for weeks starts with the next call (Lambda guide, "Lambda function states").
      return okIf(state === 'Active' || state === 'Inactive', 'does not run');
    },
  },
  { item: 'broker.configuration', judge: ({ configuration }) => ('fault' in configuration ? wrong(`has a configuration that it refuses (${configuration.fault})`) : OK) },
  {
    item: 'broker.migration',
    judge: told(({ phase }) => (phase.kind === 'migration' ? okIf(migrationEnd(phase.until) * 1000 > now.getTime(), `has taken no shared key since ${phase.until}`) : undefined)),
  },
];

const POLICY = z.object({ Statement: z.array(z.object({ Effect: z.string(), Principal: z.unknown(), Condition: z.unknown().optional() })) });
const LOAD_BALANCERS = z.strictObject({ Service: z.literal('elasticloadbalancing.amazonaws.com') });

/** Whoever may call the function revokes workers, and has no signature to show. */
export const CALLERS: readonly Check<string>[] = [
  {
    item: 'broker.callers',
    judge: (policy) => {
      if (policy === '') return OK;
      const read = POLICY.safeParse(JSON.parse(policy)).data;
      if (read === undefined) return unknown('its policy is in another form than AWS Lambda writes');
      const allowed = read.Statement.filter(({ Effect }) => Effect === 'Allow');
      if (allowed.some(({ Principal }) => !LOAD_BALANCERS.safeParse(Principal).success)) return wrong('lets somebody call it who is no load balancer');
      return okIf(allowed.every(({ Condition }) => Condition !== undefined), 'lets load balancers of any account call it');
    },
  },
];

export const EXPIRY: readonly Check<string>[] = [
  { item: 'broker.expiry', judge: (attribute) => okIf(attribute === TTL_ATTRIBUTE, 'keeps for ever what is over') },
];

export async function examineBrokers(ward: Ward): Promise<readonly Result[]> {
  const { aws, brokers, now, targetGroups } = ward;
  const pathOf = (table: string): string => ofType(ward, 'AWS::DynamoDB::Table').find(({ physicalId }) => physicalId === table)?.path ?? table;
  if ('why' in brokers) return judgedBy(targetGroups[0]?.path ?? '', brokers, [{ item: 'broker.running', judge: () => undefined }]);
  return forEach(brokers.answer ?? [], async (broker) => {
    const { path, examined: { arn }, configuration } = broker;
    const tables = 'fault' in configuration ? [] : Object.values(configuration.tables);
    return [
      ...judgedBy(path, { answer: broker }, brokerChecks(now)),
      ...await examine(path, () => aws.callersOf(arn), CALLERS),
      ...await forEach(tables, (table) => examine(pathOf(table), () => aws.expiryOf(table), EXPIRY)),
    ];
  });
}
