import { type Duration, Token } from 'aws-cdk-lib';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { AuthenticateCognitoAction } from 'aws-cdk-lib/aws-elasticloadbalancingv2-actions';
import type * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct, IConstruct } from 'constructs';
import { invalidProp } from '../invalid-prop';
import { parsedUrl } from '../parsed-url';
import type { AdminUsersAttributes } from './admin-users';
import { verifyCallback } from './login-callback';
import { DEFAULT_SESSION, MAX_SESSION } from './session-limits';
import { loginHost } from './user-pool-domain';

/** How long a login lasts, and in which cookie. */
export interface AdminSessionOptions {
  /**
   * How long a login lasts: 1 minute to 8 hours. A load balancer cannot end one earlier.
   *
   * @default Duration.hours(1)
   */
  readonly sessionTimeout?: Duration;

  /**
   * The name of the cookie: letters, digits, `_` and `-`. Logins with the same cookie on one host are one login.
   *
   * @default 'SecureCoreAdmin'
   */
  readonly cookieName?: string;
}

/** People of a Cognito user pool. */
export interface CognitoAdminSessionProps extends AdminSessionOptions, AdminUsersAttributes {}

/** People of another identity provider. */
export interface OidcAdminSessionProps extends AdminSessionOptions {
  /** The provider, as its tokens spell it in `iss`. Public DNS must know its host, as that of the endpoints. */
  readonly issuer: string;

  /** Where people log in. */
  readonly authorizationEndpoint: string;

  /** Where the load balancer turns a code into tokens. */
  readonly tokenEndpoint: string;

  /** Where the load balancer asks who somebody is. */
  readonly userInfoEndpoint: string;

  /** The client that is registered for the load balancer, with the callback `https://<host>/oauth2/idpresponse`. Whoever may use it is an administrator. */
  readonly clientId: string;

  /** Where its secret is kept. CloudFormation reads it while it deploys; a new value arrives only when the rule changes otherwise. */
  readonly clientSecret: secretsmanager.ISecret;

  /**
   * The field of the secret, where it is JSON.
   *
   * @default - the whole secret
   */
  readonly clientSecretField?: string;
}

/** What stands before the admin plane. */
export interface AdminGate {
  /** Lets administrators through and sends strangers to the login page. */
  guard(next: elbv2.ListenerAction): elbv2.ListenerAction;

  /** Lets administrators through and answers strangers 401: for other methods than GET, which no browser repeats after a login. */
  refuse(next: elbv2.ListenerAction): elbv2.ListenerAction;
}

interface Login {
  readonly cookieName: string;
  readonly hosts: readonly string[];
  check(scope: IConstruct, domainName: string): void;
  action(next: elbv2.ListenerAction, onUnauthenticatedRequest: elbv2.UnauthenticatedAction): elbv2.ListenerAction;
}

/** `openid` alone: the load balancer needs to know who somebody is and nothing else. The egress is the ingress's to open. */
const COMMON = { scope: 'openid', allowHttpsOutbound: false };

/**
 * How people prove that they may see the admin plane (IDN-10): by a login at the load balancer, which callers' tokens and certificates do not replace.
 *
 * There is no variant that lets anybody through, and none can be added: the class cannot be extended or imitated.
 */
export class AdminSession {
  /**
   * A login at a Cognito user pool: `AdminSession.cognito(new AdminUsers(…))`, or one that is there already.
   *
   * A client that the app makes must call back to the ingress's host name. Of one that is imported that is not known: see to it, or every login
   * ends in `redirect_mismatch`.
   */
  public static cognito(props: CognitoAdminSessionProps): AdminSession {
    const { userPool, userPoolClient, userPoolDomain } = props;
    return new AdminSession({
      cookieName: sessionOf(props).sessionCookieName,
      hosts: [loginHost(userPoolDomain, userPool.env.region)],
      check: (scope, domainName) => {
        checkSession(scope, props);
        verifyCallback(scope, userPoolClient, domainName);
      },
      action: (next, onUnauthenticatedRequest) => new AuthenticateCognitoAction({
        ...COMMON, ...sessionOf(props), userPool, userPoolClient, userPoolDomain, onUnauthenticatedRequest, next,
      }),
    });
  }

