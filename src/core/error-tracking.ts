import type * as ecs from 'aws-cdk-lib/aws-ecs';
import type { IConstruct } from 'constructs';
import { invalidProp } from '../invalid-prop';
import { domainFault } from '../network/domain-name';
import { SENTRY_DSN } from './contract';

/** Where errors go. */
export interface SentryProps {
  /** The DSN, which lets its holder write into the project: from Secrets Manager or Parameter Store, and nowhere in plain sight (NT-64). */
  readonly dsn: ecs.Secret;

  /** The host of the DSN, such as `o123.ingest.sentry.io`: the Core's egress has to name it. */
  readonly host: string;
}

/** Who is told of the Core's errors (MON-4). What it sends, and that no secret is in it, is the container's own affair. */
export class ErrorTracking {
  /** Sentry, or what speaks its protocol: the container is given `SENTRY_DSN` when a task starts. */
  public static sentry(props: SentryProps): ErrorTracking {
    return new ErrorTracking(props);
  }

  private constructor(private readonly props: SentryProps) {}

  /**
   * What the container is filled with.
   *
   * @internal
   */
  public _secrets(scope: IConstruct, prop: string): Record<string, ecs.Secret> {
    const { dsn, host } = this.props;
    // For those whose compiler does not tell them; the text itself stays out of the message.
    if (typeof (dsn as Partial<ecs.Secret> | undefined)?.arn !== 'string') {
      throw invalidProp(scope, `${prop}.dsn`, `of type ${typeof dsn}`, 'Name a secret, ecs.Secret.fromSecretsManager(…): whoever has the DSN writes into the project.');
    }
    const fault = domainFault(host);
    if (fault !== undefined) throw invalidProp(scope, `${prop}.host`, host, fault);
    return { [SENTRY_DSN]: dsn };
  }

  /**
   * Which server outside it needs.
   *
   * @internal
   */
  public get _host(): string {
    return this.props.host;
  }
}
