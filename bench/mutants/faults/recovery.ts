import type { Json, JsonMap } from '../../../src/checks/template/template';
import { become, each, type Fault, items } from './fault';

const ALARM = 'AWS::CloudWatch::Alarm';
const TOPIC = 'AWS::SNS::Topic';
const VAULT = 'AWS::Backup::BackupVault';
const PLAN = 'AWS::Backup::BackupPlan';
const SELECTION = 'AWS::Backup::BackupSelection';
const SERVICE = 'AWS::ECS::Service';
const TASK = 'AWS::ECS::TaskDefinition';
const BUCKET = 'AWS::S3::Bucket';

const looksAt = (pattern: RegExp) => (properties: JsonMap): boolean => pattern.test(JSON.stringify([properties.MetricName ?? null, properties.Metrics ?? null]));
const isEdge = looksAt(/HTTPCode_/);
const isPulse = looksAt(/AgeDays|HealthyHostCount|SampleCount/);

/** One variable more in the first container. */
const told = (control: 'MON-4' | 'MON-5', name: string, value: string): Fault => ({
  name: `${name}=${value}`, control, type: TASK, path: ['ContainerDefinitions', 0, 'Environment'],
  change: (old) => [...items(old).filter((entry) => (entry as JsonMap).Name !== name), { Name: name, Value: value }],
});

const renamed = (old: Json | undefined): Json => JSON.parse(JSON.stringify(old ?? null).replace(/HTTPCode_(ELB|Target)_/g, 'HTTPCode_$1_old_')) as Json;

/** Alarms that sound never, or for nobody (RC-22, NT-67, MON-6). */
const ALARMS: readonly Fault[] = [
  { name: 'alarm: actions are off', control: 'MON-6', type: ALARM, when: isEdge, path: ['ActionsEnabled'], change: become(false) },
  { name: 'alarm: a metric that was renamed', control: 'MON-1', type: ALARM,
    when: ({ MetricName }) => typeof MetricName === 'string' && MetricName.startsWith('HTTPCode_'), path: ['MetricName'], change: renamed },
  { name: 'alarm: metrics that were renamed', control: 'MON-1', type: ALARM, when: ({ Metrics }) => JSON.stringify(Metrics ?? null).includes('HTTPCode_'), path: ['Metrics'], change: renamed },
  { name: 'alarm: a million', control: 'MON-1', type: ALARM, when: isEdge, path: ['Threshold'], change: become(1_000_000) },
  { name: 'alarm: a pulse whose silence is well', control: 'MON-1', type: ALARM, when: isPulse, path: ['TreatMissingData'], change: become('notBreaching') },
  { name: 'topic: the account\'s own key', control: 'MON-6', type: TOPIC, path: ['KmsMasterKeyId'], change: become('alias/aws/sns') },
  {
    name: 'topic: CloudWatch may not publish', control: 'MON-6', type: 'AWS::SNS::TopicPolicy', path: ['PolicyDocument', 'Statement'],
    change: (old) => items(old).filter((statement) => (statement as JsonMap).Effect === 'Deny'),
  },
  { name: 'subscription: asks for attributes', control: 'MON-6', type: 'AWS::SNS::Subscription', path: ['FilterPolicy'], change: become({ team: ['core'] }) },
  { name: 'composite alarm: for nobody', control: 'MON-6', type: 'AWS::CloudWatch::CompositeAlarm', path: ['AlarmActions'], change: become([]) },
  told('MON-4', 'SENTRY_DSN', 'https://key@sentry.acme.com/1'),
  ...each(['http://collector.acme.com:4318', 'http://10.0.0.5:4318'], (url) => told('MON-5', 'OTEL_EXPORTER_OTLP_ENDPOINT', url)),
];

const copies = ({ BackupPlan }: JsonMap): boolean => JSON.stringify(BackupPlan ?? null).includes('CopyActions');
const isAlone = ({ BackupPlan }: JsonMap): boolean => items((BackupPlan as JsonMap | undefined)?.BackupPlanRule).length === 1;

