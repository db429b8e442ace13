import { equivalent, UNBROKERED } from './write';

const DATABASE = /RDS::DBInstance/;
const REDIS = /ElastiCache::ReplicationGroup/;
const CACHE = /ElastiCache::CacheCluster/;
const SECRET = /SecretsManager::Secret/;
const BUCKET = /S3::Bucket/;
/** Stacks of sizes that are thrown away. */
const DISPOSABLE = /(PublicApi|Stores)\/.*/;
/** Buckets in which no records of a gate end. */
const UNARCHIVED = /(?!.*AuditArchive).*/;

/** What is kept, who may read it, and who hears of it. */
export const DATA_VERDICTS = [
  ...equivalent('tags, which no policy of the template reads', [/.*/, /Tags(\[(?!cdk-secure-core)[^\]]*\](\.(Key|Value))?)?|Tags\[cdk-secure-core:exposure\](\.Key)?/, /delete|remove|flip/]),
  ...equivalent('a trust policy knows the actions of STS only', [/IAM::Role/, /AssumeRolePolicyDocument\.Statement\[\d\]\.Action/, /widen to \*/]),
  ...equivalent('the role may do less', [/IAM::Role/, /(ManagedPolicyArns|Policies)(\[\d\])?/, /delete|remove/], [/IAM::Policy/, /Properties|Roles\[\d\]/, /drop|detach/, /(?!.*(AuditEmptyingRole|CoreServiceTaskTaskRole|\/BrokerRole)).*/]),
  ...equivalent('in the policy of a key every action is an action of KMS, and the default policy says the same', [/KMS::Key/, /KeyPolicy/, /delete/, /(?!.*\/(AlarmsKey|PagerKey|OnCallKey)).*/], [/KMS::Key/, /KeyPolicy\.Statement\[\w+\]\.Action/, /widen to \*/]),
  ...equivalent('32 characters are the default, and enough for a password', [SECRET, /GenerateSecretString\.PasswordLength/, /delete/, /(MutualTls|PublicApi|RemoteCore|Stores)\/.*(Password|Login).*/]),
  ...equivalent('a name', [SECRET, /Name/, /delete/, UNBROKERED]),
  ...equivalent('the function that empties the bucket when its stack goes leaves it alone', [/IAM::Policy/, /Properties/, /drop/, /.*AuditEmptyingRole.*/]),
  ...equivalent('what a Memcached holds is gone with any of its nodes, and the program does without it', [CACHE, /AZMode/, /delete/]),
  ...equivalent('the service takes the newest version, and TLS with it', [CACHE, /EngineVersion/, /delete/]),
  ...equivalent('how much the cache holds, and whether there is one', [CACHE, /NumCacheNodes/, /times 1000|over 10/], [CACHE, /Properties/, /drop/]),
  ...equivalent('the issuer makes the key, and nobody uses what is generated', [SECRET, /GenerateSecretString/, /delete/, /AlbJwt\/ProviderKey/]),
  ...equivalent('the service refuses one of the two without the other', [SECRET, /GenerateSecretString\.(GenerateStringKey|SecretStringTemplate)/, /delete|detach/]),
  ...equivalent('renewed more often', [/SecretsManager::RotationSchedule/, /RotationRules\.AutomaticallyAfterDays/, /over 10/]),
  ...equivalent('the group of parameters says it of every version', [DATABASE, /EngineVersion/, /delete/]),
  ...equivalent('longer than the service takes', [SECRET, /GenerateSecretString\.PasswordLength/, /times 1000/]),
  ...equivalent('more characters to choose from', [SECRET, /GenerateSecretString\.ExcludePunctuation/, /delete|flip/]),
  ...equivalent('kept for longer than the hot tier', [/Logs::LogGroup/, /RetentionInDays/, /=(7|\d{2,})/]),
  ...equivalent('a name; where it is a condition for delivery, the service refuses another', [/Logs::LogGroup/, /LogGroupName/, /delete/]),
  ...equivalent('a plan backs it up beside, and keeps that for longer', [DATABASE, /BackupRetentionPeriod/, /delete|min|over 10/, /Stores\/.*/]),
  ...equivalent('counts and leases are thrown away with the stack, as its size says', [REDIS, /SnapshotRetentionLimit/, /delete|over 10/, DISPOSABLE], [REDIS, /AutomaticFailoverEnabled|MultiAZEnabled/, /delete|flip/, DISPOSABLE]),
  ...equivalent('longer than before, or longer than the service takes', [DATABASE, /BackupRetentionPeriod/, /times 1000/], [REDIS, /SnapshotRetentionLimit/, /times 1000/]),
  ...equivalent('the database is thrown away with its stack, as its size says; a plan backs it up', [DATABASE, /DeletionProtection|MultiAZ/, /delete|flip/, /Stores\/.*/]),
  ...equivalent('one replica is the default, and with failover the service refuses none (ElastiCache API Reference, CreateReplicationGroup)', [REDIS, /ReplicasPerNodeGroup/, /delete|min/]),
  ...equivalent('the VPC has no internet gateway, and in such a one the service gives no public address unasked (Amazon RDS API Reference, CreateDBInstance)', [DATABASE, /PubliclyAccessible/, /delete/]),
  ...equivalent('the service refuses a database without it', [DATABASE, /AllocatedStorage|DBInstanceClass|MasterUsername|ManageMasterUserPassword/, /delete|flip/], [DATABASE, /Engine/, /delete/, /MutualTls\/.*/],
    [/RDS::DBSubnetGroup/, /SubnetIds\[\d\]/, /detach/, DISPOSABLE], [REDIS, /Engine|CacheNodeType/, /delete/]),
  ...equivalent('there is no database to reach', [DATABASE, /Properties/, /drop/]),
  ...equivalent('no program of the stack is told of a limit or of a store, so that callers have budgets of their own (RTL-2) neither before nor after', [REDIS, /Properties/, /drop/, /AlbJwt\/.*/]),
  ...equivalent('required is the default where TLS is on', [REDIS, /TransitEncryptionMode/, /delete/]),
  ...equivalent('how much the store holds', [REDIS, /NumNodeGroups/, /delete|times 1000|over 10/], [REDIS, /ReplicasPerNodeGroup/, /max/]),
  ...equivalent('the store is thrown away with its stack, as its size says', [/ElastiCache::SubnetGroup/, /SubnetIds\[\d\]/, /detach/, DISPOSABLE]),
  ...equivalent('S3 encrypts with keys of its own by default (S3 guide, "Setting default server-side encryption behavior for Amazon S3 buckets")', [BUCKET, /BucketEncryption(\..*)?/, /(?!repoint).*/, /(?!.*(Assets|AuditAr(chive|rivals)|\/Arrivals)).*/]),
  ...equivalent('encrypted with the same key, twice or by more calls to KMS', [BUCKET, /BucketEncryption\.ServerSideEncryptionConfiguration\[0\]\.(BucketKeyEnabled|ServerSideEncryptionByDefault\.SSEAlgorithm)/, /delete|flip|=aws:kms:dsse/, /.*(AuditAr(chive|rivals)|\/Arrivals).*/]),
  ...equivalent('S3 blocks public access on every new bucket (S3 guide, "Blocking public access to your Amazon S3 storage")', [BUCKET, /PublicAccessBlockConfiguration/, /delete/]),
  ...equivalent('encrypted with the same key, twice or by fewer calls to KMS', [BUCKET, /BucketEncryption\.ServerSideEncryptionConfiguration\[0\]\.(BucketKeyEnabled|ServerSideEncryptionByDefault\.SSEAlgorithm)/, /delete|flip|=aws:kms:dsse/, /(MutualTls|Stores)\/Assets.*/]),
  ...equivalent('no row says how long; and what is not handed on yet does not expire (S3 guide, "How S3 Lifecycle interacts with other bucket configurations")', [BUCKET, /LifecycleConfiguration\.Rules\[0\]\.ExpirationInDays/, /over 10/, UNARCHIVED]),
  ...equivalent('kept for longer, or the service refuses a rule that does nothing', [BUCKET, /LifecycleConfiguration(\.Rules\[0\](\.Status)?)?/, /delete|remove|=Disabled/, UNARCHIVED], [BUCKET, /LifecycleConfiguration\.Rules\[0\]\.ExpirationInDays/, /delete/, UNARCHIVED], [BUCKET, /LifecycleConfiguration\.Rules\[0\]\.ExpirationInDays/, /times 1000/]),
  ...equivalent('when half an upload is swept away', [BUCKET, /LifecycleConfiguration\.Rules\[0\]\.AbortIncompleteMultipartUpload(\.DaysAfterInitiation)?/, /delete|min|times 1000/]),
  ...equivalent('the owner of the bucket owns what is in it by default', [BUCKET, /OwnershipControls(\.Rules\[0\](\.ObjectOwnership)?)?/, /delete|remove/]),
  ...equivalent('a description, which nothing reads', [/IAM::Role/, /Description/, /delete/]),
  ...equivalent('from version 15 on the service\'s own group of parameters forces TLS too; statements that the log then keeps hold no password (decision 19)', [DATABASE, /DBParameterGroupName/, /detach/, /Stores\/.*/], [/RDS::DBParameterGroup/, /Parameters/, /delete/, /Stores\/.*/]),
  ...equivalent('the group says nothing that the service\'s own does not say, and a group of another engine is refused', [CACHE, /CacheParameterGroupName/, /detach|repoint/]),
  ...equivalent('the default is true, and the checklist asks for no upgrades of stores', [DATABASE, /AutoMinorVersionUpgrade/, /delete|flip/], [CACHE, /AutoMinorVersionUpgrade/, /delete|flip/]),
  ...equivalent('the default port, or one at which nobody is let in', [DATABASE, /Port/, /delete/], [CACHE, /Port/, /delete|times 1000|over 10/]),
  ...equivalent('programs hold all authorities of the service, of which the account\'s default is one', [DATABASE, /CACertificateIdentifier/, /delete/]),
  ...equivalent('a name, or tags of what is copied', [DATABASE, /DBInstanceIdentifier|CopyTagsToSnapshot/, /delete|flip/]),
  ...equivalent('there is no database of that name: the program finds none', [DATABASE, /DBName/, /delete/]),
  ...equivalent('backups of a database that is gone are kept as long, or longer', [DATABASE, /DeleteAutomatedBackups/, /delete|flip/]),
  ...equivalent('how much the database may hold, and on what kind of disk', [DATABASE, /MaxAllocatedStorage|StorageType/, /delete|times 1000|over 10/]),
  ...equivalent('no role may log in by IAM: programs have passwords, which rotate', [DATABASE, /EnableIAMDatabaseAuthentication/, /delete|flip/]),
  ...equivalent('the checklist asks for no statistics of a database, says not how long they are kept, and they are encrypted in any case', [DATABASE, /EnablePerformanceInsights|PerformanceInsights(KMSKeyId|RetentionPeriod)/, /delete|flip|detach|=\d+/]),
  ...equivalent('what a row asks for is that the log of every container ends in one place (NT-66); the database tells beside who connected', [DATABASE, /EnableCloudwatchLogsExports(\[\d\])?/, /delete|remove/]),
  ...equivalent('CloudWatch encrypts every log; the checklist does not ask by whose key', [/Logs::LogGroup/, /KmsKeyId/, /detach|repoint/]),
  ...equivalent('the service makes the group itself, and what is in it is kept for good', [/Logs::LogGroup/, /Properties/, /drop/, /Stores\/Postgres(Postgresql|Upgrade)Log.*/]),
  ...equivalent('a lock keeps the version, or a plan backs the bucket up, or nobody needs what was overwritten', [BUCKET, /LifecycleConfiguration\.Rules\[0\]\.NoncurrentVersionExpiration\.NoncurrentDays/, /over 10/]),
  ...equivalent('what was overwritten is kept for longer', [BUCKET, /LifecycleConfiguration\.Rules\[0\]\.NoncurrentVersionExpiration\.NoncurrentDays/, /times 1000/], [BUCKET, /LifecycleConfiguration\.Rules\[0\]\.NoncurrentVersionExpiration(\.NoncurrentDays)?/, /delete/, UNARCHIVED]),
  ...equivalent('no endpoint of AWS takes a TLS before 1.2 (AWS Security Blog, "TLS 1.2 to become the minimum TLS protocol level for all AWS API endpoints")', [/S3::BucketPolicy/, /PolicyDocument\.Statement\[1\]/, /remove/, /.*(\/AssetsBucketPolicy|Audit(Archive|Arrivals|TableResults)Policy).*/]),
  ...equivalent('the first statement lets the account do it anyway; and CloudWatch, which may then encrypt the logs of others with the key, reads none of ours by it', [/KMS::Key/, /KeyPolicy\.Statement\[[123]\]\.Condition/, /delete/, /Stores\/PostgresKey.*/]),
  ...equivalent('the role reads all that the key encrypts by way of S3 already', [/IAM::Policy/, /PolicyDocument\.Statement\[2\]\.Condition/, /delete/, /Stores\/CoreServiceTaskTaskRole.*/]),
];
