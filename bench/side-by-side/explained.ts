import type { Explanation } from './explanations';

/** The six packs of cdk-nag. */
const NAG = /cdk-nag .*/;
const GUARD = /cfn-guard Control Tower/;
const CHECKOV = /checkov/;
/** Functions that CloudFormation calls while it deploys, and that take no part in a request. */
const DEPLOYMENT_FUNCTIONS = /Custom::VpcRestrictDefaultSGCustomResourceProvider|TriggerCustomResourceProvider|LockdownSwitch\/Provider/;
const LOG_GROUPS = /Audit\/Hot|LockdownSwitch\/Log|WebAcl\/Log\/Group|Network\/FlowLogs\/Group|KeySetMirror\/Log|(SecretAccess|Broker\/Access)\/Records/;
/** Runs by the clock; it alone reads issuers' keys. */
const MIRROR = /KeySetMirror/;
const REDIS = /Gate\/Redis/;
const ACCESS_LOGS = /Ingress\/AccessLogs/;
const AUDIT_BUCKETS = /Audit\/(Archive|Arrivals|Table\/Results)/;
/** What is not the locked end of the way of records. */
const BEFORE_AND_BESIDE_ARCHIVE = /Audit\/(Arrivals|Table\/Results)/;

const ENCRYPTED_ANYWAY = 'CloudWatch encrypts every log group with a key of its own; a customer key is a prop (encryptionKey) where one is wanted, since it costs money and can lock its owner out.';
const DEPLOYMENT_ONLY = 'CloudFormation alone calls it, one call after the other, retries by itself and shows what fails: it needs neither a queue, nor capacity of its own, nor traces.';
const AWS_API_ONLY = 'It talks to the AWS API and to nothing in the VPC; a place there would cost an endpoint and reach more than it reaches now.';
const BY_THE_CLOCK = 'A schedule calls it every minute, and the next run is the retry: there is no event to keep, and capacity of its own would be taken from the rest of the account.';
const OUTSIDE = 'It stands outside on purpose: it reads public keys from the internet, so that the network of the Core needs no way there, and may write nothing but these.';
const WHO_READ_RECORDS = 'CloudTrail tells who opened an object, with the identity, where a CallTrail is given the bucket; access logs of S3 are best effort, and one more bucket to be logged.';
const NOT_TO_BE_LOCKED = 'Records are handed on to the archive within minutes, which locks them; results of queries are copies that expire within days.';
const INLINE_POLICY = 'The CDK writes a grant as an inline policy: it belongs to this one role, and goes with it.';
const ALB_LOGS = 'It takes the logs of the load balancer, which writes to buckets with SSE-S3 only and cannot be logged into itself; its objects expire.';

const AUDIT_KEY = /Gate\/AuditKey\/Secret/;

/** Renew secrets and bring them to tasks. */
const SECRET_FUNCTIONS = /(Rotation|Rollout)\/Handler\/Function/;
const SECRET_FUNCTION_LOGS = /(Rotation|Rollout)\/Handler\/Log/;
const ROLLOUT = /Rollout\/Handler\/Function/;
const SECRET_EVENTS = /Rotation\/Daily|Rollout\/(LabelUpdated|Deployed|Net)/;
const WATCHED_READS = /(SecretAccess|Broker\/Access)\/(Unexpected|Denied)$/;

/** Tables of the gate and of the broker. */
const TABLES = /Gate\/Table|Broker\/(Jobs|State)\/Table/;
/** Lends credentials out, while the load balancer waits for its answer. */
const BROKER = /Broker\/Handler\/Function/;
/** Hears of workers that have stopped. */
const STOPPED = /Broker\/Stopped\//;

const WAITED_FOR = 'The load balancer waits for its answer, which a worker whose request failed sees: a queue takes only what was called without waiting.';
const ENDS_BY_ITSELF = 'Lambda tries twice more, and an alarm tells of a failure (BrokerExitFailures); leases that it does not end are over within minutes by themselves.';
const FEW_AND_SHORT = 'One write for each task that stops: capacity of its own would be taken from the rest of the account, and traces would say less than its record.';

const ENCRYPTED_AND_EMPTY_OF_VALUES = 'CloudWatch encrypts every log group with a key of its own; neither function writes a value, nor a library\'s message that might repeat one.';
const LOOKS_AGAIN = 'It looks at how things stand, and is called again: by Secrets Manager after a failure, or by the clock. No event is to be kept; failures are alarms.';
const CAPACITY_AND_TRACES = 'A few calls a month, or one every quarter of an hour: capacity of its own would be taken from the rest of the account, and traces would say less than its log.';

