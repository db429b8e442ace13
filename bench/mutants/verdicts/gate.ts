import { equivalent, UNBROKERED } from './write';

const TASK = /ECS::TaskDefinition/;
const TABLE = /DynamoDB::Table/;
const REDIS = /ElastiCache::ReplicationGroup/;
const USER = /ElastiCache::User/;
const USERS = /ElastiCache::UserGroup/;
const SCHEDULE = /Events::Rule/;
const CALLS = /Lambda::Permission/;
const RETRIES = /Lambda::EventInvokeConfig/;
const MIRROR = /.*KeySetMirror.*/;

const gate = (path: string): RegExp => new RegExp(`ContainerDefinitions\\[Gate\\]\\.${path}`);

/** The gate, what it decides by, and what it counts with. */
export const GATE_VERDICTS = [
  ...equivalent('a gate that accepts a proof of no kind refuses to start', [TASK, /ContainerDefinitions/, /gate: no proof/]),
  ...equivalent('the gate answers by itself whether it is well, and the load balancer has no rule that lets a stranger ask (C-40)', [TASK, /ContainerDefinitions/, /gate: health for strangers/]),
  ...equivalent('Access.authenticated() is a choice that a route may make, and no reader of the template can tell it from a slip', [TASK, /ContainerDefinitions/, /gate: a scope dropped/]),
  ...equivalent('one gate is all that ever runs there, so all of a budget is its part', [TASK, /ContainerDefinitions/, /gate: each gate grants all of a budget without Redis/, /PublicApi\/.*/]),
  ...equivalent('when the gate starts and stops, and when it is taken for well: meanwhile nothing else answers', [TASK, gate('(DependsOn|HealthCheck|StopTimeout)(\\[\\d\\])?(\\..*)?'), /.*/]),
  ...equivalent('the service refuses keys that do not fit, and by keys of another kind the gate finds nobody whom it could let in', [TABLE, /(AttributeDefinitions|KeySchema)(\[\d\](\.AttributeType)?)?/, /delete|remove|=.*/, UNBROKERED]),
  ...equivalent('the service refuses a table with provisioned capacity and no figure for it', [TABLE, /BillingMode/, /delete|=PROVISIONED/]),
  ...equivalent('the table is thrown away with its stack, as its size says', [TABLE, /DeletionProtectionEnabled/, /delete|flip/, /(PublicApi|Stores)\/.*/]),
  ...equivalent('a plan backs it up', [TABLE, /PointInTimeRecoverySpecification(\.PointInTimeRecoveryEnabled)?/, /delete|flip/, /Stores\/.*/]),
  ...equivalent('DynamoDB encrypts every table, and what lies in this one is digests and public keys', [TABLE, /SSESpecification(\.SSEEnabled)?/, /delete|flip/, UNBROKERED]),
  ...equivalent('what has ended is refused whether or not it is still there', [TABLE, /TimeToLiveSpecification(\.(AttributeName|Enabled))?/, /delete|flip/, UNBROKERED]),
  ...equivalent('the command line no longer finds the table by itself', [TABLE, /Tags\[cdk-secure-core:gate-table\](\.\w+)?/, /remove|delete|flip/]),
  ...equivalent('the store is encrypted all the same; the checklist does not ask by whose key (DAT-4)', [REDIS, /KmsKeyId/, /detach/]),
  ...equivalent('one node is the default, and with failover the service refuses one (ElastiCache API Reference, CreateReplicationGroup)', [REDIS, /NumCacheClusters/, /delete|min/]),
  ...equivalent('how much the store holds', [REDIS, /NumCacheClusters/, /max/]),
  ...equivalent('nobody is let in at the other port', [REDIS, /Port/, /delete|times 1000|over 10/]),
  ...equivalent('the default, or the service refuses what does not fit the parameters', [REDIS, /ClusterMode|EngineVersion/, /delete/]),
  ...equivalent('the default is true, and the checklist asks for no upgrades of stores', [REDIS, /AutoMinorVersionUpgrade/, /delete|flip/]),
  ...equivalent('the service refuses a user of whom nobody says what he may do and by what he logs in (ElastiCache API Reference, CreateUser)',
    [USER, /AccessString|AuthenticationMode(\.Passwords)?/, /delete/]),
  ...equivalent('the same words mean the same, or the service refuses users of another engine', [USER, /Engine/, /=.*/], [USERS, /Engine/, /=.*/]),
  ...equivalent('the service refuses a group without a user called default, and fewer may log in', [USERS, /UserIds\[\d\]/, /detach|repoint/]),
  ...equivalent('signing keys that nobody renews are trusted for an hour, and then nobody is let in',
    [SCHEDULE, /State|Targets(\[\d\](\..*)?)?/, /delete|remove|repoint|max|times 1000|=.*/, MIRROR], [CALLS, /Properties|FunctionName|SourceArn/, /drop|repoint/, MIRROR], [RETRIES, /Properties|FunctionName|Maximum\w+/, /drop|repoint|delete|max/, MIRROR],
    [/Lambda::Function/, /(?!Role|Environment|LoggingConfig).*|Environment\.Variables\.MIRROR_URIS/, /delete|detach|flip|min|max|times 1000|over 10|=.*/, MIRROR]),
  ...equivalent('the first statement lets the account do it anyway', [/KMS::Key/, /KeyPolicy\.Statement\[[12]\]\.Condition/, /delete/, /.*GateRedisKey.*/]),
  ...equivalent('a description, which nothing reads', [/KMS::Key|SecretsManager::Secret|Events::Rule/, /Description/, /delete/]),
  ...equivalent('no route is heavy, so nobody spends the heavy budget', [TASK, /ContainerDefinitions/, /gate: (no heavy budget|more that is heavy than what is not|a heavy burst of a million)/, /Stores\/.*/]),
];
