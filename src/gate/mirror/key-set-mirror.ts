import { Duration, RemovalPolicy, Stack, Token } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { invalidProp, isListToken } from '../../invalid-prop';
import { parsedUrl } from '../../parsed-url';
import { bundled } from '../../runtime-function';
import type { GateTable } from '../gate-table';
import { MIRROR_TABLE_VARIABLE, MIRROR_TIMEOUT_SECONDS, MIRROR_URIS_VARIABLE } from './contract';

/** Which key sets to mirror, and where to. */
export interface KeySetMirrorProps {
  /** Where the gates read them. */
  readonly table: GateTable;

  /** Where issuers publish their signing keys, such as `https://login.acme.com/.well-known/jwks.json`. */
  readonly uris: string[];

  /**
   * What becomes of its log group when the stack is destroyed.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;
}

/**
 * The shortest that EventBridge schedules. A gate cannot ask the issuer about a signing key that it does not know, so this, with the gate's
 * own time to live, is how long a new key waits and a withdrawn one lasts; and sixty runs can fail before the gates trust the copy no more.
 */
const INTERVAL = Duration.minutes(1);

/** Every key set takes an attempt of three seconds at the same time as the others; Lambda's environment holds 4 KB. */
const MAX_URIS = 10;

/**
 * Copies issuers' signing keys to where gates in isolated subnets reach them (IDN-5).
 *
 * It runs outside any VPC: the network of the Core needs no way to the internet for it. What it fetches is public, and is checked as the gate checks it.
 */
export class KeySetMirror extends Construct {
  /** The function, such as for an alarm on its errors: it fails where one of the key sets could not be copied. */
  public readonly handler: lambda.IFunction;

  public constructor(scope: Construct, id: string, props: KeySetMirrorProps) {
    super(scope, id);
    this.checkUris(props.uris);
    const log = new logs.LogGroup(this, 'Log', { retention: logs.RetentionDays.ONE_MONTH, removalPolicy: props.removalPolicy ?? RemovalPolicy.RETAIN });
    const role = new iam.Role(this, 'Role', { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'), description: 'Writes mirrored signing keys; can read and write nothing else' });
    props.table.grantMirror(role);
    log.grants.write(role);
    const handler = new lambda.Function(this, 'Function', {
      description: 'Copies the signing keys of token issuers to where the gates read them',
      ...bundled('mirror'),
      timeout: Duration.seconds(MIRROR_TIMEOUT_SECONDS),
      environment: { [MIRROR_TABLE_VARIABLE]: props.table.tableName, [MIRROR_URIS_VARIABLE]: Stack.of(this).toJsonString(props.uris) },
      role: role.withoutPolicyUpdates(),
      logGroup: log,
      // The next run is the retry.
      retryAttempts: 0,
      maxEventAge: INTERVAL,
    });
    this.handler = handler;
    new events.Rule(this, 'Schedule', {
      description: 'Keeps the copies of signing keys young',
      schedule: events.Schedule.rate(INTERVAL),
      targets: [new targets.LambdaFunction(handler, { retryAttempts: 0, maxEventAge: INTERVAL })],
    });
  }

  /** How many runs failed, since some key set could not be copied. */
  public metricFailures(props?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.handler.metricErrors(props);
  }

  private checkUris(uris: string[]): void {
    if (isListToken(uris)) throw invalidProp(this, 'uris', uris, 'Write the list out; its entries may be known to the deployment alone.');
    if (uris.length === 0 || uris.length > MAX_URIS || new Set(uris).size < uris.length) throw invalidProp(this, 'uris', uris, `Name 1 to ${MAX_URIS} different key sets.`);
    for (const uri of uris) {
      if (!Token.isUnresolved(uri) && !isHttps(uri)) throw invalidProp(this, 'uris', uri, 'Name an https URL, without a user, a password or a fragment.');
    }
  }
}

function isHttps(uri: string): boolean {
  const url = parsedUrl(uri);
  return url?.protocol === 'https:' && url.username === '' && url.password === '' && url.hash === '';
}
