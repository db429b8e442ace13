import { FLOOD, GATE_METRICS } from '../../observability/contract';

/** What an alarm on a metric has to look like for anybody to hear it in time. */
export interface WatchedMetric {
  /** Left out where the name is known in whatever namespace. */
  readonly namespace?: string;
  readonly name: RegExp;
  /** Whether more of it is worse; left out of what others are weighed by. */
  readonly worse?: 'higher' | 'lower';
  /** By what several values of a period are taken together without hiding the one that matters. */
  readonly statistics: readonly string[];
  /** Without these AWS publishes no such metric, or one of everything at once. */
  readonly dimensions: readonly string[];
  /** Between what a threshold tells anything: beyond, the alarm sounds never or always. */
  readonly between: readonly [least: number, most: number];
  /** Whether the metric is told all the time, so that its silence is a fault by itself. */
  readonly isPulse?: boolean;
  /** How many seconds may pass at most before an alarm on it sounds. @default - six hours */
  readonly within?: number;
  /** Whether it means this only where the alarm looks at nothing beside it. */
  readonly isAlone?: boolean;
}

/** Each of which is one too many, and of which ten are many. */
const SINGLE = [0, 10] as const;
/** Of requests, which may be many. */
export const MANY = [0, FLOOD] as const;
const PERCENT = [1, 100] as const;
const SECONDS_AN_HOUR = 3600;
const SECONDS_A_DAY = 86_400;
/** Of what is told once a day. */
const TWO_DAYS = 2 * SECONDS_A_DAY;
/** After an hour a gate trusts the signing keys of an issuer no more (docs/authorizers.md). */
const SECONDS_OF_TRUST = SECONDS_AN_HOUR;
const UPPER = ['Maximum', 'Average'];

const gate = (name: string): RegExp => new RegExp(`^${name}$`);

/** What a gate counts of which some is nothing, and many is an alarm. */
const COUNTED = [GATE_METRICS.blocked, GATE_METRICS.limited, `${GATE_METRICS.requests}_5xx`];

