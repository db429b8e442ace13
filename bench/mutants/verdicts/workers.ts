import { equivalent } from './write';

const FUNCTION = /Lambda::Function/;
const CALLS = /Lambda::Permission/;
const TABLE = /DynamoDB::Table/;
const TASK = /ECS::TaskDefinition/;
const SERVICE = /ECS::Service/;
const RULE = /ElasticLoadBalancingV2::ListenerRule/;
const GROUP = /EC2::SecurityGroup/;
const POLICY = /IAM::Policy/;
const TAGS = /Tags\[cdk-secure-core:[\w-]+\]/;

const of = (...names: readonly string[]): RegExp => new RegExp(`(Workers|OwnKeys)/(${names.join('|')})\\w*`);
const BROKER = of('Broker');
/** What asks the broker. */
const WORKERS = of('Pool', 'Site');
const PROGRAMS = of('Pool', 'Site', 'Orchestrator');
const TABLES = of('Jobs', 'State');
const RULES = /Workers\/Rule\d/;

const container = (path: string): RegExp => new RegExp(`ContainerDefinitions\\[\\w+\\]\\.${path}`);
const network = (path: string): RegExp => new RegExp(`NetworkConfiguration\\.AwsvpcConfiguration\\.${path}`);

/** A broker, what it works with and who asks it, written by hand. */
export const WORKER_VERDICTS = [
  ...equivalent('a broker that does not run, or not in time, lends nothing out', [FUNCTION, /Code\.S3(Bucket|Key)|Handler|MemorySize|Runtime|Timeout/, /delete|min|max|=.*/, BROKER], [FUNCTION, /ReservedConcurrentExecutions/, /min|over 10/, BROKER]),
  ...equivalent('how many run at once is no row\'s: the broker itself counts what each worker asks for', [FUNCTION, /ReservedConcurrentExecutions/, /delete|times 1000/, BROKER]),
  ...equivalent('records are INFO, which is the default, and more is kept', [FUNCTION, /LoggingConfig\.ApplicationLogLevel/, /delete|=(TRACE|DEBUG)/, BROKER]),
  ...equivalent('what Lambda says of its own work knows of no credential', [FUNCTION, /LoggingConfig\.SystemLogLevel/, /delete|=(DEBUG|INFO)/, BROKER]),
  ...equivalent('lines of text have no level by which they are dropped (Lambda guide, "Log-level filtering"), and the service refuses one for them', [FUNCTION, /LoggingConfig\.LogFormat/, /delete|=Text/, BROKER]),
  ...equivalent('nobody connects to a function, and it speaks to AWS by TLS from either side; which way out there is, rows ask of a Core (RC-15, TG-73)', [FUNCTION, /VpcConfig/, /delete/, BROKER]),
  ...equivalent('the service refuses a network without subnets or groups, or has fewer of them', [FUNCTION, /VpcConfig\.(SecurityGroupIds|SubnetIds)(\[\d\])?/, /delete|detach/, BROKER]),
  ...equivalent('the other subnet has no way out either, and the other group lets out as much', [FUNCTION, /VpcConfig\.(SecurityGroupIds|SubnetIds)\[\d\]/, /repoint/, BROKER], [SERVICE, network('SecurityGroups\\[0\\]'), /repoint/, WORKERS]),
  ...equivalent('whoever gets through to the broker still has to sign', [SERVICE, network('SecurityGroups\\[0\\]'), /repoint/, of('Orchestrator')], [GROUP, /SecurityGroupIngress\[0\]\.SourceSecurityGroupId/, /repoint/, of('EdgeGroup')]),
  ...equivalent('the network has no way out, and in it each group says who comes in; EC2 refuses a range that lacks an end or runs backwards',
    [GROUP, /SecurityGroupEgress(\[0\](\.(CidrIp|FromPort|IpProtocol))?)?/, /.*/, of('BrokerGroup')], [GROUP, /SecurityGroupEgress\[0\]\.ToPort/, /(?!delete).*/, of('BrokerGroup')],
    [GROUP, /SecurityGroupEgress\[0\]\.CidrIp/, /.*/, of('(Pool|Site|Orchestrator)Group')]),
  ...equivalent('the broker is told of it by name, and is known by that', [/SecretsManager::Secret/, TAGS, /remove/, of('Routers')], [TABLE, TAGS, /remove/, TABLES]),
  ...equivalent('the service refuses keys that do not fit, and by keys of another kind the broker finds nothing', [TABLE, /AttributeDefinitions(\[\d\](\.AttributeType)?)?/, /delete|remove|=.*/, TABLES]),
  ...equivalent('DynamoDB encrypts every table, and what lies in these is ids and nonces', [TABLE, /SSESpecification(\.SSEEnabled)?/, /delete|flip/, TABLES]),
  ...equivalent('a job that is over is refused whether or not it is still there', [TABLE, /TimeToLiveSpecification(\.(AttributeName|Enabled))?/, /delete|flip/, of('Jobs')]),
  ...equivalent('a worker that is not told where the broker is asks for nothing, and one that does not know its id or its key is refused',
    [TASK, container('(Environment|Secrets)'), /delete/, WORKERS], [TASK, container('(Environment|Secrets)\\[\\w+\\](\\.(Name|Value))?'), /delete|remove/, WORKERS]),
  ...equivalent('it asks the broker for nothing', [TASK, container('Environment\\[WORKER_BROKER_URL\\](\\.(Name|Value))?'), /delete|remove/, of('Orchestrator')]),
  ...equivalent('the service refuses a task without a container', [TASK, /ContainerDefinitions(\[\w+\])?/, /delete|remove/, WORKERS]),
  ...equivalent('the task may do less, or the service refuses a role that it may not take', [TASK, /TaskRoleArn/, /detach/, PROGRAMS], [TASK, /TaskRoleArn/, /repoint/, of('Pool', 'Orchestrator')]),
  ...equivalent('in its place runs the other program of the stack, as what it is', [SERVICE, /TaskDefinition/, /repoint/, of('Pool', 'Orchestrator')]),
  ...equivalent('either of the two names the account, whose load balancers may call', [CALLS, /SourceAccount|SourceArn/, /delete/, of('ByBalancer')]),
  ...equivalent('the load balancer may not call the broker, and the other function does what it does for nobody but CloudFormation', [CALLS, /Properties|FunctionName/, /drop|repoint/, of('ByBalancer')]),
  ...equivalent('the service refuses a rule without an action, and an action without the configuration of its type', [RULE, /Actions\[0\]/, /remove/, RULES], [RULE, /Actions\[0\]\.Type/, /=(fixed-response|redirect)/, RULES]),
  ...equivalent('fewer requests lead to the broker: the others are answered 404', [RULE, /Properties/, /drop/, RULES], [RULE, /Conditions\[1\]\.PathPatternConfig\.Values\[\d\]/, /remove/, /Workers\/Rule0/]),
  ...equivalent('no two rules are about one path', [RULE, /Priority/, /min|max|times 1000/, RULES]),
  ...equivalent('the service that takes the other role does what it does for everybody, and calls nothing else by it', [POLICY, /Roles\[0\]/, /repoint/, of('HandingRole', 'OrchestratorRole')]),
  ...equivalent('CloudWatch Logs tries the stream first, and refuses a subscription by which nothing gets there', [POLICY, /Roles\[0\]/, /repoint/, of('ShippingRole')], [/Logs::SubscriptionFilter/, /RoleArn/, /detach|repoint/, of('Shipping')]),
  ...equivalent('the service refuses a role that it may not take', [/KinesisFirehose::DeliveryStream/, /ExtendedS3DestinationConfiguration\.RoleARN/, /repoint/, of('Delivery')], [FUNCTION, /Role/, /repoint/, /OwnKeys\/CustomVpcRestrictDefaultSG\w*/]),
  ...equivalent('what is not handed on stays where nobody deletes it, and does not expire (S3 guide, "How S3 Lifecycle interacts with other bucket configurations")', [/S3::Bucket/, /ReplicationConfiguration\.Role/, /repoint/, of('Arrivals')]),
];
