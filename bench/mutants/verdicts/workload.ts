import { equivalent } from './write';

const TASK = /ECS::TaskDefinition/;
const SERVICE = /ECS::Service/;
const REPOINT = /repoint/;
/** The stacks of this library, in which a gate stands before the Core; the others. */
const GATED = /(PublicApi|RemoteCore|Stores)\/.*/;
const UNGATED = /(?!PublicApi|RemoteCore|Stores).*/;
/** The stacks whose tasks name no profile: of the others it is found what they are not told. */
const UNPROFILED = /(?!Profiles).*/;
/** What writes the authorities of the database into a file that the Core reads, where there is such a container. */
const AUTHORITIES = /Stores\/CoreServiceTask.*/;
const SCALED = /ApplicationAutoScaling::ScalableTarget/;

const container = (path: string): RegExp => new RegExp(`ContainerDefinitions\\[\\w+\\]\\.${path}`);

/** What runs, and what it is told. */
export const WORKLOAD_VERDICTS = [
  ...equivalent('the service refuses a task without a container, or one whose limits do not fit', [TASK, /ContainerDefinitions/, /delete/, /Corners\/.*/], [TASK, /ContainerDefinitions\[\w+\]/, /remove/, /Corners\/.*/], [TASK, container('(Cpu|Memory)'), /times 1000/], [TASK, /Cpu|Memory/, /delete/]),
  ...equivalent('how often, and for how long, a container is asked how it is: one that answers nothing is ill, and the service refuses a question of no words', [TASK, container('HealthCheck\\.(Command\\[\\d\\]|Interval|Retries|StartPeriod|Timeout)'), /remove|delete|over 10|times 1000/, UNGATED]),
  ...equivalent('the two versions of one program have the same rights', [TASK, /ExecutionRoleArn|TaskRoleArn/, REPOINT, /MutualTls\/BlueTask/]),
  ...equivalent('what prepares the file of authorities ends before the Core begins, well or not; without the file the Core refuses to connect', [TASK, /ContainerDefinitions\[Authorities\]\.Essential/, /flip/, AUTHORITIES], [TASK, /ContainerDefinitions\[Core\]\.DependsOn\[0\]\.Condition/, /=COMPLETE/, AUTHORITIES]),
  ...equivalent('what is run is told by its family, in whichever cluster; what is stopped, by the cluster in its ARN', [/IAM::Policy/, /PolicyDocument\.Statement\[[01]\]\.Condition/, /delete/, /Profiles\/Models/]),
  ...equivalent('nobody may start models', [/IAM::Policy/, /Roles\[0\]/, /remove/, /Profiles\/Models/]),
  ...equivalent('the limit is lower', [TASK, container('Memory'), /over 10/], [TASK, /ContainerDefinitions\[(?!Authorities\])\w+\]\.Cpu/, /over 10/]),
  ...equivalent('the only container of a task is essential, whatever is said', [TASK, container('Essential'), /delete/]),
  ...equivalent('who collects orphaned processes', [TASK, container('LinuxParameters\\.InitProcessEnabled'), /delete|flip/]),
  ...equivalent('the program asks for its bucket in the region that it runs in, which is the same (DAT-7)', [TASK, container('Environment\\[S3_REGION\\](\\.Name)?'), /delete|remove/, UNPROFILED]),
  ...equivalent('ECS refuses a variable without a name ("Environment variable name cannot be null or blank")', [TASK, container('Environment\\[ASSET_BUCKET\\]\\.Name'), /delete/, UNPROFILED]),
  ...equivalent('off is the default', [TASK, container('Privileged'), /delete/], [SERVICE, /EnableExecuteCommand/, /delete/]),
  ...equivalent('DISABLED is the default of CreateService and UpdateService (Amazon ECS API Reference, AwsVpcConfiguration)', [SERVICE, /NetworkConfiguration\.AwsvpcConfiguration\.AssignPublicIp/, /delete/]),
  ...equivalent('Fargate refuses the driver without its region and its prefix', [TASK, container('LogConfiguration\\.Options\\.awslogs-(region|stream-prefix)'), /delete/]),
  ...equivalent('no gate writes records there, and another line may be lost', [TASK, container('LogConfiguration\\.Options\\.mode'), /delete/, UNGATED]),
  ...equivalent('the load balancer finds nobody at the other port', [TASK, container('PortMappings(\\[\\d\\](\\.Protocol)?)?'), /delete|remove|=udp/],
    [TASK, container('PortMappings\\[\\d\\]\\.ContainerPort'), /delete|times 1000|over 10/, GATED]),
  ...equivalent('Fargate gives every task a network of its own and refuses none', [TASK, /NetworkMode/, /=none/, UNGATED]),
  ...equivalent('the service starts its tasks on Fargate or not at all', [TASK, /RequiresCompatibilities(\[\d\])?/, /delete|remove|=.*/], [SERVICE, /LaunchType|DeploymentController(\.Type)?/, /delete|=.*/]),
  ...equivalent('the image is built for one platform and starts on no other; the default is that one', [TASK, /RuntimePlatform(\.(CpuArchitecture|OperatingSystemFamily))?/, /delete|=.*/]),
  ...equivalent('the task may do less, and does not start where it needs the role', [TASK, /ExecutionRoleArn/, /detach/], [TASK, /TaskRoleArn/, /detach/, /AlbJwt\/.*/]),
  ...equivalent('a name', [TASK, /Family/, /delete/]),
  ...equivalent('nothing runs, or nothing is sent to it', [SERVICE, /Properties|LoadBalancers\[\d\]\.ContainerPort|TaskDefinition/, /drop|delete|remove|detach|times 1000|over 10/],
    [SERVICE, /LoadBalancers(\[\d\])?/, /delete|remove/, GATED]),
  ...equivalent('the service refuses tasks without a subnet', [SERVICE, /NetworkConfiguration\.AwsvpcConfiguration\.Subnets/, /delete/]),
  ...equivalent('all of them is the default, and a part is rounded up: one goes on', [SERVICE, /DeploymentConfiguration\.MinimumHealthyPercent/, /delete|over 10/]),
  ...equivalent('one copy is the default, and enough where nobody protects the load balancer from being deleted', [SERVICE, /DesiredCount/, /delete/, /(?!AlbJwt).*/]),
  ...equivalent('more of the same, at another pace', [SERVICE, /DesiredCount|DeploymentConfiguration\.(MinimumHealthyPercent|MaximumPercent)|HealthCheckGracePeriodSeconds/, /times 1000/],
    [SERVICE, /DeploymentConfiguration\.MaximumPercent|HealthCheckGracePeriodSeconds/, /delete|over 10/]),
  ...equivalent('alarms are not used, or are used without a list of them', [SERVICE, /DeploymentConfiguration\.Alarms(\.(Enable|Rollback))?/, /delete|flip/]),
  ...equivalent('the cluster gives its services neither network nor identity', [SERVICE, /Cluster/, /detach/]),
  ...equivalent('how AWS tags what it starts', [SERVICE, /EnableECSManagedTags/, /delete|flip/]),
  ...equivalent('the checklist asks for what the gate counts, which goes to CloudWatch by its log; no row asks how busy a container is', [/ECS::Cluster/, /ClusterSettings(\[containerInsights\](\.(Name|Value))?)?/, /delete|remove/]),
  ...equivalent('it leaves the tags out that a list names, and there is none', [/ECR::Repository/, /ImageTagMutability/, /=IMMUTABLE_WITH_EXCLUSION/]),
  ...equivalent('images are encrypted all the same; the checklist does not ask by whose key', [/ECR::Repository/, /EncryptionConfiguration(\.EncryptionType)?/, /delete|=.*/]),
  ...equivalent('the function makes resources while deploying, and takes no request', [/Lambda::Function/, /(?!Role|LoggingConfig).*/, /delete|detach|flip|min|max|times 1000|over 10|=.*/, /(?!.*(KeySetMirror|RotationHandler|RolloutHandler|\/Broker$)).*/], [/Lambda::Function/, /LoggingConfig.*/, /delete|detach|=.*/, /(?!.*(KeySetMirror|RotationHandler|RolloutHandler|Emptying|\/Broker$)).*/]),
  ...equivalent('the other group is kept as long', [/Lambda::Function/, /LoggingConfig\.LogGroup/, REPOINT, /(?!.*(KeySetMirror|RotationHandler|RolloutHandler|Emptying|\/Broker$)).*/]),
  ...equivalent('how many run, and how fast that changes: floods are the web ACL\'s to stop',
    [SCALED, /MaxCapacity/, /times 1000|over 10/], [SCALED, /MinCapacity/, /times 1000/], [/ApplicationAutoScaling::ScalingPolicy/, /Properties|TargetTrackingScalingPolicyConfiguration\.TargetValue/, /drop|times 1000|over 10/]),
  ...equivalent('the service refuses what does not fit the kind of thing that is scaled', [SCALED, /RoleARN|ScalableDimension|ServiceNamespace/, /delete|=.*/],
    [/ApplicationAutoScaling::ScalingPolicy/, /PolicyType|TargetTrackingScalingPolicyConfiguration(\.PredefinedMetricSpecification(\.(PredefinedMetricType|ResourceLabel))?)?/, /delete|detach|=.*/]),
  ...equivalent('the service refuses it, or no other service finds this one', [SERVICE, /ServiceConnectConfiguration(\.(Enabled|Namespace|Services(\[0\])?))?/, /delete|flip|remove/],
    [TASK, container('PortMappings\\[core\\](\\.(ContainerPort|Name))?'), /delete|remove|times 1000|over 10/, /Corners\/.*/]),
  ...equivalent('the VPC\'s default group, which is emptied, lets nobody in and nothing out; and Fargate refuses tasks without a network', [SERVICE, /NetworkConfiguration(\.AwsvpcConfiguration(\.SecurityGroups(\[0\])?)?)?|Cluster/, /delete|detach/, /(Corners|Workers|OwnKeys)\/.*/]),
  ...equivalent('nobody is let in by the other group either', [SERVICE, /NetworkConfiguration\.AwsvpcConfiguration\.SecurityGroups\[0\]/, REPOINT, /Corners\/.*/]),
  ...equivalent('a driver that is to verify and has no authorities refuses to connect (PostgreSQL documentation, "SSL Support")', [TASK, container('Environment\\[(PGSSLROOTCERT|POSTGRES_SSLROOTCERT)\\](\\.(Name|Value))?'), /delete|remove/],
    [TASK, container('MountPoints(\\[0\\](\\.(ContainerPath|SourceVolume))?)?'), /delete|remove/, AUTHORITIES],
    [TASK, /ContainerDefinitions\[Authorities\](\.(Command(\[0\])?|Environment(\[AUTHORITIES\](\.(Name|Value))?)?))?/, /delete|remove/, AUTHORITIES], [TASK, /Volumes(\[Authorities\](\.Name)?)?/, /delete|remove/, AUTHORITIES]),
  ...equivalent('who writes there runs as the program, which holds the login itself; and who cannot, leaves it without authorities', [TASK, container('MountPoints\\[0\\]\\.ReadOnly'), /delete|flip/, AUTHORITIES]),
  ...equivalent('the program finds no database at that place, or finds it by the address in its secret, which is the same', [TASK, container('Environment\\[POSTGRES_(HOST|PORT|DB)\\](\\.(Name|Value))?'), /delete|remove|detach|times 1000|over 10/, AUTHORITIES]),
  ...equivalent('the program finds no cache', [TASK, container('Environment\\[MEMCACHE_(HOST|PORT)\\](\\.(Name|Value))?'), /delete|remove|detach|times 1000|over 10/, UNPROFILED]),
  ...equivalent('the default is the endpoint of the region, by TLS', [TASK, container('Environment\\[S3_ENDPOINT_URL\\](\\.Name)?'), /delete|remove/, UNPROFILED]),
];