/** Metrics by their documents at AWS, and those of a gate by its own contract. */
export const WATCHED_METRICS: readonly WatchedMetric[] = [
  { namespace: 'AWS/ApplicationELB', name: /^HTTPCode_(ELB|Target)_[45]XX_Count$/, worse: 'higher', statistics: ['Sum'], dimensions: ['LoadBalancer'], between: MANY, within: SECONDS_AN_HOUR },
  { namespace: 'AWS/ApplicationELB', name: /^HealthyHostCount$/, worse: 'lower', statistics: ['Minimum', 'Maximum', 'Average'], dimensions: ['LoadBalancer', 'TargetGroup'], between: [1, 100], isPulse: true },
  { namespace: 'AWS/ApplicationELB', name: /^(RequestCount|HTTPCode_Target_[23]XX_Count)$/, statistics: ['Sum'], dimensions: ['LoadBalancer'], between: MANY, within: SECONDS_AN_HOUR },
  { namespace: 'AWS/Lambda', name: /^Errors$/, worse: 'higher', statistics: ['Sum'], dimensions: ['FunctionName'], between: SINGLE },
  { namespace: 'AWS/Events', name: /^(TriggeredRules|FailedInvocations)$/, worse: 'higher', statistics: ['Sum'], dimensions: ['RuleName'], between: SINGLE },
  { namespace: 'SecureCore/Secrets', name: /^AgeDays$/, worse: 'higher', statistics: ['Maximum'], dimensions: ['Secret'], between: [1, 366], isPulse: true, within: TWO_DAYS },
  { namespace: 'AWS/Firehose', name: /^DeliveryToS3\.DataFreshness$/, worse: 'higher', statistics: UPPER, dimensions: ['DeliveryStreamName'], between: [60, SECONDS_A_DAY] },
  { namespace: 'AWS/Firehose', name: /^DeliveryToS3\.Success$/, worse: 'lower', statistics: ['Minimum', 'Average'], dimensions: ['DeliveryStreamName'], between: [0.5, 1] },
  { namespace: 'AWS/Firehose', name: /\.Failed(Records)?$/, worse: 'higher', statistics: ['Sum'], dimensions: ['DeliveryStreamName'], between: SINGLE },
  { namespace: 'AWS/Logs', name: /^Delivery(Errors|Throttling)$/, worse: 'higher', statistics: ['Sum'], dimensions: ['LogGroupName', 'DestinationType', 'FilterName'], between: SINGLE },
  { namespace: 'AWS/S3', name: /^OperationsFailedReplication$/, worse: 'higher', statistics: ['Sum'], dimensions: ['SourceBucket', 'DestinationBucket', 'RuleId'], between: SINGLE },
  { namespace: 'AWS/WAFV2', name: /^BlockedRequests$/, worse: 'higher', statistics: ['Sum'], dimensions: ['WebACL', 'Rule', 'Region'], between: MANY, within: SECONDS_AN_HOUR },
  { namespace: 'AWS/CertificateManager', name: /^DaysToExpiry$/, worse: 'lower', statistics: ['Minimum', 'Maximum', 'Average'], dimensions: ['CertificateArn'], between: [7, 90], within: TWO_DAYS },
  { namespace: 'AWS/Backup', name: /^NumberOf\w+Jobs(Failed|Expired|Aborted)$/, worse: 'higher', statistics: ['Sum'], dimensions: ['BackupVaultName'], between: SINGLE, within: TWO_DAYS },
  { namespace: 'AWS/Backup', name: /^NumberOfBackupJobsCompleted$/, worse: 'lower', statistics: ['Sum'], dimensions: ['BackupVaultName'], between: [1, 100], isPulse: true, within: TWO_DAYS },
  { namespace: 'AWS/RDS', name: /^CPUUtilization$/, worse: 'higher', statistics: UPPER, dimensions: ['DBInstanceIdentifier'], between: PERCENT },
  { namespace: 'AWS/RDS', name: /^FreeStorageSpace$/, worse: 'lower', statistics: ['Minimum', 'Average'], dimensions: ['DBInstanceIdentifier'], between: [1, Number.MAX_SAFE_INTEGER] },
  { namespace: 'AWS/RDS', name: /^DatabaseConnections$/, worse: 'higher', statistics: UPPER, dimensions: ['DBInstanceIdentifier'], between: [1, 100_000] },
  { namespace: 'AWS/ElastiCache', name: /^(Engine)?CPUUtilization$|^DatabaseMemoryUsagePercentage$/, worse: 'higher', statistics: UPPER, dimensions: ['CacheClusterId'], between: PERCENT },
  { namespace: 'AWS/ElastiCache', name: /^ReplicationLag$/, worse: 'higher', statistics: UPPER, dimensions: ['CacheClusterId'], between: [1, 600] },
  { name: gate(`(${COUNTED.join('|')})`), worse: 'higher', statistics: ['Sum'], dimensions: [], between: MANY, within: SECONDS_AN_HOUR },
  { name: gate(`(${[GATE_METRICS.uncounted, GATE_METRICS.auditLost, GATE_METRICS.leasesLost].join('|')})`), worse: 'higher', statistics: ['Sum'], dimensions: [], between: SINGLE },
  { name: gate(GATE_METRICS.lockedDown), worse: 'higher', statistics: ['Maximum', 'Sum'], dimensions: [], between: SINGLE },
  { name: gate(GATE_METRICS.keySetAge), worse: 'higher', statistics: ['Maximum'], dimensions: [], between: [60, SECONDS_OF_TRUST] },
  { name: gate(GATE_METRICS.leasesOpen), worse: 'higher', statistics: UPPER, dimensions: [], between: [1, 100_000] },
  { name: gate(GATE_METRICS.requests), worse: 'lower', statistics: ['SampleCount'], dimensions: [], between: [1, 100], isPulse: true, isAlone: true },
];

/** What Contributor Insights counts for whoever is the first of them. */
export const CONTRIBUTORS: WatchedMetric = { name: /^INSIGHT_RULE_METRIC$/, worse: 'higher', statistics: ['Sum'], dimensions: [], between: MANY, within: SECONDS_AN_HOUR };