/** Backups that are not made, or that whoever comes in takes away (NT-44, M-55, M-57). */
const BACKUPS: readonly Fault[] = [
  { name: 'vault: no lock', control: 'BDR-2', type: VAULT, path: ['LockConfiguration'], change: () => null },
  { name: 'vault: everybody', control: 'BDR-2', type: VAULT, path: ['AccessPolicy'], change: become({ Statement: [{ Effect: 'Allow', Principal: '*', Action: 'backup:*', Resource: '*' }] }) },
  { name: 'selection: nothing', control: 'BDR-1', type: SELECTION, path: ['BackupSelection', 'Resources'], change: become([]) },
  { name: 'plan: two days', control: 'BDR-1', type: PLAN, path: ['BackupPlan', 'BackupPlanRule', 0, 'Lifecycle'], change: become({ DeleteAfterDays: 2 }) },
  { name: 'plan: once a month', control: 'BDR-1', type: PLAN, when: isAlone, path: ['BackupPlan', 'BackupPlanRule', 0, 'ScheduleExpression'], change: become('cron(0 5 1 * ? *)') },
  { name: 'vault: a lock that can be lifted for years', control: 'BDR-2', type: VAULT, when: ({ LockConfiguration }) => JSON.stringify(LockConfiguration ?? null).includes('ChangeableForDays'),
    path: ['LockConfiguration', 'ChangeableForDays'], change: become(3650) },
  {
    name: 'plan: a copy in the same region', control: 'BDR-3', type: PLAN, when: copies, path: ['BackupPlan', 'BackupPlanRule', 0, 'CopyActions', 0, 'DestinationBackupVaultArn'],
    change: become({ 'Fn::Sub': 'arn:aws:backup:${AWS::Region}:${AWS::AccountId}:backup-vault:copies' }),
  },
  {
    name: 'plan: no copy', control: 'BDR-3', type: PLAN, when: copies,
    path: ['BackupPlan', 'BackupPlanRule', 0, 'CopyActions'], change: become([]),
  },
];

/** What does not come back by itself (CTR-6), images that nobody looks at (SUP-1). */
const RECOVERY: readonly Fault[] = [
  { name: 'service: none', control: 'CTR-6', type: SERVICE, when: ({ DesiredCount }) => DesiredCount !== undefined, path: ['DesiredCount'], change: become(0) },
  { name: 'service: no way back', control: 'CTR-6', type: SERVICE, path: ['DeploymentConfiguration', 'DeploymentCircuitBreaker'], change: become({ Enable: true, Rollback: false }) },
  {
    name: 'task: nobody asks how it is', control: 'CTR-6', type: TASK,
    when: ({ ContainerDefinitions }) => items(ContainerDefinitions).some((one) => (one as JsonMap).HealthCheck !== undefined
      && items((one as JsonMap).PortMappings).some((port) => (port as JsonMap).Name === 'core')),
    path: ['ContainerDefinitions', 0, 'HealthCheck'], change: become({ Command: ['NONE'] }),
  },
  { name: 'repository: nothing is scanned', control: 'SUP-1', type: 'AWS::ECR::Repository', path: ['ImageScanningConfiguration'], change: become({ ScanOnPush: false }) },
  { name: 'bucket: versions are off', control: 'BDR-1', type: BUCKET,
    when: ({ VersioningConfiguration, ObjectLockEnabled, ReplicationConfiguration }) =>
      VersioningConfiguration !== undefined && ObjectLockEnabled !== true && ReplicationConfiguration === undefined, path: ['VersioningConfiguration'], change: become({ Status: 'Suspended' }) },
];

export const RECOVERY_FAULTS: readonly Fault[] = [...ALARMS, ...BACKUPS, ...RECOVERY];
