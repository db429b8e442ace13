import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type { IConstruct } from 'constructs';
import { invalidProp } from '../invalid-prop';
import type { MetricsConfiguration } from './contract';
import type { MetricsOptions } from './gate-props';

/** What exporters of metrics usually listen on (OpenTelemetry specification, Prometheus exporter). It has no port mapping, without which no target group can name it. */
export const METRICS_PORT = 9464;

/** CloudWatch guide, "Metrics concepts": 1 to 255 characters. */
const MAX_NAMESPACE_LENGTH = 255;
const NAMESPACE = /^(?!AWS\/)[A-Za-z0-9._/#-][A-Za-z0-9._/#:-]{0,254}$/;
const PREFIX = 'SecureCore/';

/** As the gate is told. The namespace is the gate's place in the app, which two gates never share. */
export function metricsOf(scope: IConstruct, corePort: number, { namespace, scrapers = [] }: MetricsOptions = {}): MetricsConfiguration {
  if (namespace !== undefined && !NAMESPACE.test(namespace)) {
    throw invalidProp(scope, 'gate.metrics.namespace', namespace, 'Name 1 to 255 letters, digits and . - _ / # :, not beginning with a colon or AWS/, which is AWS\'s own.');
  }
  // An address is nobody's: whoever has it next would read the metrics (CX-56).
  if (scrapers.some(({ connections }) => connections.securityGroups.length === 0)) {
    throw invalidProp(scope, 'gate.metrics.scrapers', 'without a security group', 'Name what asks, such as the service that runs Prometheus: addresses are not let in.');
  }
  if (scrapers.length > 0 && corePort === METRICS_PORT) {
    throw invalidProp(scope, 'corePort', corePort, 'Metrics are read there, in the same task: have the Core listen on another port, or name no scrapers.');
  }
  return {
    namespace: namespace ?? ownNamespace(scope),
    ...(scrapers.length > 0 && { port: METRICS_PORT }),
  };
}

function ownNamespace({ node }: IConstruct): string {
  const namespace = PREFIX + node.path.replaceAll(/[^A-Za-z0-9._/#-]/g, '-');
  return namespace.length <= MAX_NAMESPACE_LENGTH ? namespace : `${namespace.slice(0, MAX_NAMESPACE_LENGTH - node.addr.length - 1)}-${node.addr}`;
}

/** Lets those in who read metrics. */
export function letScrape(service: ec2.IConnectable, { scrapers = [] }: MetricsOptions = {}): void {
  for (const scraper of scrapers) service.connections.allowFrom(scraper, ec2.Port.tcp(METRICS_PORT), 'Reads metrics');
}
