import { Duration, Tags } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { keptOnceMade } from '../kept-once-made';
import { told, whenever } from '../observability/told';
import { secretFilledByHand, tellAges } from '../secrets/filled-by-hand';
import { ageMetric, onAge } from '../secrets/secret-alarms';
import { nameInEnvironment } from '../secrets/secret-environment';
import { SecretKey } from '../secrets/secret-key';
import { Size, SIZING } from '../size';
import { BrokerCredential } from './broker-credential';
import { DEVICE_CREDENTIAL_TAG } from './contract';
import { checkDeviceCredentials } from './device-credential-checks';
import type { DeviceCredentialsProps } from './device-credentials-props';
import { letRotate } from './let-rotate';

/** As of keys that only their issuer renews (ours). */
const DEFAULT_MAX_AGE = Duration.days(90);

/** A function's variables have 4 KB (Lambda guide, "Lambda quotas"), of which a secret takes up to 400 bytes. */
const SECRETS_OF_A_FUNCTION = 10;

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

  /** That of each one's age, and those on what tells ages. */
  public readonly alarms: cloudwatch.IAlarm[] = [];

  /**
   * @throws if there are none, if an id is one that no job could name or is there twice, if `maxAge` is not whole days from 1 to 365, or if the stack has secrets of another
   * environment
   */
  public constructor(scope: Construct, id: string, props: DeviceCredentialsProps) {
    super(scope, id);
    checkDeviceCredentials(this, props);
    const { credentials, environment, alarmTopic, size = Size.PRODUCTION } = props;
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
      this.alarms.push(told(new cloudwatch.Alarm(place, 'Overdue', overdue), alarmTopic));
      return { secret, credential: BrokerCredential.secretsManager(name, kind, secret, { after }) };
    });
    const secrets = made.map(({ secret }) => secret);
    this.credentials = made.map(({ credential }) => credential);
    for (let start = 0; start < secrets.length; start += SECRETS_OF_A_FUNCTION) {
      const watch = new Construct(this, `Ages${start / SECRETS_OF_A_FUNCTION}`);
      const failures = tellAges(watch, { secrets: secrets.slice(start, start + SECRETS_OF_A_FUNCTION), what: `credentials of ${environment} are`, removalPolicy });
      this.alarms.push(told(new cloudwatch.Alarm(watch, 'Failures', whenever(failures, `Nobody can tell how old credentials of ${environment} are.`)), alarmTopic));
    }
  }
}
