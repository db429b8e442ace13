import { isApplicationLoadBalancer } from '../../../checks/rules/load-balancing';
import type { Resource } from '../../../checks/template/resource';
import type { TemplateGraph } from '../../../checks/template/template-graph';
import type { HygieneModel } from '../model';
import { attribute, type Inspection } from './inspect';
import { Spot } from './spot';
import { LOAD_BALANCER } from './types';

/** The application load balancers of the templates; network and gateway load balancers have no HTTP to attack. */
export function applicationLoadBalancers(graph: TemplateGraph, inspection: Inspection): ReadonlySet<Resource> {
  const found = new Set<Resource>();
  for (const loadBalancer of graph.ofType(LOAD_BALANCER)) {
    Spot.of(loadBalancer).get('Type').oneOf(['application', 'network', 'gateway']);
    if (!isApplicationLoadBalancer(loadBalancer)) {
      inspection.omit(loadBalancer, 'only application load balancers speak HTTP, which is what the drill attacks');
      continue;
    }
    inspection.inspect(loadBalancer);
    found.add(loadBalancer);
  }
  return found;
}

/** How requests are cleaned up on their way. AWS: "LoadBalancerAttribute" of the Elastic Load Balancing API reference, its defaults too. */
export function hygieneOf(loadBalancer: Resource): HygieneModel {
  const read = (key: string): Spot | undefined => attribute(loadBalancer, 'LoadBalancerAttributes', key);
  const flag = (key: string): boolean => read(key)?.flag(false) ?? false;
  return {
    dropInvalidHeaders: flag('routing.http.drop_invalid_header_fields.enabled'),
    desync: read('routing.http.desync_mitigation_mode')?.oneOf(['monitor', 'defensive', 'strictest']) ?? 'defensive',
    forwardedFor: read('routing.http.xff_header_processing.mode')?.oneOf(['append', 'preserve', 'remove']) ?? 'append',
    forwardedPort: flag('routing.http.xff_client_port.enabled'),
    tlsHeaders: flag('routing.http.x_amzn_tls_version_and_cipher_suite.enabled'),
    preserveHost: flag('routing.http.preserve_host_header.enabled'),
    idleTimeoutSeconds: read('idle_timeout.timeout_seconds')?.whole(1, 4000) ?? 60,
  };
}
