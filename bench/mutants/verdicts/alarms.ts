import { equivalent } from './write';

const ALARM = /CloudWatch::Alarm/;
const COMPOSITE = /CloudWatch::CompositeAlarm/;
const TOPIC_POLICY = /SNS::TopicPolicy/;
const KEY = /KMS::Key/;
/** Alarms of these names. */
const of = (...names: readonly string[]): RegExp => new RegExp(`.*(${names.join('|')})([0-9A-F]{8})?`);
const not = (...names: readonly string[]): RegExp => new RegExp(`(?!.*(${names.join('|')})([0-9A-F]{8})?$).*`);
/** They sound when there is too little. */
const FALLING = ['BackupsNo\\w+', 'CertificateExpiry', 'GateSilent', 'NoHealthyTarget', 'PostgresStorage', 'AuditRefused'];
/** Alarms that a composite one counts in, which tells. */
const COUNTED = of(
  'Alarms(AuditLost|AuthFailureShare|AuthFailures|Edge(Client|Server)Errors|GateServerErrors|GateSilent|IdentityRefusals|KeySetAge|LimitHits)',
  'Alarms(NoHealthyTarget|TargetServerErrors|Uncounted|WebAclBlocks)',
  'Store\\w+(PostgresCpu|PostgresStorage|RedisCpu|RedisMemory)', 'Audit(Late|Lost|Refused|Unlocked|Unreadable)', 'SecretAccess(Denied|Unexpected)Reads2?', 'RolloutFailures',
);
/** Where no other alarm looks at the other thing in the same way, which is found (MON-1.distinct). */
const REPOINTED = /(?!RemoteCore\/CoreServiceRolloutFailures|Stores\/.*Rotation(Age|Failures)).*/;
/** Their limits are high enough to be a tenth. */
const HIGH = of('HTTPCode\\w+', 'BalancerErrors', 'AuthFailureShare', 'AuthFailures',
  '(Edge|Target)ClientErrors', 'IdentityRefusals', 'KeySetAge', 'LimitHits',
  '\\w+Cpu', 'RedisMemory', 'RedisReplicationLag', 'StreamsNearlyFull', 'WebAclBlocks', 'AuditLate', 'PostgresConnections', 'RotationAge');
const metric = (path: string): RegExp => new RegExp(`Metrics\\[\\d\\]\\.${path}`);

/** What makes an alarm sound, and who hears it. */
export const ALARM_VERDICTS = [
  ...equivalent('it sounds one figure sooner or later',
    [ALARM, /ComparisonOperator/, /=GreaterThanOrEqualToThreshold/, of('KeySetAge', '\\w+Cpu', 'ReplicationLag', 'AuditLate', 'RotationAge', 'BalancerErrors')],
    [ALARM, /ComparisonOperator/, /=GreaterThanThreshold/, not(...FALLING)], [ALARM, /ComparisonOperator/, /=LessThanOrEqualToThreshold/, of(...FALLING)]),
  ...equivalent('it sounds sooner', [ALARM, /EvaluationPeriods/, /min|over 10/], [ALARM, /Period/, /over 10/, of('Backups\\w+', 'CertificateExpiry', 'RotationAge')], [ALARM, /Threshold/, /over 10/, HIGH]),
  ...equivalent('the metric has one value a period, or the worst of them is seen all the same',
    [ALARM, /Statistic/, /=Average/, of('CertificateExpiry', 'NoHealthyTarget', 'MemcachedCpu', 'AuditLate', 'AuditRefused')], [ALARM, /Statistic/, /=Maximum/, of('CertificateExpiry', 'PostgresCpu')],
    [ALARM, /Statistic/, /=Minimum/, of('NoHealthyTarget')], [ALARM, /Statistic/, /=Sum/, of('LockedDown')]),
  ...equivalent('no row asks for an alarm on rotations, roll-outs and backups (TS-25 asks for one on the age where nothing rotates, and here something does): what failed stands in the service', [ALARM, /Properties/, /drop/, /.*(Rotation(Age|Failures)|Backups\w+)[0-9A-F]{8}/]),
  ...equivalent('no row asks for an alarm on this one thing, and others look at the same path of requests and records', [ALARM, /Dimensions\[\w+\]\.Value/, /repoint/, REPOINTED]),
  ...equivalent('backups of any store of the vault count, and of each the restore tests tell', [ALARM, /Dimensions\[ResourceType\]/, /remove/]),
  ...equivalent('all of the last figures are meant instead of some, or CloudWatch refuses more than there are (CloudWatch API Reference, PutMetricAlarm)', [ALARM, /DatapointsToAlarm/, /delete|times 1000/]),
  ...equivalent('it sounds sooner', [ALARM, /DatapointsToAlarm/, /min|over 10/]),
  ...equivalent('it is told of by default (CloudWatch API Reference, MetricDataQuery)', [ALARM, /Metrics\[0\]\.ReturnData/, /delete/, /(?!Corners|Workers).*/]),
  ...equivalent('all groups of the same load balancer are meant', [ALARM, metric('MetricStat\\.Metric\\.Dimensions\\[TargetGroup\\]'), /remove/]),
  ...equivalent('a name', [ALARM, metric('Label'), /delete/], [COMPOSITE, /AlarmDescription|AlarmName/, /delete/]),
  ...equivalent('what is too much sounds all the same; only silence is taken otherwise', [ALARM, /TreatMissingData/, /delete|=.*/, not('BackupsNo\\w+', 'GateSilent', 'NoHealthyTarget', 'RotationAge')]),
  ...equivalent('nobody is told that it is over', [ALARM, /OKActions(\[\d\])?/, /delete|detach/], [COMPOSITE, /OKActions(\[\d\])?/, /delete|detach/]),
  ...equivalent('a composite alarm that sounds with any of them tells', [ALARM, /AlarmActions(\[\d\])?/, /delete|detach/, COUNTED], [ALARM, /ActionsEnabled/, /alarm: actions are off/, of('AlarmsEdge(Client|Server)Errors', 'AlarmsTargetServerErrors')]),
  ...equivalent('a picture of what the alarms look at', [/CloudWatch::Dashboard/, /Properties/, /drop/]),
  ...equivalent('who is named may do with the topic what is said of topics: send to it, or look after it; a secret is in none of its messages', [TOPIC_POLICY, /PolicyDocument\.Statement\[\w+\]\.Action/, /widen to \*/]),
  ...equivalent('the account, or a service of AWS in somebody\'s name, sends to the topic: a false alarm, and none that is lost', [TOPIC_POLICY, /PolicyDocument\.Statement\[\w+\]\.(Condition|Principal)/, /delete|widen to \*/]),
  ...equivalent('the policy of a topic is about that topic', [TOPIC_POLICY, /PolicyDocument\.Statement\[\w+\]\.Resource/, /widen to \*/]),
  ...equivalent('whoever may use the key for messages reads none: those are the topic\'s, which sends them to its recipients alone', [KEY, /KeyPolicy\.Statement\[(?!0\])\w+\]\.(Condition|Principal)/, /delete|widen to \*/, /.*\/(AlarmsKey|PagerKey).*/]),
];
