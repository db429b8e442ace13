import { writeFile } from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { freePort } from '../../../src/drill/processes/free-port';
import { KEY_HEADER } from '../keys';
import type { Stage } from '../stage';
import { keyHeaders } from './headers';
import type { Peer } from './peer';
import { startService } from './policy-service';

const typed = (type: string, rest: object): object => ({ '@type': `type.googleapis.com/envoy.${type}`, ...rest });
const address = (port: number): object => ({ socket_address: { address: '127.0.0.1', port_value: port } });

function cluster(name: string, port: number): object {
  return {
    name,
    type: 'STATIC',
    connect_timeout: '2s',
    load_assignment: { cluster_name: name, endpoints: [{ lb_endpoints: [{ endpoint: { address: address(port) } }] }] },
  };
}

function configuration({ corePort, certificate }: Stage, port: number, policyPort: number): object {
  const tls = typed('extensions.transport_sockets.tls.v3.DownstreamTlsContext', {
    common_tls_context: {
      tls_params: { tls_minimum_protocol_version: 'TLSv1_3' },
      tls_certificates: [{ certificate_chain: { filename: certificate.certFile }, private_key: { filename: certificate.keyFile } }],
      alpn_protocols: ['http/1.1'],
    },
  });
  const authorization = typed('extensions.filters.http.ext_authz.v3.ExtAuthz', {
    http_service: {
      server_uri: { uri: `http://127.0.0.1:${policyPort}`, cluster: 'policy', timeout: '2s' },
      path_prefix: '/decide',
    },
    allowed_headers: { patterns: [{ exact: KEY_HEADER }] },
  });
  const manager = typed('extensions.filters.network.http_connection_manager.v3.HttpConnectionManager', {
    stat_prefix: 'bench',
    codec_type: 'HTTP1',
    route_config: { virtual_hosts: [{ name: 'all', domains: ['*'], routes: [{ match: { prefix: '/' }, route: { cluster: 'core' } }] }] },
    http_filters: [
      { name: 'authorization', typed_config: authorization },
      { name: 'router', typed_config: typed('extensions.filters.http.router.v3.Router', {}) },
    ],
  });
  return {
    static_resources: {
      listeners: [{
        name: 'front',
        address: address(port),
        filter_chains: [{ transport_socket: { name: 'tls', typed_config: tls }, filters: [{ name: 'manager', typed_config: manager }] }],
      }],
      clusters: [cluster('core', corePort), cluster('policy', policyPort)],
    },
  };
}

export const envoy: Peer = {
  name: 'envoy',
  does: 'Envoy with a worker for each processor, ext_authz over HTTP and the policy service; no access log',
  async start(stage) {
    const [port, policy] = await Promise.all([freePort(), startService(stage, 'policy-service', 'envoy')]);
    const file = path.join(stage.folder, 'envoy.json');
    await writeFile(file, JSON.stringify(configuration(stage, port, policy.port)));
    const started = stage.supervisor.start('envoy', stage.toolbox.envoy, ['-c', file, '--concurrency', String(os.availableParallelism()), '--use-dynamic-base-id', '-l', 'error']);
    return {
      url: `https://127.0.0.1:${port}`,
      pids: [started.pid, policy.process.pid],
      headersFor: keyHeaders,
      policyPort: policy.port,
      exited: started.exited,
      output: () => started.output() + policy.process.output(),
    };
  },
};
