import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import type { Construct, IConstruct, IDependable } from 'constructs';
import { invalidProp } from '../invalid-prop';

/** A PEM file in a bucket of the load balancer's region. */
export interface StoredPem {
  /** The bucket. Whoever deploys has to be allowed to read the file. */
  readonly bucket: s3.IBucket;

  /** The key of the file, such as `callers/ca.pem`. */
  readonly key: string;

  /**
   * The version of the file. With one named, a deployment takes up a new file as soon as the version changes; without, a changed file goes unnoticed.
   *
   * @default - the version that is current when it is first deployed
   */
  readonly version?: string;
}

/** How a listener asks for certificates. */
export interface ClientCertificateOptions {
  /**
   * Whether a client is told which authorities count before it has proven anything, so that one with several certificates finds the right one.
   *
   * @default false
   */
  readonly advertiseCaNames?: boolean;
}

/** Whose certificates callers have to show. */
export interface ClientCertificateProps extends ClientCertificateOptions {
  /** The certificates of the authorities that sign callers' certificates: name one that signs nothing else. */
  readonly caBundle: StoredPem;

  /** Which certificates they have withdrawn; an authority that has withdrawn none publishes an empty list (IDN-6). */
  readonly revocationList: StoredPem;
}

/** What a listener demands, and what has to be there before anything is forwarded. */
export interface CertificateDemand {
  readonly mutualAuthentication: elbv2.MutualAuthentication;
  guard(next: elbv2.ListenerAction): elbv2.ListenerAction;
}

export function newTrustStore(parent: Construct, { caBundle, revocationList, ...options }: ClientCertificateProps): CertificateDemand {
  checkFile(parent, 'caBundle', caBundle);
  checkFile(parent, 'revocationList', revocationList);
  const trustStore = new elbv2.TrustStore(parent, 'TrustStore', { ...caBundle });
  const revocation = new elbv2.TrustStoreRevocation(parent, 'Revocation', {
    trustStore,
    revocationContents: [{ ...revocationList, revocationType: elbv2.RevocationType.CRL }],
  });
  return { ...givenTrustStore(trustStore, options), guard: (next) => new ActionAfter(next, revocation) };
}

export function givenTrustStore(trustStore: elbv2.ITrustStore, { advertiseCaNames = false }: ClientCertificateOptions): CertificateDemand {
  return {
    mutualAuthentication: {
      mutualAuthenticationMode: elbv2.MutualAuthenticationMode.VERIFY,
      trustStore,
      ignoreClientCertificateExpiry: false,
      advertiseTrustStoreCaNames: advertiseCaNames,
    },
    guard: (next) => next,
  };
}

/** An action as it is, whose rule is made only once something else is there: until the revocation list is, a withdrawn certificate would pass. */
class ActionAfter extends elbv2.ListenerAction {
  public constructor(private readonly action: elbv2.ListenerAction, private readonly dependency: IDependable) {
    super({ type: 'forward' });
  }

  public override renderActions(): elbv2.CfnListener.ActionProperty[] {
    return this.action.renderActions();
  }

  public override renderRuleActions(): elbv2.CfnListenerRule.ActionProperty[] {
    return this.action.renderRuleActions();
  }

  public override bind(scope: Construct, listener: elbv2.IApplicationListener, associatingConstruct?: IConstruct): void {
    this.action.bind(scope, listener, associatingConstruct);
    associatingConstruct?.node.addDependency(this.dependency);
  }
}

function checkFile(scope: IConstruct, prop: string, { key }: StoredPem): void {
  if (key.trim() === '' || key.startsWith('/')) throw invalidProp(scope, `authorizer.${prop}.key`, key, 'Name the key of a PEM file in the bucket, such as callers/ca.pem.');
}
