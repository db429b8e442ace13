import { equivalent, UNBROKERED } from './write';

const LISTENER = /ElasticLoadBalancingV2::Listener/;
const RULE = /ElasticLoadBalancingV2::ListenerRule/;
const BALANCER = /ElasticLoadBalancingV2::LoadBalancer/;
const TARGETS = /ElasticLoadBalancingV2::TargetGroup/;
const TRUST = /ElasticLoadBalancingV2::TrustStore/;
const REVOCATION = /ElasticLoadBalancingV2::TrustStoreRevocation/;
const ACL = /WAFv2::WebACL/;
const LOGGING = /WAFv2::LoggingConfiguration/;

const JWT_CLAIMS = 'Actions\\[\\d\\]\\.JwtValidationConfig\\.AdditionalClaims';

/** What load balancers and web ACLs do. */
export const EDGE_VERDICTS = [
  ...equivalent('the service refuses an HTTPS listener without a certificate', [LISTENER, /Certificates(\[\d\](\.CertificateArn)?)?/, /delete|remove|detach/]),
  ...equivalent('the service refuses an action without the configuration of its type, and a listener without an action',
    [LISTENER, /DefaultActions\[\d\]/, /remove/, /.*(Https.*|Mutual)/],
    [LISTENER, /DefaultActions\[\d\]\.FixedResponseConfig/, /delete/],
    [LISTENER, /DefaultActions\[\d\]\.Type/, /=(authenticate-(cognito|oidc)|redirect)/, /.*(Https.*|Mutual)/],
    [LISTENER, /DefaultActions\[\d\]\.Type/, /=forward/, /MutualTls\/Mutual/],
    [RULE, /Actions\[\d\]\.Type/, /=(authenticate-(cognito|oidc))/],
    [RULE, /Actions\[1\]\.Type/, /=(redirect|fixed-response)/],
    [RULE, /Actions\[0\]\.Type/, /=(redirect|fixed-response)/, /MutualTls\/Split/],
    [RULE, /Actions\[0\](\.FixedResponseConfig)?/, /remove|delete/, /MutualTls\/Admin|(RemoteCore|Stores)\/.*Admin.*/],
    [RULE, /Actions\[0\]\.Type/, /=redirect/, /MutualTls\/Admin|(RemoteCore|Stores)\/.*Admin.*/]),
  ...equivalent('words of an answer that carries nothing of the Core', [LISTENER, /DefaultActions\[\d\]\.FixedResponseConfig\.(ContentType|MessageBody)/, /delete/]),
  ...equivalent('only the names of the accepted authorities are sent, or no longer sent', [LISTENER, /MutualAuthentication\.AdvertiseTrustStoreCaNames/, /delete|=off/]),
  ...equivalent('the default is false', [LISTENER, /MutualAuthentication\.IgnoreClientCertificateExpiry/, /delete/]),
  ...equivalent('CRL is the only type there is', [REVOCATION, /RevocationContents\[\d\]\.RevocationType/, /delete/]),
  ...equivalent('the service refuses a list or a bundle whose place is not said',
    [REVOCATION, /RevocationContents\[\d\]\.(S3Bucket|S3Key)/, /detach|delete/], [TRUST, /CaCertificatesBundleS3(Bucket|Key)/, /detach|delete/]),
  ...equivalent('the security group lets nobody in at another port than 443, and 80 where it redirects; without a port the service refuses the listener', [LISTENER, /Port/, /delete|min|max|over 10/]),
  ...equivalent('an application load balancer takes HTTP and HTTPS only: the service refuses the deployment', [LISTENER, /Protocol/, /=(GENEVE|QUIC|TLS)/, /.*Https.*/], [LISTENER, /Protocol/, /=GENEVE/, /MutualTls\/Mutual/]),
  ...equivalent('weights share traffic among targets that are equally guarded', [RULE, /Actions\[\d\]\.ForwardConfig\.TargetGroups\[\d\]\.Weight/, /delete|times 1000|over 10/]),
  ...equivalent('the claim is still demanded with the same value, in another notation', [RULE, new RegExp(`${JWT_CLAIMS}\\[\\w+\\]\\.Format`), /=.*/]),
  ...equivalent('the gate demands the same scope of the same token', [RULE, new RegExp(`${JWT_CLAIMS}\\[scope\\](\\.Values\\[\\d\\])?`), /remove/]),
  ...equivalent('the token is still checked before the forward', [RULE, /Actions\[1\]\.Order/, /max|times 1000/]),
  ...equivalent('the service refuses a rule without a condition, and a condition without values',
    [RULE, /Conditions\[\d\]/, /remove/, /MutualTls\/.*/], [RULE, /Conditions\[\d\]\.(Field|HostHeaderConfig(\.Values(\[\d\])?)?)/, /remove|delete/, /MutualTls\/Split/],
    [RULE, /Conditions\[\d\]\.PathPatternConfig(\.Values(\[\d\])?)?/, /remove|delete/, /AlbJwt\/.*/]),
  ...equivalent('nothing that it would overtake comes before it', [RULE, /Priority/, /min|max|times 1000/, /AlbJwt\/.*/], [RULE, /Priority/, /max|times 1000/, /MutualTls\/Split/]),
  ...equivalent('a load balancer holds no data: losing it closes the door', [BALANCER, /LoadBalancerAttributes\[deletion_protection\.enabled\](\.(Key|Value))?/, /remove|delete|flip/, /(?!PublicApi).*/], [BALANCER, /LoadBalancerAttributes\[deletion_protection\.enabled\](\.(Key|Value))?/, /remove|delete/, /PublicApi\/.*/]),
  ...equivalent('how long a quiet connection stays open decides nothing about who may open it', [BALANCER, /LoadBalancerAttributes\[idle_timeout\.timeout_seconds\](\.(Key|Value))?/, /remove|delete|times 1000|over 10/]),
  ...equivalent('the service\'s default is as strict as the checklist asks for',
    [BALANCER, /LoadBalancerAttributes\[(routing\.http\.desync_mitigation_mode|routing\.http\.xff_header_processing\.mode|waf\.fail_open\.enabled)\](\.(Key|Value))?/, /remove|delete/]),
  ...equivalent('an application load balancer needs two subnets: the service refuses the deployment', [BALANCER, /Subnets\[\d\]/, /detach/]),
  ...equivalent('application is the default, and other types refuse the HTTPS listener', [BALANCER, /Type/, /delete|=gateway|=network/, /(?!Corners\/LinkBalancer).*/]),
  ...equivalent('HTTPS to the target is stronger than before', [TARGETS, /Protocol/, /=HTTPS/]),
  ...equivalent('an application load balancer takes HTTP and HTTPS targets only, and has to be told which', [TARGETS, /Protocol/, /=(GENEVE|QUIC|TLS)/, /(?!Corners\/LinkTargets).*/]),
  ...equivalent('to a load balancer behind it another one passes TCP or TLS, and has to be told which', [TARGETS, /Protocol/, /delete|=(HTTP|GENEVE|QUIC|TCP|TCP_QUIC|TCP_UDP|TLS|UDP)/, /Corners\/LinkTargets/]),
  ...equivalent('tasks with a network of their own register by address: the service refuses other kinds of target', [TARGETS, /TargetType|VpcId/, /delete|detach|=(alb|instance|lambda)/, /(?!Corners\/LinkTargets|Workers).*/]),
  ...equivalent('tasks register with the port of their container', [TARGETS, /Port/, /delete|min|max|over 10|times 1000/]),
  ...equivalent('health checks decide when a target takes traffic, not whose', [TARGETS, /(HealthCheck\w+|Matcher(\.HttpCode)?)/, /.*/]),
  ...equivalent('which of two equal targets answers', [TARGETS, /TargetGroupAttributes(\[stickiness\.enabled\](\.(Key|Value))?)?/, /delete|remove|flip/, UNBROKERED]),
  ...equivalent('an empty action or statement is none: the service refuses it', [ACL, /DefaultAction\.Allow|Rules\[known-\d\]\.OverrideAction(\.None)?/, /delete/]),
  ...equivalent('floods are still blocked, with another status', [ACL, /Rules\[\w+\]\.Action\.Block\.CustomResponse(\.ResponseCode)?/, /delete|min|max/]),
  ...equivalent('the limit holds over a longer time, or is lower: fewer requests pass', [ACL, /Rules\[(RateLimit|rate)\]\.Statement\.RateBasedStatement\.EvaluationWindowSec/, /delete|=\d+/],
    [ACL, /Rules\[\w+\]\.Statement\.RateBasedStatement\.Limit/, /over 10/], [ACL, /Rules\[RateLimit\]\.Statement\.RateBasedStatement\.Limit/, /min/, /Stores\/.*/], [ACL, /Rules\[(?!RateLimit\])\w+\]\.Statement\.RateBasedStatement\.Limit/, /min/]),
  ...equivalent('no rule of the web ACL lets requests out, so the order decides nothing', [ACL, /Rules\[(?!lockdown|Lockdown)[\w-]+\]\.Priority/, /times 1000/]),
  ...equivalent('NT-66 asks where logs end, and RC-05 what is not in them: no row asks the web ACL for a log, and its metrics count what it blocked (RC-23)', [LOGGING, /Properties/, /drop/]),
  ...equivalent('the service refuses two rules of one priority, and none of them lets requests out', [ACL, /Rules\[known-\d\]\.Priority/, /over 10/]),
  ...equivalent('the service refuses a log without a destination', [LOGGING, /LogDestinationConfigs\[\d\]/, /detach/]),
  ...equivalent('RC-21 asks for a record of requests, which is the access log: no row asks for one of connections', [BALANCER, /LoadBalancerAttributes\[connection_logs\.s3\.enabled\](\.(Key|Value))?/, /remove|delete|flip/]),
  ...equivalent('the service refuses to record without a bucket that lets it', [BALANCER, /LoadBalancerAttributes\[(access|connection)_logs\.s3\.(bucket|prefix)\](\.(Key|Value))?/, /remove|delete|detach|repoint/]),
  ...equivalent('for how long open requests may end', [TARGETS, /TargetGroupAttributes\[deregistration_delay\.timeout_seconds\](\.(Key|Value))?/, /remove|delete|times 1000|over 10/]),
  ...equivalent('nobody comes in by the listener', [LISTENER, /Properties/, /drop/, /Corners\/.*/], [/Route53::RecordSet/, /Properties|AliasTarget/, /drop|delete/], [TARGETS, /Targets(\[\d\])?(\.(Id|Port))?/, /delete|remove|repoint|min|max|over 10/, /Corners\/.*/]),
  ...equivalent('a load balancer takes one listener a port, and each needs a certificate that the service knows', [LISTENER, /LoadBalancerArn/, /repoint/, /Corners\/(Open|Shut)Https/]),
  ...equivalent('a network load balancer forwards, TCP or TLS or UDP: the service refuses the rest, and behind it nothing speaks the others',
    [LISTENER, /DefaultActions\[0\](\.Type)?/, /remove|=(?!jwt).*/, /Corners\/LinkListener/], [LISTENER, /Protocol/, /=(?!HTTP|TLS$).*/, /Corners\/LinkListener/], [BALANCER, /Type/, /=gateway/, /Corners\/LinkBalancer/], [TARGETS, /VpcId/, /detach/, /Corners\/LinkTargets/]),
  ...equivalent('an application load balancer takes HTTP and HTTPS only: the service refuses the listener', [LISTENER, /Protocol/, /=(TCP|TCP_QUIC|TCP_UDP|UDP)/, /Corners\/ShutHttps/]),
  ...equivalent('fewer addresses reach it', [BALANCER, /Scheme/, /=internal/, /PublicApi\/.*/]),
  ...equivalent('it only passes bytes on to the load balancer behind it, whose group and listener decide, or takes less', [BALANCER, /SecurityGroups(\[0\])?|EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic/, /delete|detach|repoint/, /Corners\/LinkBalancer/]),
  ...equivalent('the group lets nobody in', [BALANCER, /SecurityGroups\[0\]/, /repoint/, /(Corners\/(Open|Shut)|Workers\/)Balancer/]),
];
