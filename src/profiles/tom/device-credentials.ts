import { Duration, Tags } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { AfterCheckout } from '../../broker/after-checkout';
import { BrokerCredential } from '../../broker/broker-credential';
import { DEVICE_CREDENTIAL_TAG } from '../../broker/contract';
import { DeviceCredentialKind } from '../../broker/device-credential-kind';
import { checkGiven } from '../../check-given';
import { checkKind, checkKinds, having, instance, type Kinds, options, text } from '../../check-kinds';
import { invalidProp } from '../../invalid-prop';
import { keptOnceMade } from '../../kept-once-made';
import { told, whenever } from '../../observability/told';
import { secretFilledByHand, tellAges } from '../../secrets/filled-by-hand';
import { ageMetric, onAge } from '../../secrets/secret-alarms';
import { nameInEnvironment } from '../../secrets/secret-environment';
import { SecretKey } from '../../secrets/secret-key';
import { SIZING } from '../../size';
import { isWhole } from '../../whole-number';
import type { ProfileContext } from '../parts';
import { letRotate } from './let-rotate';
import type { DeviceCredentialProps } from './tom-props';

/** As of keys that only their issuer renews (ours). */
const DEFAULT_MAX_AGE = Duration.days(90);
const MOST_DAYS = 365;

/** What a job names: no slash, so that no credential is below another one. */
const ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
const KINDS = Object.values(DeviceCredentialKind);
const PROP = 'profile.credentials';

/** A function's variables have 4 KB (Lambda guide, "Lambda quotas"), of which a secret takes up to 400 bytes. */
const SECRETS_OF_A_FUNCTION = 10;

const NAME = 'Name what jobs call it, such as core-routers.';
const ENTRY = options('Name a credential of devices, such as { id, kind }.');
const KINDS_OF_PROPS: Kinds<DeviceCredentialProps> = {
  id: text(NAME),
  maxAge: having('toDays', 'Name a Duration, or leave it out.'),
  after: instance(AfterCheckout, 'Name AfterCheckout.keep() or AfterCheckout.rotate(…).'),
};

/** Refuses what no job could name. */
export function checkCredentials(parent: Construct, credentials: readonly DeviceCredentialProps[]): void {
  for (const [index, credential] of credentials.entries()) {
    checkKind(parent, `${PROP}[${index}]`, credential, ENTRY);
    checkGiven(parent, credential, { id: NAME }, `${PROP}[${index}].`);
    checkKinds(parent, credential, KINDS_OF_PROPS, `${PROP}[${index}].`);
    credential.after?._check(parent, `${PROP}[${index}].after`);
  }
  const ids = credentials.map(({ id }) => id);
  for (const [index, { id, kind, maxAge }] of credentials.entries()) {
    if (!ID.test(id)) throw invalidProp(parent, `${PROP}[${index}].id`, id, 'Begin with a letter or digit, and use letters, digits and . _ - only, 64 at most.');
    if (ids.indexOf(id) !== index) throw invalidProp(parent, `${PROP}[${index}].id`, id, 'Another credential has it: give each an id of its own.');
    if (!KINDS.includes(kind)) throw invalidProp(parent, `${PROP}[${index}].kind`, kind, `Name one of ${KINDS.join(', ')}.`);
    if (maxAge === undefined || isDays(maxAge)) continue;
    throw invalidProp(parent, `${PROP}[${index}].maxAge`, maxAge.isUnresolved() ? 'a token' : maxAge.toString(), `Name whole days from 1 to ${MOST_DAYS}.`);
  }
}

function isDays(maxAge: Duration): boolean {
  return !maxAge.isUnresolved() && isWhole(maxAge.toDays({ integral: false }), 1, MOST_DAYS);
}

/** Which there are, and whose. */
export interface DeviceCredentialsProps extends Pick<ProfileContext, 'environment' | 'size' | 'alarmTopic'> {
  readonly credentials: readonly DeviceCredentialProps[];
}

/** Who changes a credential on the devices, as its description says it. */
const BY_PERSON = 'only a person can change it on the devices';
const BY_FUNCTION = 'changed on the devices once its last lease has ended';

/**
 * Credentials of network devices, each a secret of its own (TS-04, TS-16). Only a person, or a function of the user's own, can change one on the devices: its age is
 * watched, and an alarm says when it is too old, or empty (TS-25).
 *
 * They are named `<environment>/credentials/<id>/<kind>`: a name that ends in a hyphen and six characters, as `core-router` does, is taken for the end of an ARN
 * (Secrets Manager API, CreateSecret).
 *
 * Nobody is let read them but the broker, which watches them. One key encrypts all.
 */
export class DeviceCredentials extends Construct {
  /** To be checked out. */
  public readonly credentials: BrokerCredential[];

  public constructor(scope: Construct, id: string, { credentials, environment, size, alarmTopic }: DeviceCredentialsProps) {
    super(scope, id);
    const { removalPolicy } = SIZING[size];
    const { key } = new SecretKey(this, 'Key', { removalPolicy: keptOnceMade(removalPolicy) });
    const made = credentials.map(({ id: name, kind, maxAge = DEFAULT_MAX_AGE, after }) => {
      const days = maxAge.toDays();
      const place = new Construct(this, `Credential-${name}`);
      const secret = secretFilledByHand(place, {
        description: `${kind} credential ${name} of ${environment}; ${after?._rotation ? BY_FUNCTION : BY_PERSON}`,
        secretName: nameInEnvironment(place, environment, `credentials/${name}/${kind.toLowerCase()}`),
        environment,
        encryptionKey: key,
        days,
        reason: 'Only a person can change it on the devices; its age is watched instead, with an alarm.',
        removalPolicy,
      });
      Tags.of(secret).add(DEVICE_CREDENTIAL_TAG, kind);
      if (after?._rotation) letRotate(secret, after._rotation);
      const overdue = onAge(ageMetric(secret.secretArn), days, `Credential ${name} of ${environment} is older than ${days} days, or empty: change it on the devices, and in its secret.`);
      told(new cloudwatch.Alarm(place, 'Overdue', overdue), alarmTopic);
      return { secret, credential: BrokerCredential.secretsManager(name, kind, secret, { after }) };
    });
    const secrets = made.map(({ secret }) => secret);
    this.credentials = made.map(({ credential }) => credential);
    for (let start = 0; start < secrets.length; start += SECRETS_OF_A_FUNCTION) {
      const watch = new Construct(this, `Ages${start / SECRETS_OF_A_FUNCTION}`);
      const failures = tellAges(watch, { secrets: secrets.slice(start, start + SECRETS_OF_A_FUNCTION), what: `credentials of ${environment} are`, removalPolicy });
      told(new cloudwatch.Alarm(watch, 'Failures', whenever(failures, `Nobody can tell how old credentials of ${environment} are.`)), alarmTopic);
    }
  }
}
