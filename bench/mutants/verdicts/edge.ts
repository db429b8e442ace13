import { equivalent, missing } from './write';

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
  ...equivalent('the service refuses an HTTPS listener without a certificate', [LISTENER, /Certificates(\[\d\](\.CertificateArn)?)?/, /delete|remove/]),
  ...missing('TLS-3', 'a certificate uploaded to IAM is not renewed by anybody', [LISTENER, /Certificates\.0\.CertificateArn/, /certificate from IAM/]),
  ...equivalent('the service refuses an action without the configuration of its type, and a listener without an action',
    [LISTENER, /DefaultActions\[\d\]/, /remove/, /.*(Https.*|Mutual)/],
    [LISTENER, /DefaultActions\[\d\]\.FixedResponseConfig/, /delete/],
    [LISTENER, /DefaultActions\[\d\]\.Type/, /=(authenticate-(cognito|oidc)|redirect)/, /.*(Https.*|Mutual)/],
    [LISTENER, /DefaultActions\[\d\]\.Type/, /=forward/, /MutualTls\/Mutual/],
    [RULE, /Actions\[\d\]\.Type/, /=(authenticate-(cognito|oidc))/],
    [RULE, /Actions\[1\]\.Type/, /=(redirect|fixed-response)/],
    [RULE, /Actions\[0\]\.Type/, /=(redirect|fixed-response)/, /MutualTls\/Split/]),
  ...equivalent('words of an answer that carries nothing of the Core', [LISTENER, /DefaultActions\[\d\]\.FixedResponseConfig\.(ContentType|MessageBody)/, /delete/]),
  ...missing('RED-3', 'answers name the server again', [LISTENER, /ListenerAttributes\[.*server\.enabled\](\.(Key|Value))?/, /delete|remove|flip/]),
  ...missing('HDR-2', 'every site may read the answers', [LISTENER, /ListenerAttributes/, /any origin/]),
  ...missing('HDR-1', 'an origin without TLS may read the answers', [LISTENER, /ListenerAttributes/, /origin without TLS/]),
  ...equivalent('only the names of the accepted authorities are sent, or no longer sent', [LISTENER, /MutualAuthentication\.AdvertiseTrustStoreCaNames/, /delete|=off/]),
  ...equivalent('the default is false', [LISTENER, /MutualAuthentication\.IgnoreClientCertificateExpiry/, /delete/]),
  ...equivalent('CRL is the only type there is', [REVOCATION, /RevocationContents\[\d\]\.RevocationType/, /delete/]),
  ...equivalent('the service refuses a list or a bundle whose place is not said',
    [REVOCATION, /RevocationContents\[\d\]\.(S3Bucket|S3Key)/, /detach|delete/], [TRUST, /CaCertificatesBundleS3(Bucket|Key)/, /detach|delete/]),
  ...equivalent('the security group lets nobody in at another port than 443, and 80 where it redirects; without a port the service refuses the listener', [LISTENER, /Port/, /delete|min|max|over 10/]),
  ...equivalent('an application load balancer takes HTTP and HTTPS only: the service refuses the deployment', [LISTENER, /Protocol/, /=(GENEVE|QUIC|TLS)/, /.*Https.*/], [LISTENER, /Protocol/, /=GENEVE/, /MutualTls\/Mutual/]),
  ...equivalent('weights share traffic among targets that are equally guarded', [RULE, /Actions\[\d\]\.ForwardConfig\.TargetGroups\[\d\]\.Weight/, /delete|times 1000|over 10/]),
  ...equivalent('the claim is still demanded with the same value, in another notation', [RULE, new RegExp(`${JWT_CLAIMS}\\[\\w+\\]\\.Format`), /=.*/]),
  ...missing('AZN-1', 'every token of the audience passes, whatever it was granted for', [RULE, new RegExp(`${JWT_CLAIMS}\\[scope\\](\\.Values\\[\\d\\])?`), /remove/]),
  ...equivalent('the token is still checked before the forward', [RULE, /Actions\[1\]\.Order/, /max|times 1000/]),
  ...equivalent('the service refuses a rule without a condition, and a condition without values',
    [RULE, /Conditions\[\d\](\.(Field|(HostHeader|PathPattern)Config(\.Values(\[\d\])?)?))?/, /remove|delete/]),
  ...equivalent('the listener has no second rule, so nothing comes before or after', [RULE, /Priority/, /min|max|over 10|times 1000/]),
  ...missing('IDN-10', 'the admin routes take the tokens of the users', [RULE, /Properties/, /rule for \/admin\/\*/]),
  ...equivalent('a load balancer holds no data: losing it closes the door', [BALANCER, /LoadBalancerAttributes\[deletion_protection\.enabled\](\.(Key|Value))?/, /remove|delete|flip/]),
  ...equivalent('how long a quiet connection stays open decides nothing about who may open it', [BALANCER, /LoadBalancerAttributes\[idle_timeout\.timeout_seconds\](\.(Key|Value))?/, /remove|delete|times 1000|over 10/]),
  ...equivalent('the service\'s default is as strict as the checklist asks for',
    [BALANCER, /LoadBalancerAttributes\[(routing\.http\.desync_mitigation_mode|routing\.http\.xff_header_processing\.mode|waf\.fail_open\.enabled)\](\.(Key|Value))?/, /remove|delete/]),
  ...missing('NET-7', 'the load balancer gets public addresses', [BALANCER, /Scheme/, /delete|=internet-facing/]),
  ...equivalent('an application load balancer needs two subnets: the service refuses the deployment', [BALANCER, /Subnets\[\d\]/, /detach/]),
  ...equivalent('application is the default, and other types refuse the HTTPS listener', [BALANCER, /Type/, /delete|=gateway|=network/]),
  ...missing('TLS-5', 'the hop to the Core is in clear', [TARGETS, /Protocol/, /=HTTP/]),
  ...equivalent('HTTPS to the target is stronger than before', [TARGETS, /Protocol/, /=HTTPS/]),
  ...equivalent('an application load balancer takes HTTP and HTTPS targets only, and has to be told which', [TARGETS, /Protocol/, /delete|=(GENEVE|QUIC|TCP|TCP_QUIC|TCP_UDP|TLS|UDP)/]),
  ...equivalent('tasks with a network of their own register by address: the service refuses other kinds of target', [TARGETS, /TargetType|VpcId/, /delete|detach|=(alb|instance|lambda)/]),
  ...equivalent('tasks register with the port of their container', [TARGETS, /Port/, /delete|min|max|over 10|times 1000/]),
  ...equivalent('health checks decide when a target takes traffic, not whose', [TARGETS, /(HealthCheck\w+|Matcher(\.HttpCode)?)/, /.*/]),
  ...equivalent('which of two equal targets answers', [TARGETS, /TargetGroupAttributes(\[stickiness\.enabled\](\.(Key|Value))?)?/, /delete|remove|flip/]),
  ...equivalent('an empty action or statement is none: the service refuses it', [ACL, /DefaultAction\.Allow|Rules\[known-bad\]\.(OverrideAction(\.None)?|Statement\.ManagedRuleGroupStatement)/, /delete/]),
  ...equivalent('floods are still blocked, with another status', [ACL, /Rules\[\w+\]\.Action\.Block\.CustomResponse(\.ResponseCode)?/, /delete|min|max/]),
  ...equivalent('the limit holds over a longer time, or is lower: fewer requests pass', [ACL, /Rules\[(RateLimit|rate)\]\.Statement\.RateBasedStatement\.EvaluationWindowSec/, /delete|=\d+/],
    [ACL, /Rules\[\w+\]\.Statement\.RateBasedStatement\.Limit/, /min|over 10/]),
  ...equivalent('no rule of the web ACL lets requests out, so the order decides nothing', [ACL, /Rules\[[\w-]+\]\.Priority/, /min|times 1000|over 10/]),
  ...missing('MON-2', 'known attacks are no longer filtered or counted', [ACL, /Rules\[known-bad\]/, /remove/]),
  ...missing('MON-2', 'no metric says what is blocked', [ACL, /(Rules\[[\w-]+\]\.)?VisibilityConfig\.CloudWatchMetricsEnabled/, /flip/]),
  ...missing('RED-5', 'samples of requests are kept with their headers, tokens among them', [ACL, /(Rules\[[\w-]+\]\.)?VisibilityConfig\.SampledRequestsEnabled/, /flip/]),
  ...missing('AUD-7', 'what the web ACL decides is not logged', [LOGGING, /Properties/, /drop/]),
  ...missing('RED-5', 'the web ACL logs tokens', [LOGGING, /RedactedFields(\[\d\])?/, /delete|remove/]),
  ...equivalent('the service refuses it: a log needs a destination, and a field its name', [LOGGING, /LogDestinationConfigs\[\d\]|RedactedFields\[\d\]\.SingleHeader/, /detach|delete/]),
];
