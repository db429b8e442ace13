import { equivalent, missing } from './write';

const DATABASE = /RDS::DBInstance/;
const REDIS = /ElastiCache::ReplicationGroup/;
const CACHE = /ElastiCache::CacheCluster/;
const SECRET = /SecretsManager::Secret/;
const ALARM = /CloudWatch::Alarm/;
const BUCKET = /S3::Bucket/;

/** What is kept, who may read it, and who hears of it. */
export const DATA_VERDICTS = [
  ...equivalent('tags, which no policy of the template reads', [/.*/, /Tags(\[(?!cdk-secure-core)[^\]]*\](\.(Key|Value))?)?|Tags\[cdk-secure-core:exposure\](\.Key)?/, /delete|remove|flip/]),
  ...equivalent('a trust policy knows the actions of STS only', [/IAM::Role/, /AssumeRolePolicyDocument\.Statement\[\d\]\.Action/, /widen to \*/]),
  ...equivalent('the role may do less', [/IAM::Role/, /(ManagedPolicyArns|Policies)(\[\d\])?/, /delete|remove/], [/IAM::Policy/, /Properties|Roles\[\d\]/, /drop|detach/]),
  ...equivalent('in the policy of a key every action is an action of KMS, and the default policy says the same', [/KMS::Key/, /KeyPolicy(\.Statement\[\d\]\.Action)?/, /delete|widen to \*/]),
  ...equivalent('32 characters are the default, and enough for a password', [SECRET, /GenerateSecretString\.PasswordLength/, /delete/, /(MutualTls|PublicApi|RemoteCore)\/.*Password.*/]),
  ...equivalent('a name', [SECRET, /Name/, /delete/]),
  ...missing('BDR-3', 'the cache is gone with its zone', [CACHE, /AZMode/, /delete/]),
  ...equivalent('the service takes the newest version, and TLS with it', [CACHE, /EngineVersion/, /delete/]),
  ...equivalent('how much the cache holds, and whether there is one', [CACHE, /NumCacheNodes/, /times 1000|over 10/], [CACHE, /Properties/, /drop/]),
  ...equivalent('the issuer makes the key, and nobody uses what is generated', [SECRET, /GenerateSecretString/, /delete/, /AlbJwt\/ProviderKey/]),
  ...equivalent('the service refuses one of the two without the other', [SECRET, /GenerateSecretString\.(GenerateStringKey|SecretStringTemplate)/, /delete/]),
  ...equivalent('renewed more often', [/SecretsManager::RotationSchedule/, /RotationRules\.AutomaticallyAfterDays/, /over 10/]),
  ...equivalent('the group of parameters says it of every version', [DATABASE, /EngineVersion/, /delete/]),
  ...equivalent('longer than the service takes', [SECRET, /GenerateSecretString\.PasswordLength/, /times 1000/]),
  ...equivalent('more characters to choose from', [SECRET, /GenerateSecretString\.ExcludePunctuation/, /delete|flip/]),
  ...equivalent('kept for longer than the hot tier', [/Logs::LogGroup/, /RetentionInDays/, /=(7|\d{2,})/]),
  ...equivalent('a name; where it is a condition for delivery, the service refuses another', [/Logs::LogGroup/, /LogGroupName/, /delete/]),
  ...missing('BDR-1', 'backups are kept for a day, or not at all', [DATABASE, /BackupRetentionPeriod/, /delete|min|over 10/], [REDIS, /SnapshotRetentionLimit/, /delete|over 10/]),
  ...equivalent('longer than before, or longer than the service takes', [DATABASE, /BackupRetentionPeriod/, /times 1000/], [REDIS, /SnapshotRetentionLimit/, /times 1000/]),
  ...missing('BDR-1', 'one call deletes the database', [DATABASE, /DeletionProtection/, /delete|flip/]),
  ...missing('BDR-3', 'the store is gone with its zone', [DATABASE, /MultiAZ/, /delete|flip/], [REDIS, /AutomaticFailoverEnabled|MultiAZEnabled/, /delete|flip/], [REDIS, /ReplicasPerNodeGroup/, /delete|min/]),
  ...equivalent('the VPC has no internet gateway, and in such a one the service gives no public address unasked (Amazon RDS API Reference, CreateDBInstance)', [DATABASE, /PubliclyAccessible/, /delete/]),
  ...equivalent('the service refuses a database without it', [DATABASE, /AllocatedStorage|DBInstanceClass|Engine|MasterUsername|ManageMasterUserPassword/, /delete|flip/],
    [/RDS::DBSubnetGroup/, /SubnetIds\[\d\]/, /detach/], [REDIS, /Engine|CacheNodeType/, /delete/]),
  ...equivalent('there is no database to reach', [DATABASE, /Properties/, /drop/]),
  ...equivalent('no program of the stack is told of a limit or of a store, so that callers have budgets of their own (RTL-2) neither before nor after', [REDIS, /Properties/, /drop/, /AlbJwt\/.*/]),
  ...equivalent('required is the default where TLS is on', [REDIS, /TransitEncryptionMode/, /delete/]),
  ...equivalent('how much the store holds', [REDIS, /NumNodeGroups/, /delete|times 1000|over 10/], [REDIS, /ReplicasPerNodeGroup/, /max/]),
  ...missing('BDR-3', 'the store is in one zone', [/ElastiCache::SubnetGroup/, /SubnetIds\[\d\]/, /detach/]),
  ...equivalent('S3 encrypts with keys of its own by default, and blocks public access on every new bucket', [BUCKET, /BucketEncryption(\..*)?/, /.*/, /(?!.*Assets).*/], [BUCKET, /PublicAccessBlockConfiguration/, /delete/]),
  ...equivalent('encrypted with the same key, twice or by fewer calls to KMS', [BUCKET, /BucketEncryption\.ServerSideEncryptionConfiguration\[0\]\.(BucketKeyEnabled|ServerSideEncryptionByDefault\.SSEAlgorithm)/, /delete|flip|=aws:kms:dsse/, /MutualTls\/Assets.*/]),
  ...missing('MON-1', 'the alarm is not raised, or too late', [ALARM, /Properties|ComparisonOperator|Dimensions(\[LoadBalancer\])?|EvaluationPeriods|Namespace|Period|Statistic|Threshold|MetricName/, /drop|delete|remove|min|times 1000|over 10|=.*/]),
  ...missing('MON-6', 'nobody hears the alarm', [ALARM, /AlarmActions(\[\d\])?/, /delete|detach/]),
  ...missing('AUD-7', 'what the load balancer recorded is gone sooner', [BUCKET, /LifecycleConfiguration\.Rules\[0\]\.ExpirationInDays/, /over 10/]),
  ...equivalent('kept for longer, or the service refuses a rule that does nothing', [BUCKET, /LifecycleConfiguration(\.Rules\[0\](\.(ExpirationInDays|Status))?)?/, /delete|remove|times 1000|=Disabled/]),
  ...equivalent('when half an upload is swept away', [BUCKET, /LifecycleConfiguration\.Rules\[0\]\.AbortIncompleteMultipartUpload(\.DaysAfterInitiation)?/, /delete|min|times 1000/]),
  ...equivalent('the owner of the bucket owns what is in it by default', [BUCKET, /OwnershipControls(\.Rules\[0\](\.ObjectOwnership)?)?/, /delete|remove/]),
  ...equivalent('a description, which nothing reads', [/IAM::Role/, /Description/, /delete/]),
];
