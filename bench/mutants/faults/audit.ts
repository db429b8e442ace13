import { isJsonMap, type JsonMap } from '../../../src/checks/template/template';
import { become, each, type Fault, items } from './fault';

const BUCKET = 'AWS::S3::Bucket';
const STREAM = 'AWS::KinesisFirehose::DeliveryStream';
const FILTER = 'AWS::Logs::SubscriptionFilter';
const GROUP = 'AWS::Logs::LogGroup';
const TASK = 'AWS::ECS::TaskDefinition';

const isArchive = ({ ObjectLockEnabled }: JsonMap): boolean => ObjectLockEnabled === true;
const handsOn = ({ ReplicationConfiguration }: JsonMap): boolean => ReplicationConfiguration !== undefined;
const masks = ({ DataProtectionPolicy }: JsonMap): boolean => DataProtectionPolicy !== undefined;
const masksKeys = ({ DataProtectionPolicy }: JsonMap): boolean => isJsonMap(DataProtectionPolicy) && DataProtectionPolicy.Configuration !== undefined;

/** The first rule of an archive's lifecycle, changed. */
const tiers = (name: string, change: JsonMap): Fault => ({
  name, control: 'AUD-2', type: BUCKET, when: isArchive, path: ['LifecycleConfiguration', 'Rules', 0],
  change: (old) => ({ ...(old as JsonMap), ...change }),
});

/** What the catalogue names of records that are lost, altered or read by the wrong ones (M-23 to M-28, C-24, C-25). */
export const AUDIT_FAULTS: readonly Fault[] = [
  ...each(['ERROR', '{ $.event = "other" }', '{ $.event != "audit" }', '{ ($.event = "audit") && ($.status = 500) }'], (pattern): Fault => ({
    name: `subscription of ${pattern}`, control: 'AUD-7', type: FILTER, path: ['FilterPattern'], change: become(pattern),
  })),
  { name: 'subscription of another group', control: 'AUD-7', type: FILTER, path: ['LogGroupName'], change: become('/aws/other') },
  tiers('archive: colder before S3 takes it', { Transitions: [{ StorageClass: 'STANDARD_IA', TransitionInDays: 7 }] }),
  tiers('archive: gone before it is old', { ExpirationInDays: 90 }),
  {
    name: 'archive: noncurrent versions for ever', control: 'AUD-2', type: BUCKET, when: isArchive,
    path: ['LifecycleConfiguration', 'Rules', 0, 'NoncurrentVersionExpiration'], change: () => null,
  },
  { name: 'archive: a lock of a month', control: 'AUD-3', type: BUCKET, when: isArchive, path: ['ObjectLockConfiguration', 'Rule', 'DefaultRetention', 'Days'], change: become(30) },
  { name: 'archive: no lock', control: 'AUD-3', type: BUCKET, when: isArchive, path: ['ObjectLockEnabled'], change: become(false) },
  { name: 'arrivals: a rule that is off', control: 'AUD-3', type: BUCKET, when: handsOn, path: ['ReplicationConfiguration', 'Rules', 0, 'Status'], change: become('Disabled') },
  {
    name: 'arrivals: delete markers go along', control: 'AUD-3', type: BUCKET, when: handsOn,
    path: ['ReplicationConfiguration', 'Rules', 0, 'DeleteMarkerReplication'], change: become({ Status: 'Enabled' }),
  },
  {
    name: 'arrivals: what carries a tag goes along', control: 'AUD-3', type: BUCKET, when: handsOn,
    path: ['ReplicationConfiguration', 'Rules', 0, 'Filter'], change: become({ TagFilter: { Key: 'kept', Value: 'yes' } }),
  },
  { name: 'arrivals: a part alone goes along', control: 'AUD-3', type: BUCKET, when: handsOn, path: ['ReplicationConfiguration', 'Rules', 0, 'Filter'], change: become({ Prefix: 'none/' }) },
  { name: 'stream: packed batches', control: 'AUD-7', type: STREAM, path: ['ExtendedS3DestinationConfiguration', 'ProcessingConfiguration'], change: become({ Enabled: false }) },
  { name: 'stream: a bucket of nobody', control: 'AUD-4', type: STREAM, path: ['ExtendedS3DestinationConfiguration', 'BucketARN'], change: become('arn:aws:s3:::elsewhere') },
  { name: 'log group: masks nobody', control: 'AUD-5', type: GROUP, when: masks, path: ['DataProtectionPolicy', 'Statement'], change: become([]) },
  { name: 'log group: masks no keys', control: 'RED-1', type: GROUP, when: masksKeys, path: ['DataProtectionPolicy', 'Configuration'], change: become({ CustomDataIdentifier: [] }) },
  { name: 'log group: a day', control: 'AUD-2', type: GROUP, path: ['RetentionInDays'], change: become(1) },
  {
    name: 'task: lines of one container elsewhere', control: 'AUD-7', type: TASK, when: ({ ContainerDefinitions }) => items(ContainerDefinitions).length > 1,
    path: ['ContainerDefinitions', 0, 'LogConfiguration', 'Options', 'awslogs-group'], change: become('/core/elsewhere'),
  },
];
