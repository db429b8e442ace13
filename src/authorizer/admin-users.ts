import { Duration, Token } from 'aws-cdk-lib';
import * as cognito from 'aws-cdk-lib/aws-cognito';
import { Construct } from 'constructs';
import { invalidProp } from '../invalid-prop';
import type { Size } from '../size';
import { LOGIN_CALLBACK } from './login-callback';
import { MAX_SESSION } from './session-limits';
import { closedUserPool } from './user-pool';
import { urlOf, userPoolDomain } from './user-pool-domain';

/** People of a Cognito user pool, as a load balancer logs them in. */
export interface AdminUsersAttributes {
  /** The pool. Everybody in it is an administrator: nobody may sign up to it. */
  readonly userPool: cognito.IUserPool;

  /** A client with a secret, for the authorization code flow with the scope `openid`, that calls back to `https://<host>/oauth2/idpresponse`. */
  readonly userPoolClient: cognito.IUserPoolClient;

  /** The domain of the login page. */
  readonly userPoolDomain: cognito.IUserPoolDomain;
}

/** How to keep administrators in a Cognito user pool of their own. */
export interface AdminUsersProps {
  /** The host that the admin plane is served at: the domain name of the ingress, in lower case. */
  readonly domainName: string;

  /**
   * The first label of the login page's domain, unique in its region among all accounts.
   *
   * @default - derived from the ids of the construct and of the stack
   */
  readonly domainPrefix?: string;

  /**
   * Whether the user pool resists deletion.
   *
   * @default Size.PRODUCTION
   */
  readonly size?: Size;
}

/**
 * People who may see the admin plane: nobody signs up, everybody has a second factor and a password of at least 14 characters (IDN-10, C-27).
 *
 * Add one with `aws cognito-idp admin-create-user`: the invitation goes by e-mail, and its password is good for a day.
 */
export class AdminUsers extends Construct {
  /** The pool. */
  public readonly userPool: cognito.IUserPool;

  /** The client that the load balancer logs people in with. */
  public readonly userPoolClient: cognito.IUserPoolClient;

  /** The domain of the login page. */
  public readonly userPoolDomain: cognito.IUserPoolDomain;

  /** Where people log in. */
  public readonly loginUrl: string;

  public constructor(scope: Construct, id: string, props: AdminUsersProps) {
    super(scope, id);
    if (!Token.isUnresolved(props.domainName) && !/^[a-z0-9.-]+$/.test(props.domainName)) {
      throw invalidProp(this, 'domainName', props.domainName, 'Name the host of the ingress in lower case, such as core.acme.internal: no scheme, port or path.');
    }
    const userPool = closedUserPool(this, props.size, {
      signInAliases: { email: true },
      autoVerify: { email: true },
      accountRecovery: cognito.AccountRecovery.EMAIL_ONLY,
    });
    const domain = userPoolDomain(this, userPool, props.domainPrefix);
    this.userPool = userPool;
    this.userPoolDomain = domain;
    this.loginUrl = urlOf(domain, userPool.env.region);
    this.userPoolClient = new cognito.UserPoolClient(this, 'Client', {
      userPool,
      generateSecret: true,
      authFlows: { userSrp: true },
      oAuth: {
        flows: { authorizationCodeGrant: true },
        scopes: [cognito.OAuthScope.OPENID],
        callbackUrls: [`https://${props.domainName}${LOGIN_CALLBACK}`],
      },
      accessTokenValidity: Duration.minutes(15),
      idTokenValidity: Duration.minutes(15),
      // The load balancer refreshes with it; past the longest session there is nothing to refresh.
      refreshTokenValidity: MAX_SESSION,
      enableTokenRevocation: true,
      preventUserExistenceErrors: true,
    });
  }
}
