import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as ecs from 'aws-cdk-lib/aws-ecs';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as secrets from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { invalidProp } from '../invalid-prop';
import { keptOnceMade } from '../kept-once-made';
import { LlmProvider } from '../network/llm-providers';
import { told, whenever } from '../observability/told';
import { isWhole } from '../whole-number';
import { containerSecret } from './container-secret';
import { secretFilledByHand, tellAges } from './filled-by-hand';
import type { KeptSecretProps } from './kept-secret-props';
import { ageMetric, onAge } from './secret-alarms';
import { checkEnvironment, markEnvironment, nameInEnvironment } from './secret-environment';
import { SecretKey } from './secret-key';

/** Whose key it is, and who uses it. */
export interface ProviderKeyIdentity {
  /**
   * Who issues it. Exactly one of `provider` and `variable` is given.
   *
   * @default - said by `variable`
   */
  readonly provider?: LlmProvider;

  /**
   * The variable that a container reads it from, such as `STRIPE_API_KEY`, for issuers that `LlmProvider` does not know.
   *
   * @default - said by `provider`
   */
  readonly variable?: string;

  /** Which environment of yours uses it, such as `production`: each has keys of its own (NT-37). */
  readonly environment: string;

  /**
   * Its name in AWS Secrets Manager, which begins with the environment and a slash.
   *
   * @default - the environment, a slash and the variable
   */
  readonly secretName?: string;
}

/** How a new key is kept. */
export interface ProviderKeyProps extends ProviderKeyIdentity, KeptSecretProps {
  /**
   * After how many days somebody has to have asked the issuer for a new one: whole days, 1 to 365.
   *
   * @default Duration.days(90)
   */
  readonly maxAge?: Duration;
}

/** Which key is there already. */
export interface ExistingProviderKeyProps extends ProviderKeyIdentity {
  /**
   * The key that encrypts it, such as `encryptionKey` of the one made elsewhere: who reads the secret has to be let use it.
   *
   * @default - the account's own for AWS Secrets Manager, which takes no grant
   */
  readonly encryptionKey?: kms.IKey;
}

/** A key of somebody's API that a container is given. */
export interface IProviderKey {
  /** The variable that a container reads it from, such as `OPENAI_API_KEY`. */
  readonly variable: string;

  /** Who issues it, whose hosts the container then reaches; nothing where `LlmProvider` does not know them. */
  readonly provider?: LlmProvider;

  /** What a container is given as its variable. */
  container(): ecs.Secret;
}

/** A quarter of a year, as for what we renew ourselves (our figure). */
const DEFAULT_MAX_AGE = Duration.days(90);
const MOST_DAYS = 365;

/** What the guides call them (NT-33 to NT-36). */
const VARIABLES: Readonly<Record<LlmProvider, string>> = {
  [LlmProvider.OPENAI]: 'OPENAI_API_KEY',
  [LlmProvider.ANTHROPIC]: 'ANTHROPIC_API_KEY',
  [LlmProvider.GEMINI]: 'GEMINI_API_KEY',
  [LlmProvider.HUGGING_FACE]: 'HF_TOKEN',
  [LlmProvider.REPLICATE]: 'REPLICATE_API_TOKEN',
  [LlmProvider.FAL]: 'FAL_API_KEY',
  [LlmProvider.ELEVENLABS]: 'ELEVENLABS_API_KEY',
};

/**
 * A key that only its issuer can renew (M-20): there is no rotation that would only look like one. Its age is watched, and an alarm says when somebody
 * has to ask for a new one.
 *
 * It is empty after the first deployment, which its alarm says: fill it with `aws secretsmanager put-secret-value` before the service starts that uses it. So it stands in a stack of its own.
 */
export class ProviderKey extends Construct implements IProviderKey {
  /**
   * One that is there already, such as one made by a ProviderKey of another stack, which watches its age. It has to hold a value before a service starts that uses it.
   *
   * @param scope in which its name is looked up
   * @param id of the reference to it
   */
  public static fromSecretName(scope: Construct, id: string, props: ExistingProviderKeyProps): IProviderKey {
    return new ExistingProviderKey(scope, id, props);
  }

