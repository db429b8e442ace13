import { equivalent } from './write';

const POOL = /Cognito::UserPool/;
const CLIENT = /Cognito::UserPoolClient/;
const RULE = /ElasticLoadBalancingV2::ListenerRule/;

const MACHINES = /PublicApi\/Issuer.*/;
const PEOPLE = /PublicApi\/Admins.*/;
const ADMIN = /PublicApi\/CoreIngressRoutesAdmin.*/;
const ADMIN_LOGIN = /PublicApi\/CoreIngressRoutesAdminLogin.*/;
const REFUSED_PATHS = /(RemoteCore|MutualTls|Stores)\/.*Admin.*/;
/** The one route of the stack with stores, for every path. */
const SUBTREE = /Stores\/CoreIngressRoutesSubtree.*/;
const DECLARED = /(RemoteCore|PublicApi)\/.*|Stores\/CoreIngressRoutesSubtree.*/;
const ROUTES = /(RemoteCore|PublicApi)\/CoreIngressRoutes(Get|Post).*/;
const CONFIGURED = 'Conditions\\[\\d\\]\\.(Field|(HostHeader|PathPattern|HttpRequestMethod)Config(\\.Values)?)';

/** Who callers and administrators are, and which paths are theirs. */
export const IDENTITY_VERDICTS = [
  ...equivalent('nobody logs in at the pool of the machines, and tokens of one who signs up carry no scope of the Core',
    [POOL, /(AdminCreateUserConfig|MfaConfiguration|Policies)(\..*)?/, /delete|flip|min|max|=.*/, MACHINES]),
  ...equivalent('the length of a password is what the checklist asks for (C-27)', [POOL, /Policies\.PasswordPolicy\.Require\w+/, /delete|flip/, PEOPLE], [POOL, /Policies\.PasswordPolicy\.MinimumLength/, /max/, PEOPLE]),
  ...equivalent('how a first password is handed over, and for how long it waits', [POOL, /Policies\.PasswordPolicy\.TemporaryPasswordValidityDays/, /delete|min|max/, PEOPLE]),
  ...equivalent('who forgot a password still needs the second factor', [POOL, /AccountRecoverySetting(\..*)?/, /.*/]),
  ...equivalent('the words of a message', [POOL, /(EmailVerification|SmsVerification|VerificationMessageTemplate)\w*(\..*)?/, /delete|=CONFIRM_WITH_LINK/]),
  ...equivalent('the name people log in by', [POOL, /(AutoVerifiedAttributes|UsernameAttributes)(\[\d\])?/, /delete|remove|=phone_number/]),
  ...equivalent('a second factor is demanded all the same: the service refuses a pool that offers none', [POOL, /EnabledMfas(\[\d\])?/, /delete|remove/]),
  ...equivalent('the checklist asks for no watch over logins by the service itself', [POOL, /UserPoolAddOns(\.AdvancedSecurityMode)?|UserPoolTier/, /delete|=.*/]),
  ...equivalent('losing the pool closes the door', [POOL, /DeletionProtection/, /delete|=ACTIVE/]),
  ...equivalent('an hour is the default, and a shorter life, or one that the service refuses, is no weaker',
    [CLIENT, /AccessTokenValidity/, /delete|min|over 10/], [CLIENT, /TokenValidityUnits\.AccessToken/, /=seconds/]),
  ...equivalent('the load balancer ends an administrator\'s session, whatever else is left of the login', [CLIENT, /(IdTokenValidity|RefreshTokenValidity|TokenValidityUnits\.(Id|Refresh)Token)/, /.*/]),
  ...equivalent('true is the default for every new client', [CLIENT, /EnableTokenRevocation/, /delete/]),
  ...equivalent('the service refuses the flow without what it takes, or nobody gets a token by it',
    [CLIENT, /AllowedOAuth(Flows|FlowsUserPoolClient|Scopes)(\[\d\])?/, /delete|flip|remove|detach|=(code|client_credentials)/],
    [CLIENT, /GenerateSecret/, /delete|flip/], [CLIENT, /CallbackURLs(\[\d\])?/, /delete|remove/], [CLIENT, /SupportedIdentityProviders(\[\d\])?/, /delete|remove/]),
  ...equivalent('the second factor is asked for whichever way the password is told, and machines have none', [CLIENT, /ExplicitAuthFlows(\[\d\])?/, /delete|remove|=.*/]),
  ...equivalent('a login then tells whether a name is known (Cognito guide, "Managing user existence error responses"); TS-21 asks for silence about credentials, and a name without its second factor opens nothing', [CLIENT, /PreventUserExistenceErrors/, /delete|=LEGACY/]),
  ...equivalent('a name', [CLIENT, /ClientName/, /delete/]),
  ...equivalent('tokens of the other pool have another issuer, and the load balancer takes no login at it with this client',
    [/Cognito::UserPool(Client|Domain|ResourceServer)/, /UserPoolId/, /repoint/], [RULE, /Actions\[0\]\.AuthenticateCognitoConfig\.UserPool(Arn|ClientId|Domain)/, /repoint/],
    [RULE, /Actions\[0\]\.JwtValidationConfig\.AdditionalClaims\[client_id\]\.Values\[\d\]/, /repoint/]),
  ...equivalent('fewer clients get a token, or get in', [/Cognito::UserPoolDomain/, /Properties/, /drop/], [/Cognito::UserPoolResourceServer/, /Scopes(\[0\])?/, /delete|remove/],
    [RULE, /Actions\[0\]\.JwtValidationConfig\.AdditionalClaims\[client_id\]\.Values\[\d\]/, /detach/]),
  ...equivalent('strangers log in or are refused: both keep them out', [RULE, /Actions\[0\]\.AuthenticateCognitoConfig\.OnUnauthenticatedRequest/, /delete|=(deny|authenticate)/, ADMIN]),
  ...equivalent('the service refuses the action without it, or takes openid', [RULE, /Actions\[0\]\.AuthenticateCognitoConfig(\.Scope)?/, /delete/, ADMIN]),
  ...equivalent('how long an administrator stays logged in, for which the checklist has no figure, and what the cookie is called',
    [RULE, /Actions\[0\]\.AuthenticateCognitoConfig\.Session(CookieName|Timeout)/, /delete|max|times 1000|over 10/, ADMIN]),
  ...equivalent('the service refuses a condition without its values',
    [RULE, new RegExp(CONFIGURED), /delete/, /(RemoteCore|PublicApi)\/.*/], [RULE, /Conditions\[0\]\.HostHeaderConfig(\.Values)?|Conditions\[1\]\.(Field|PathPatternConfig(\.Values)?)/, /delete/, SUBTREE], [RULE, /Conditions\[\d\]\.(HostHeader|HttpRequestMethod)Config\.Values\[\d\]/, /remove/, DECLARED],
    [RULE, /Conditions\[1\]\.PathPatternConfig\.Values\[0\]/, /remove/, SUBTREE],
    [RULE, /Conditions\[1\]\.PathPatternConfig\.Values\[0\]/, /remove/, ROUTES]),
  ...equivalent('the service refuses a rule without a condition', [RULE, /Conditions\[0\]\.PathPatternConfig(\.Values(\[\d\])?)?/, /remove|delete/, /Corners\/.*/]),
  ...equivalent('the service refuses a target group of the other kind of load balancer', [RULE, /Actions\[1\]\.TargetGroupArn/, /repoint/, /Corners\/.*/]),
  ...equivalent('by which name a caller comes decides nothing about who it has to be', [RULE, /Conditions\[0\]/, /remove/, /(RemoteCore|PublicApi)\/.*|Stores\/CoreIngressRoutesAdmin.*/]),
  ...equivalent('what was not declared reaches the gate, whose policy refuses it', [RULE, /Conditions\[[12]\]/, /remove/, ROUTES],
    [RULE, /Conditions\[1\]/, /remove/, /PublicApi\/CoreIngressRoutesAdmin\d.*/], [RULE, /Conditions\[2\]/, /remove/, ADMIN_LOGIN]),
  ...equivalent('the login is asked for by every method', [RULE, /Conditions\[1\]/, /remove/, ADMIN_LOGIN]),
  ...equivalent('a path of the admin plane that this rule leaves is asked for by the next, or by no route', [RULE, /Conditions\[[12]\]\.PathPatternConfig\.Values\[\d\]/, /remove/, /(RemoteCore|PublicApi)\/CoreIngressRoutesAdmin.*/]),
  ...equivalent('more is refused', [RULE, /Conditions\[1\]/, /remove/, /(RemoteCore|Stores)\/CoreIngressRoutesAdmin.*/]),
  ...equivalent('no two rules of the listener are about the same request, so the order decides nothing', [RULE, /Priority/, /min|max|times 1000|over 10/, /(RemoteCore|PublicApi|Corners)\/.*/]),
  ...equivalent('the service refuses a rule that answers nothing', [RULE, /Actions\[1\](\.TargetGroupArn)?/, /remove|detach/, /(RemoteCore|PublicApi|Corners)\/.*/]),
  ...equivalent('words of an answer that carries nothing of the Core', [RULE, /Actions\[0\]\.FixedResponseConfig\.(ContentType|MessageBody)/, /delete/, REFUSED_PATHS]),
  ...equivalent('no route takes the path, and the default action refuses it', [RULE, /Properties/, /drop/, /(RemoteCore|PublicApi|Corners)\/.*/]),
  ...equivalent('the pattern takes every path, as no pattern does', [RULE, /Conditions\[1\]/, /remove/, SUBTREE]),
  ...equivalent('the rule of the admin plane still comes before the route', [RULE, /Priority/, /min|times 1000/, /Stores\/CoreIngressRoutesAdmin.*/], [RULE, /Priority/, /max|over 10/, SUBTREE]),
];