/**
 * Every finding of another tool that stays on our stacks, and why. What a construct can answer for is acknowledged in the construct
 * instead, where its users get the answer too; here is what tools without acknowledgements find, and what is wrong for these stacks alone.
 */
export const EXPLAINED: readonly Explanation[] = [
  { tool: NAG, rule: /.*-CloudWatchLogGroupEncrypted/, resource: LOG_GROUPS, reason: ENCRYPTED_ANYWAY },
  { tool: GUARD, rule: /cloudwatch_log_group_encrypted_check/, resource: LOG_GROUPS, reason: ENCRYPTED_ANYWAY },
  { tool: CHECKOV, rule: /CKV_AWS_158/, resource: LOG_GROUPS, reason: ENCRYPTED_ANYWAY },
  {
    tool: GUARD, rule: /cloudwatch_log_group_retention_period_check/, resource: new RegExp(`${LOG_GROUPS.source}|Audit/Delivery/Errors`),
    reason: 'The rule asks for a year in CloudWatch; by the catalogue records stay there for days or weeks (AUD-2), and what must be kept longer belongs into S3.',
  },

  { tool: NAG, rule: /.*-IAMNoInlinePolicy/, resource: /Policy|Role$|Audit\/Delivery\/(Writes|HandsOn)/, reason: INLINE_POLICY },
  {
    tool: NAG, rule: /AwsSolutions-IAM4\[.*AWSLambdaBasicExecutionRole\]/, resource: /Custom::VpcRestrictDefaultSGCustomResourceProvider/,
    reason: 'The CDK makes the role of its own provider, with the managed policy that lets a function write its log and do nothing else.',
  },

  { tool: NAG, rule: /.*-(LambdaDLQ|LambdaConcurrency|LambdaTracing)/, resource: DEPLOYMENT_FUNCTIONS, reason: DEPLOYMENT_ONLY },
  { tool: CHECKOV, rule: /CKV_AWS_11[56]/, resource: DEPLOYMENT_FUNCTIONS, reason: DEPLOYMENT_ONLY },
  { tool: NAG, rule: /.*-LambdaInsideVPC/, resource: DEPLOYMENT_FUNCTIONS, reason: AWS_API_ONLY },
  { tool: GUARD, rule: /lambda_inside_vpc_check/, resource: DEPLOYMENT_FUNCTIONS, reason: AWS_API_ONLY },
  { tool: CHECKOV, rule: /CKV_AWS_117/, resource: DEPLOYMENT_FUNCTIONS, reason: AWS_API_ONLY },

  { tool: NAG, rule: /.*-(LambdaDLQ|LambdaConcurrency|LambdaTracing|LambdaAsyncFailureDestination|EventBusDLQ)/, resource: MIRROR, reason: BY_THE_CLOCK },
  { tool: CHECKOV, rule: /CKV_AWS_11[56]/, resource: MIRROR, reason: BY_THE_CLOCK },
  { tool: NAG, rule: /.*-LambdaInsideVPC/, resource: MIRROR, reason: OUTSIDE },
  { tool: GUARD, rule: /lambda_inside_vpc_check/, resource: MIRROR, reason: OUTSIDE },
  { tool: CHECKOV, rule: /CKV_AWS_117/, resource: MIRROR, reason: OUTSIDE },
  { tool: CHECKOV, rule: /CKV_AWS_173/, resource: MIRROR, reason: 'Its variables are the name of a table and public addresses; Lambda encrypts them with a key of its own.' },

  { tool: NAG, rule: /.*-CloudWatchLogGroupEncrypted/, resource: SECRET_FUNCTION_LOGS, reason: ENCRYPTED_AND_EMPTY_OF_VALUES },
  { tool: GUARD, rule: /cloudwatch_log_group_encrypted_check/, resource: SECRET_FUNCTION_LOGS, reason: ENCRYPTED_AND_EMPTY_OF_VALUES },
  { tool: CHECKOV, rule: /CKV_AWS_158/, resource: SECRET_FUNCTION_LOGS, reason: ENCRYPTED_AND_EMPTY_OF_VALUES },
  { tool: NAG, rule: /.*-LambdaDLQ/, resource: SECRET_FUNCTIONS, reason: LOOKS_AGAIN },
  { tool: NAG, rule: /.*-EventBusDLQ/, resource: SECRET_EVENTS, reason: LOOKS_AGAIN },
  { tool: CHECKOV, rule: /CKV_AWS_116/, resource: SECRET_FUNCTIONS, reason: LOOKS_AGAIN },
  { tool: NAG, rule: /.*-(LambdaConcurrency|LambdaTracing)/, resource: SECRET_FUNCTIONS, reason: CAPACITY_AND_TRACES },
  { tool: CHECKOV, rule: /CKV_AWS_115/, resource: SECRET_FUNCTIONS, reason: CAPACITY_AND_TRACES },
  { tool: NAG, rule: /.*-LambdaInsideVPC/, resource: ROLLOUT, reason: AWS_API_ONLY },
  { tool: GUARD, rule: /lambda_inside_vpc_check/, resource: ROLLOUT, reason: AWS_API_ONLY },
  { tool: CHECKOV, rule: /CKV_AWS_117/, resource: ROLLOUT, reason: AWS_API_ONLY },
  { tool: CHECKOV, rule: /CKV_AWS_173/, resource: SECRET_FUNCTIONS, reason: 'Its variables are names and ARNs of secrets, stores and services, and no value; Lambda encrypts them with a key of its own.' },
  { tool: NAG, rule: /.*-LambdaDLQ/, resource: BROKER, reason: WAITED_FOR },
  { tool: CHECKOV, rule: /CKV_AWS_116/, resource: BROKER, reason: WAITED_FOR },
  {
    tool: NAG, rule: /.*-LambdaTracing/, resource: BROKER,
    reason: 'Its record of every request says who asked for what, and what became of it (WCC-6); for traces its network would need a way to one more service.',
  },
  { tool: NAG, rule: /.*-(LambdaDLQ|EventBusDLQ)/, resource: STOPPED, reason: ENDS_BY_ITSELF },
  { tool: CHECKOV, rule: /CKV_AWS_116/, resource: STOPPED, reason: ENDS_BY_ITSELF },
  { tool: NAG, rule: /.*-(LambdaConcurrency|LambdaTracing)/, resource: STOPPED, reason: FEW_AND_SHORT },
  { tool: CHECKOV, rule: /CKV_AWS_115/, resource: STOPPED, reason: FEW_AND_SHORT },
  { tool: NAG, rule: /.*-LambdaInsideVPC/, resource: STOPPED, reason: AWS_API_ONLY },
  { tool: GUARD, rule: /lambda_inside_vpc_check/, resource: STOPPED, reason: AWS_API_ONLY },
  { tool: CHECKOV, rule: /CKV_AWS_117/, resource: STOPPED, reason: AWS_API_ONLY },
  {
    tool: CHECKOV, rule: /CKV_AWS_173/, resource: /Broker\/(Handler|Stopped\/Exit)\/Function/,
    reason: 'Its variables are names of tables, secrets and workers, and no value; Lambda encrypts them with a key of its own.',
  },
  {
    tool: NAG, rule: /.*-EventBusDLQ/, resource: WATCHED_READS,
    reason: 'The alarm counts how often the rule matched, so it is raised whether or not the record arrives; and CloudTrail keeps the call itself.',
  },

  {
    tool: NAG, rule: /.*-DynamoDBInBackupPlan/, resource: TABLES,
    reason: 'DynamoDB keeps every state of the last 35 days by itself (point-in-time recovery is on); a backup plan belongs to the account, and may choose the table.',
  },
  {
    tool: CHECKOV, rule: /CKV_AWS_119/, resource: /Gate\/Table/,
    reason: 'It is encrypted with the account\'s aws/dynamodb key, and what lies in it is digests and public keys; a customer key is a prop (encryptionKey), where one is wanted.',
  },
  {
    tool: CHECKOV, rule: /CKV_AWS_119/, resource: /Broker\/(Jobs|State)\/Table/,
    reason: 'It is encrypted with the account\'s aws/dynamodb key, and what lies in it is ids, nonces and times; a customer key is a prop (encryptionKey), where one is wanted.',
  },
  {
    tool: NAG, rule: /.*-SecretsManagerRotationEnabled/, resource: /Gate\/Redis\/DefaultUser/,
    reason: 'CloudFormation demands a default user with a password; this one is off and may do nothing, so that its password, which nobody has, opens nothing. The gate\'s own is renewed.',
  },
  {
    tool: NAG, rule: /.*-SecretsManagerRotationEnabled/, resource: AUDIT_KEY,
    reason: 'Records of one caller carry one hash, by which he is followed over time: another key would be the end of that. It opens nothing.',
  },
  {
    tool: NAG, rule: /.*-ElastiCacheRedisClusterAutomaticBackup/, resource: REDIS,
    reason: 'The rule asks for 15 days; the gate\'s counters are worth nothing after a minute, and 7 days are kept in production for whatever else is put there.',
  },
  {
    tool: GUARD, rule: /kms_create_grant_aws_service_check/, resource: /AlarmsKey|(Audit|OwnKeys\/Key)\/Key/,
    reason: 'The statement is the one that gives the account its own key; no service is let make grants, and the rule asks for a condition on everybody who is let do everything.',
  },
  {
    tool: GUARD, rule: /kms_create_grant_aws_service_check/, resource: REDIS,
    reason: 'The CDK writes the statement for Secrets Manager, and kms:ViaService says so already; the rule knows kms:GrantIsForAWSService alone.',
  },

  { tool: NAG, rule: /.*-S3BucketLoggingEnabled/, resource: AUDIT_BUCKETS, reason: WHO_READ_RECORDS },
  { tool: GUARD, rule: /s3_bucket_logging_enabled_check/, resource: AUDIT_BUCKETS, reason: WHO_READ_RECORDS },
  { tool: CHECKOV, rule: /CKV_AWS_18/, resource: AUDIT_BUCKETS, reason: WHO_READ_RECORDS },
  {
    tool: NAG, rule: /.*-S3BucketReplicationEnabled/, resource: /Audit\/(Archive|Table\/Results)/,
    reason: 'The archive is the copy, and nobody deletes what is locked in it; results of queries are made again by asking again.',
  },
  { tool: NAG, rule: /.*-S3BucketDefaultLockEnabled/, resource: BEFORE_AND_BESIDE_ARCHIVE, reason: NOT_TO_BE_LOCKED },
  { tool: GUARD, rule: /s3_bucket_object_lock_enabled_check/, resource: BEFORE_AND_BESIDE_ARCHIVE, reason: NOT_TO_BE_LOCKED },
  { tool: GUARD, rule: /s3_event_notifications_enabled_check/, resource: AUDIT_BUCKETS, reason: 'Nothing is to happen when a record arrives but what replication does, and the rule does not say what should.' },
  {
    tool: NAG, rule: /.*-SNSRedrivePolicy/, resource: /Alarms\//,
    reason: 'A queue of letters that could not be delivered is for endpoints of our own; Amazon SNS tries mail again by itself, and the alarm stays in its state for whoever looks.',
  },
  {
    tool: NAG, rule: /.*-EventBusDLQ/, resource: /Alarms\/FailedTasks/,
    reason: 'It has no target that an event could fail to reach: the alarm counts how often the rule matched.',
  },
  { tool: NAG, rule: /.*-S3BucketLoggingEnabled|.*-S3DefaultEncryptionKMS/, resource: ACCESS_LOGS, reason: ALB_LOGS },
  { tool: GUARD, rule: /s3_bucket_(default_encryption_kms|logging_enabled)_check/, resource: ACCESS_LOGS, reason: ALB_LOGS },
  { tool: CHECKOV, rule: /CKV_AWS_18/, resource: ACCESS_LOGS, reason: ALB_LOGS },
  {
    tool: NAG, rule: /.*-S3Bucket(VersioningEnabled|ReplicationEnabled|DefaultLockEnabled)/, resource: ACCESS_LOGS,
    reason: 'A load balancer writes every log object once under a name of its own, so there is no version to keep; records that must outlast an account go through AuditTrail.',
  },
  {
    tool: GUARD, rule: /s3_bucket_(object_lock_enabled|versioning_enabled)_check/, resource: ACCESS_LOGS,
    reason: 'A load balancer writes every log object once under a name of its own, so there is no version to keep; records that must be locked go through AuditTrail.',
  },
  { tool: CHECKOV, rule: /CKV_AWS_21/, resource: ACCESS_LOGS, reason: 'A load balancer writes every log object once under a name of its own, so there is no version to keep.' },
  { tool: GUARD, rule: /s3_event_notifications_enabled_check/, resource: ACCESS_LOGS, reason: 'Nothing is to happen when a log arrives, and the rule does not say what should.' },

  {
    tool: NAG, rule: /.*-VPCDefaultSecurityGroupClosed/, resource: /Network\/Vpc/,
    reason: 'It is closed, by the custom resource of the CDK; the rule looks for that beside the VPC in the construct tree, and here it is given the template.',
  },
  {
    tool: NAG, rule: /.*-VPCNoUnrestrictedRouteToIGW/, resource: /Network\/Vpc\/NatSubnet/,
    reason: 'In these subnets stand the NAT gateways alone: the load balancer fetches the keys of the token issuer from the internet. No workload has such a route.',
  },
  { tool: /cfn-lint/, rule: /W3005/, resource: /LoadBalancer|LockdownSwitch|KeySetMirror|(Rotation|Rollout|Broker)\/Handler|Stopped\/Exit|Custom::VpcRestrictDefaultSG|TriggerCustomResourceProvider/, reason: 'The CDK writes an order that a reference gives already, which changes nothing.' },
  { tool: /cfn-lint/, rule: /W3005/, resource: /Pool\/WorkersGone/, reason: 'The order is written out, since silence means nothing before there are tasks; the name of the service gives it already.' },
];
