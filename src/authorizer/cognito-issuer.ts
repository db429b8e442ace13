import { Aws, Duration, type RemovalPolicy, SecretValue } from 'aws-cdk-lib';
import * as cognito from 'aws-cdk-lib/aws-cognito';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { invalidProp } from '../invalid-prop';
import { grantRead } from '../secrets/container-secret';
import { neverRotated } from '../secrets/never-rotated';
import { SecretKey } from '../secrets/secret-key';
import { Size, SIZING } from '../size';
import { checkCallers, checkScopes } from './cognito-issuer-checks';
import { closedUserPool } from './user-pool';
import { urlOf, userPoolDomain } from './user-pool-domain';

/** A machine that asks the Core. */
export interface CognitoCaller {
  /** What it is called, such as `platform`: lower-case letters, digits and hyphens. */
  readonly name: string;

  /**
   * The scopes that its tokens may carry: what it needs and no more (AZN-6).
   *
   * @default - the issuer's only scope; where there are several, they have to be named
   */
  readonly scopes?: string[];
}

/** How to issue tokens with Amazon Cognito. */
export interface CognitoIssuerProps {
  /** What callers may be allowed to do, such as `invoke`; tokens carry them as `core/invoke`. */
  readonly scopes: string[];

  /** The machines that get a client of their own: 1 to 10, the most that a load balancer compares a claim with (AWS ELB API). */
  readonly callers: CognitoCaller[];

  /**
   * What the scopes belong to: the identifier of the resource server.
   *
   * @default 'core'
   */
  readonly resourceServer?: string;

  /**
   * A user pool that is there already. How it treats people is its owner's to decide: tokens for them are refused, since they name another client.
   *
   * @default - a new one that nobody can sign up to, with a second factor and threat protection
   */
  readonly userPool?: cognito.IUserPool;

  /**
   * The domain of the existing user pool, which can have only one with a prefix.
   *
   * @default - a new one
   */
  readonly userPoolDomain?: cognito.IUserPoolDomain;

  /**
   * The first label of the new domain, unique in its region among all accounts.
   *
   * @default - derived from the ids of the construct and of the stack
   */
  readonly domainPrefix?: string;

  /**
   * The key that encrypts the secrets of `clientSecret`.
   *
   * @default - that of a new SecretKey, once a secret is asked for
   */
  readonly encryptionKey?: kms.IKey;

  /**
   * Whether a new user pool resists deletion.
   *
   * @default Size.PRODUCTION
   */
  readonly size?: Size;
}

/** A caller's client and the scopes that it may ask for. */
type Machine = readonly [client: cognito.UserPoolClient, scopes: readonly string[]];

/** How long a token is good for: a stolen one no longer than this, since a load balancer does not ask whether it was revoked (IDN-4). */
const TOKEN_VALIDITY = Duration.minutes(15);

/** Why nothing renews the secret of a client. */
const CLIENT_KEEPS_SECRET = 'CloudFormation gives a client its secret once: a second caller that is moved over to, and the first one taken out, is how it is renewed.';

/** Issues tokens to machines: one confidential client a caller, by client credentials and nothing else. */
export class CognitoIssuer extends Construct {
  /** The user pool, new or given. */
  public readonly userPool: cognito.IUserPool;

  /** What tokens name in `iss`. */
  public readonly issuer: string;

  /** Where the signing keys are published, on the public internet. */
  public readonly jwksUri: string;

  /** Where a caller asks for a token, with its client id and secret. */
  public readonly tokenEndpoint: string;

  private readonly scopes: readonly string[];
  private readonly resourceServer: string;
  private readonly machines: ReadonlyMap<string, Machine>;
  private readonly secrets: Construct;
  private readonly encryptionKey: kms.IKey | undefined;
  private readonly removalPolicy: RemovalPolicy;

  public constructor(scope: Construct, id: string, props: CognitoIssuerProps) {
    super(scope, id);
    this.resourceServer = props.resourceServer ?? 'core';
    this.scopes = props.scopes;
    checkScopes(this, this.resourceServer, props.scopes);
    checkCallers(this, props.callers, props.scopes);
    if (props.userPoolDomain && props.domainPrefix !== undefined) throw invalidProp(this, 'domainPrefix', props.domainPrefix, 'Leave it out: userPoolDomain is the domain.');
    if (props.userPoolDomain && !props.userPool) throw invalidProp(this, 'userPool', props.userPool, 'Name the user pool that userPoolDomain belongs to.');
    this.userPool = props.userPool ?? closedUserPool(this, props.size, { accountRecovery: cognito.AccountRecovery.NONE });
    const { region } = this.userPool.env;
    this.issuer = `https://${this._host}/${this.userPool.userPoolId}`;
    this.jwksUri = `${this.issuer}/.well-known/jwks.json`;
    this.tokenEndpoint = `${urlOf(props.userPoolDomain ?? userPoolDomain(this, this.userPool, props.domainPrefix), region)}/oauth2/token`;
    this.machines = this.machinesOf(props.callers);
    this.secrets = new Construct(this, 'Secrets');
    this.encryptionKey = props.encryptionKey;
    this.removalPolicy = SIZING[props.size ?? Size.PRODUCTION].removalPolicy;
  }