  /** A login at another OpenID Connect provider. */
  public static oidc(props: OidcAdminSessionProps): AdminSession {
    const { issuer, authorizationEndpoint, tokenEndpoint, userInfoEndpoint, clientId } = props;
    const clientSecret = props.clientSecretField === undefined ? props.clientSecret.secretValue : props.clientSecret.secretValueFromJson(props.clientSecretField);
    return new AdminSession({
      cookieName: sessionOf(props).sessionCookieName,
      hosts: [...new Set([tokenEndpoint, userInfoEndpoint].map((url) => parsedUrl(url)?.hostname ?? url))],
      check: (scope) => {
        checkSession(scope, props);
        for (const [prop, url] of Object.entries({ issuer, authorizationEndpoint, tokenEndpoint, userInfoEndpoint })) checkUrl(scope, prop, url);
        if (clientId.trim() === '') throw invalidProp(scope, 'admin.clientId', clientId, 'Name the client that is registered for the load balancer.');
      },
      action: (next, onUnauthenticatedRequest) => elbv2.ListenerAction.authenticateOidc({
        ...COMMON, ...sessionOf(props), issuer, authorizationEndpoint, tokenEndpoint, userInfoEndpoint, clientId, clientSecret, onUnauthenticatedRequest, next,
      }),
    });
  }

  private constructor(private readonly login: Login) {}

  /**
   * Public hosts that the load balancer asks by itself; a name may be a token.
   *
   * @internal
   */
  public get _hosts(): readonly string[] {
    return this.login.hosts;
  }

  /**
   * In which cookie a login is kept.
   *
   * @internal
   */
  public get _cookieName(): string {
    return this.login.cookieName;
  }

  /**
   * What has to stand before the admin plane, which is served at a host name.
   *
   * @internal
   */
  public _bind(scope: Construct, domainName: string): AdminGate {
    this.login.check(scope, domainName);
    return {
      guard: (next) => this.login.action(next, elbv2.UnauthenticatedAction.AUTHENTICATE),
      refuse: (next) => this.login.action(next, elbv2.UnauthenticatedAction.DENY),
    };
  }
}

function sessionOf({ sessionTimeout = DEFAULT_SESSION, cookieName = 'SecureCoreAdmin' }: AdminSessionOptions): { sessionTimeout: Duration; sessionCookieName: string } {
  return { sessionTimeout, sessionCookieName: cookieName };
}

function checkSession(scope: IConstruct, options: AdminSessionOptions): void {
  const { sessionTimeout, sessionCookieName } = sessionOf(options);
  if (!sessionTimeout.isUnresolved() && (sessionTimeout.toSeconds() < 60 || sessionTimeout.toSeconds() > MAX_SESSION.toSeconds())) {
    throw invalidProp(scope, 'admin.sessionTimeout', sessionTimeout.toString(), 'Name 1 minute to 8 hours: a load balancer cannot end a session earlier.');
  }
  if (!Token.isUnresolved(sessionCookieName) && !/^[A-Za-z0-9_-]{1,64}$/.test(sessionCookieName)) {
    throw invalidProp(scope, 'admin.cookieName', sessionCookieName, 'Name 1 to 64 letters, digits, _ and -, such as SecureCoreAdmin.');
  }
}

function checkUrl(scope: IConstruct, prop: string, value: string): void {
  if (Token.isUnresolved(value)) return;
  const url = parsedUrl(value);
  if (url && (url.username !== '' || url.password !== '')) {
    throw invalidProp(scope, `admin.${prop}`, `${url.origin}${url.pathname} with credentials in it`, 'Name an https URL without a user or password.');
  }
  if (url?.protocol !== 'https:' || /[\s#]/.test(value)) throw invalidProp(scope, `admin.${prop}`, value, 'Name an https URL, such as https://login.acme.com/authorize.');
}