  public readonly secret: secrets.ISecret;

  public readonly variable: string;

  public readonly provider?: LlmProvider;

  /** On an age that is too high or unknown, and on not being able to tell it. */
  public readonly alarms: cloudwatch.IAlarm[];

  public constructor(scope: Construct, id: string, props: ProviderKeyProps) {
    super(scope, id);
    const { environment, removalPolicy = RemovalPolicy.RETAIN } = props;
    this.variable = variableOf(this, props);
    this.provider = props.provider;
    const days = this.daysOf(props.maxAge ?? DEFAULT_MAX_AGE);
    const whose = `${this.variable} of ${environment}`;
    this.secret = secretFilledByHand(this, {
      description: `${whose}; only its issuer can renew it`,
      secretName: nameOf(this, this.variable, environment, props.secretName),
      environment,
      encryptionKey: props.encryptionKey ?? new SecretKey(this, 'Key', { removalPolicy: keptOnceMade(removalPolicy) }).key,
      days,
      reason: 'Only its issuer can renew it; its age is watched instead, with an alarm.',
      removalPolicy,
    });
    const failures = tellAges(this, { secrets: [this.secret], what: `${whose} is`, removalPolicy });
    const alarms = [
      new cloudwatch.Alarm(this, 'Overdue', onAge(this.metricAgeDays(), days, `${whose} is older than ${days} days, or empty: ask its issuer for another.`)),
      new cloudwatch.Alarm(this, 'Failures', whenever(failures, `Nobody can tell how old ${whose} is.`)),
    ];
    this.alarms = alarms.map((alarm) => told(alarm, props.alarmTopic));
  }

  /** How many days old the value is, told once a day. */
  public metricAgeDays(): cloudwatch.Metric {
    return ageMetric(this.secret.secretArn);
  }

  public container(): ecs.Secret {
    return containerSecret(this.secret);
  }

  private daysOf(maxAge: Duration): number {
    const days = maxAge.isUnresolved() ? undefined : maxAge.toDays({ integral: false });
    if (days === undefined || !isWhole(days, 1, MOST_DAYS)) throw invalidProp(this, 'maxAge', days === undefined ? 'a token' : `${days} days`, `Name whole days from 1 to ${MOST_DAYS}.`);
    return days;
  }
}

class ExistingProviderKey extends Construct implements IProviderKey {
  public readonly variable: string;
  public readonly provider?: LlmProvider;
  private readonly given: ecs.Secret;

  public constructor(parent: Construct, id: string, props: ExistingProviderKeyProps) {
    super(parent, id);
    const { provider, environment, secretName, encryptionKey } = props;
    this.variable = variableOf(this, props);
    this.provider = provider;
    const secret = secrets.Secret.fromSecretNameV2(this, 'Secret', nameOf(this, this.variable, environment, secretName));
    markEnvironment(secret, this, environment);
    this.given = containerSecret(secret, undefined, encryptionKey);
  }

  public container(): ecs.Secret {
    return this.given;
  }
}

function variableOf(scope: Construct, { provider, variable }: ProviderKeyIdentity): string {
  if ((provider === undefined) === (variable === undefined)) throw invalidProp(scope, 'variable', variable, 'Name exactly one of provider and variable.');
  const name = provider === undefined ? variable ?? '' : VARIABLES[provider];
  if (!/^[A-Z][A-Z0-9_]*$/.test(name)) throw invalidProp(scope, 'variable', name, 'Name a variable in capitals, such as STRIPE_API_KEY.');
  return name;
}

function nameOf(scope: Construct, variable: string, environment: string, secretName: string | undefined): string {
  return secretName === undefined ? nameInEnvironment(scope, environment, variable) : checkEnvironment(scope, environment, secretName);
}