  /**
   * The host that the load balancer fetches the keys from.
   *
   * @internal
   */
  public get _host(): string {
    return `cognito-idp.${this.userPool.env.region}.${Aws.URL_SUFFIX}`;
  }

  /**
   * The clients whose tokens count, as tokens name them.
   *
   * @internal
   */
  public get _clientIds(): string[] {
    return [...this.machines.values()].map(([client]) => client.userPoolClientId);
  }

  /** A scope as tokens spell it, such as `core/invoke` for `invoke`. */
  public scope(name: string): string {
    if (!this.scopes.includes(name)) throw invalidProp(this, 'scope', name, `Name one of the issuer's scopes: ${this.scopes.join(', ')}.`);
    return `${this.resourceServer}/${name}`;
  }

  /** The client of a caller. Its secret is in no template: hand it out with `grantClientSecret`. */
  public client(caller: string): cognito.IUserPoolClient {
    return this.machine(caller)[0];
  }

  /**
   * A secret of AWS Secrets Manager with all that a caller needs: `client_id`, `client_secret`, `token_endpoint` and `scope`. Made when first asked for.
   *
   * CloudFormation hands the client secret from Cognito to Secrets Manager while it deploys; the template has only a reference to it.
   * To replace one, add a second caller, move over to it, and take the first one out.
   */
  public clientSecret(caller: string): secretsmanager.ISecret {
    const made = this.secrets.node.tryFindChild(caller);
    if (made instanceof secretsmanager.Secret) return made;
    const [client, scopes] = this.machine(caller);
    const secret = new secretsmanager.Secret(this.secrets, caller, {
      encryptionKey: this.encryptionKey ?? this.ownKey().key,
      removalPolicy: this.removalPolicy,
      description: `How ${caller} gets a token for ${this.resourceServer}`,
      secretObjectValue: {
        client_id: SecretValue.unsafePlainText(client.userPoolClientId),
        client_secret: SecretValue.resourceAttribute((client.node.defaultChild as cognito.CfnUserPoolClient).attrClientSecret),
        token_endpoint: SecretValue.unsafePlainText(this.tokenEndpoint),
        scope: SecretValue.unsafePlainText(scopes.map((name) => this.scope(name)).join(' ')),
      },
    });
    neverRotated(secret, CLIENT_KEEPS_SECRET);
    return secret;
  }

  /**
   * Lets a workload read the secret of one caller, and of no other.
   *
   * `cognito-idp:DescribeUserPoolClient` would be shorter, but IAM knows user pools and no clients: it reads the secrets of all callers.
   *
   * @param grantee a workload, such as a task role
   */
  public grantClientSecret(caller: string, grantee: iam.IGrantable): iam.Grant {
    return grantRead(this.clientSecret(caller), grantee);
  }

  private ownKey(): SecretKey {
    const made = this.secrets.node.tryFindChild('Key');
    return made instanceof SecretKey ? made : new SecretKey(this.secrets, 'Key', { removalPolicy: this.removalPolicy });
  }

  private machine(caller: string): Machine {
    const machine = this.machines.get(caller);
    if (!machine) throw invalidProp(this, 'caller', caller, `Name one of the issuer's callers: ${[...this.machines.keys()].join(', ')}.`);
    return machine;
  }

  private machinesOf(callers: readonly CognitoCaller[]): Map<string, Machine> {
    const offered = new Map(this.scopes.map((scopeName) => [scopeName, new cognito.ResourceServerScope({ scopeName, scopeDescription: scopeName })]));
    const server = this.userPool.addResourceServer('ResourceServer', { identifier: this.resourceServer, scopes: [...offered.values()] });
    const clients = new Construct(this, 'Clients');
    return new Map(callers.map(({ name, scopes = this.scopes }) => {
      const granted = [...offered].filter(([scopeName]) => scopes.includes(scopeName)).map(([, scope]) => cognito.OAuthScope.resourceServer(server, scope));
      return [name, [this.machineClient(clients, name, granted), scopes]];
    }));
  }

  private machineClient(clients: Construct, name: string, scopes: cognito.OAuthScope[]): cognito.UserPoolClient {
    return new cognito.UserPoolClient(clients, name, {
      userPool: this.userPool,
      userPoolClientName: name,
      generateSecret: true,
      // Left out, it stands for logging in as a user (Cognito API, CreateUserPoolClient). Like this it renders as refreshing alone, and machines get nothing to refresh.
      authFlows: { userSrp: false },
      oAuth: { flows: { clientCredentials: true }, scopes },
      accessTokenValidity: TOKEN_VALIDITY,
      enableTokenRevocation: true,
      preventUserExistenceErrors: true,
    });
  }
}
