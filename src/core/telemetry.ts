import { Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { invalidProp } from '../invalid-prop';
import { checkOtlpEndpoint } from './observed-variables';

/** Where to send what was measured. */
export interface OtlpProps {
  /** Of a collector: `https://…`, or `http://localhost:4317` of one in the same task. */
  readonly endpoint: string;

  /** What the Core is called in what it sends, such as `nodetool-api`. */
  readonly serviceName: string;
}

/** How the Core tells what it does, beside its log (MON-5). */
export class Telemetry {
  /**
   * By OpenTelemetry's protocol. The container is told `OTEL_SERVICE_NAME` and `OTEL_EXPORTER_OTLP_ENDPOINT`; what it sends, and that no secret is in it, is its own affair.
   *
   * A collector outside has to be named in the Core's egress.
   */
  public static otlp(props: OtlpProps): Telemetry {
    return new Telemetry(props);
  }

  private constructor(private readonly props: OtlpProps) {}

  /**
   * What the container is told.
   *
   * @internal
   */
  public _environment(scope: IConstruct, prop: string): Record<string, string> {
    const { endpoint, serviceName } = this.props;
    if (!Token.isUnresolved(serviceName) && serviceName.trim() === '') throw invalidProp(scope, `${prop}.serviceName`, serviceName, 'Say what the Core is called, such as nodetool-api.');
    checkOtlpEndpoint(scope, `${prop}.endpoint`, endpoint);
    return { OTEL_SERVICE_NAME: serviceName, OTEL_EXPORTER_OTLP_ENDPOINT: endpoint };
  }

  /**
   * Which server outside it needs; nothing for a collector in the same task, or one that only a deployment knows.
   *
   * @internal
   */
  public get _host(): string | undefined {
    const { endpoint } = this.props;
    return !Token.isUnresolved(endpoint) && endpoint.startsWith('https:') ? new URL(endpoint).hostname : undefined;
  }
}
