import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { checkGiven } from '../check-given';
import { checkKinds, instance, type Kinds, options, text } from '../check-kinds';
import { CORE_KINDS } from '../core-kinds';
import { CoreImage } from '../core/core-image';
import type { CoreContainerProps } from '../core/core-container-props';
import { warnOfUnreached } from '../core/observed-variables';
import { toldBy } from '../core/told-variables';
import { RatePlan } from '../gate/rate/rate-plan';
import { Exposure } from '../ingress/exposure';
import { Ingress } from '../ingress/ingress';
import { invalidProp } from '../invalid-prop';
import { Egress } from '../network/egress';
import { networkFor } from '../network/network-for';
import type { IPrivateNetwork } from '../network/private-network';
import { claimEnvironment } from '../secrets/secret-environment';
import { SecureCore } from '../secure-core';
import { Size } from '../size';
import { PROFILE_METADATA, type ProfileMetadata } from './contract';
import { Profile } from './profile';
import type { ProfileConstructs } from './profile-constructs';
import type { ProfiledContainerOptions, ProfiledCoreProps } from './profiled-core-props';
import { checkChoices } from './choice-checks';
import { checkNotOverruled, checkOwnSecrets, checkTold, checkWrittenByHand } from './told-checks';
import { watchUnheld } from './watch-unheld';

const REQUIRED = {
  profile: 'Name whose system it is: Profile.remoteCore(…), Profile.cortex(…), Profile.tgefd(…), Profile.nodetool(…) or Profile.tom(…).',
  environment: 'Say whose secrets these are, such as production: environments share none.',
  image: 'Name what the container runs: CoreImage.fromEcr(…) or CoreImage.fromUri(…).',
  ingress: 'Name what stands in front of the container: { domainName, certificate, callers }.',
  alarmTopic: CORE_KINDS.alarmTopic.todo,
} as const satisfies Partial<Record<keyof ProfiledCoreProps, string>>;

const KINDS: Kinds<ProfiledCoreProps> = {
  ...CORE_KINDS,
  profile: instance(Profile, `${REQUIRED.profile} A LocalProfile is for one machine, and has no load balancer (RC-01).`),
  environment: text(REQUIRED.environment),
  image: instance(CoreImage, REQUIRED.image),
  ingress: options(REQUIRED.ingress),
  container: options('Name options of the container, such as { cpu: 1024 }, or leave it out.'),
};

/**
 * The system of one of the documents: a SecureCore that is told what its program has to know, stands on what it needs, and forwards what it serves.
 *
 * The variables are written here alone, so that what the program checks and what the gate checks cannot differ (CFG-4, CFG-7).
 */
export class ProfiledCore extends Construct implements iam.IGrantable {
  /** The Core, with every part of it. */
  public readonly core: SecureCore;

  /** The three private tiers. */
  public readonly network: IPrivateNetwork;

  /** What the profile made beside the Core. */
  public readonly parts: ProfileConstructs;

  /** Who the container acts as: `bucket.grantRead(core)`. */
  public readonly grantPrincipal: iam.IPrincipal;

  public constructor(scope: Construct, id: string, props: ProfiledCoreProps) {
    super(scope, id);
    checkGiven(this, props, REQUIRED);
    checkKinds(this, props, KINDS);
    const { profile, environment, alarmTopic, trail, encryptionKey, container = {}, size = Size.PRODUCTION, exposure = Exposure.ON } = props;
    if (props.network && props.egress) throw invalidProp(this, 'egress', 'given beside network', 'The network decides what its core tier reaches: name the egress there, as coreEgress.');
    checkChoices(this, props);
    claimEnvironment(this, environment);
    checkWrittenByHand(this, profile._name, container);
    const { authorizer, egress = Egress.none(), routes, admin, additionalListener } = profile._needs(this);
    const asked = [egress, ...this.observers(container)].reduce((all, one) => all.and(one));
    const ingressProps = { ...props.ingress, routes: [...routes], admin, additionalListener };
    const ingress = props.internetFacing ? Ingress.internetFacing(ingressProps) : Ingress.internal(ingressProps);
    this.network = props.network ?? networkFor(this, { ingress, authorizer, size, egress: asked.and(props.egress ?? Egress.none()), encryptionKey });
    if (props.network) warnOfUnreached(this, egress._bind(this, 'profile'), props.network);
    const ratePlan = props.gate?.ratePlan ?? RatePlan.perCaller();
    const port = container.port ?? profile._port;
    const { domainName } = props.ingress;
    const plan = ratePlan._figures(this);
    const context = { network: this.network, environment, size, exposure, alarmTopic, encryptionKey, trail, domainName, port, redis: props.gate?.redis, plan };
    const parts = profile._bind(this, context);
    checkNotOverruled(this, container, parts);
    const wholeContainer: CoreContainerProps = {
      ...container,
      image: props.image,
      port,
      healthCheckPath: container.healthCheckPath ?? '/health',
      environment: { ...container.environment, ...parts.environment },
      secrets: { ...container.secrets, ...parts.secrets },
    };
    const stores = [...parts.stores, ...props.stores ?? []];
    const told = toldBy(this, wholeContainer, stores);
    checkTold(this, profile._name, told, parts.choices);
    checkOwnSecrets(this, told);
    const { cluster, audit, alarmThresholds, rollout, permissionsBoundary } = props;
    this.core = new SecureCore(this, 'Default', {
      container: wholeContainer,
      ingress,
      authorizer,
      stores,
      gate: { ...props.gate, ...parts.gate, ratePlan },
      network: this.network,
      alarmTopic,
      size,
      exposure,
      encryptionKey,
      cluster,
      audit,
      trail,
      alarmThresholds,
      rollout,
      permissionsBoundary,
    });
    const metadata: ProfileMetadata = { name: profile._name, environment, container: 'Core', choices: parts.choices };
    this.core.core._mark(PROFILE_METADATA, metadata);
    this.parts = { ...parts.constructs, ...parts.complete?.(this.core) };
    watchUnheld(this, this.core, context);
    if (permissionsBoundary) iam.PermissionsBoundary.of(this).apply(permissionsBoundary);
    this.grantPrincipal = this.core.grantPrincipal;
  }

  /**
   * Lets a workload connect, as one more caller. It still has to prove who it is.
   *
   * @param caller in this VPC or a peered one
   */
  public grantInvoke(caller: ec2.IConnectable): void {
    this.core.grantInvoke(caller);
  }

  /** Where what it measures and its errors go. */
  private observers({ telemetry, errorTracking }: ProfiledContainerOptions): Egress[] {
    return [telemetry?._host, errorTracking?._host].filter((host) => host !== undefined).map((host) => Egress.allowDomains([host]));
  }
}
