import { mkdir, writeFile } from 'node:fs/promises';
import * as path from 'node:path';
import { freePort } from '../../../src/drill/processes/free-port';
import { nginxMain, nginxPaths } from '../upstream';
import { keyHeaders } from './headers';
import type { Peer } from './peer';
import { startService } from './policy-service';

export const nginx: Peer = {
  name: 'nginx',
  does: 'nginx with a worker for each processor, auth_request and the policy service; no access log',
  async start(stage) {
    const folder = path.join(stage.folder, 'nginx');
    await mkdir(folder);
    const [port, policy] = await Promise.all([freePort(), startService(stage, 'policy-service', 'nginx')]);
    const file = path.join(folder, 'nginx.conf');
    await writeFile(file, `${nginxMain(folder, 'auto')}
http {
${nginxPaths(folder)}
  access_log off;
  keepalive_requests 100000000;
  keepalive_timeout 300s;
  upstream core { server 127.0.0.1:${stage.corePort}; keepalive 64; keepalive_requests 100000000; }
  upstream policy { server 127.0.0.1:${policy.port}; keepalive 64; keepalive_requests 100000000; }
  server {
    listen 127.0.0.1:${port} ssl backlog=1024;
    ssl_certificate ${stage.certificate.certFile};
    ssl_certificate_key ${stage.certificate.keyFile};
    ssl_protocols TLSv1.3;
    proxy_http_version 1.1;
    proxy_set_header Connection "";
    location / {
      auth_request /policy;
      # auth_request knows 401 and 403 alone.
      error_page 403 = @over;
      proxy_pass http://core;
    }
    location = /policy {
      internal;
      proxy_pass http://policy/over-403;
      proxy_pass_request_body off;
      proxy_set_header Content-Length "";
      # Said again: a location that sets one header inherits none.
      proxy_set_header Connection "";
    }
    location @over { return 429; }
  }
}
`);
    const started = stage.supervisor.start('nginx', stage.nginx.file, ['-c', file, '-p', folder, '-e', 'stderr'], stage.nginx.env);
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
