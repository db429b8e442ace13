import { writeFile } from 'node:fs/promises';
import * as path from 'node:path';
import { freePort } from '../../../src/drill/processes/free-port';
import { caddy as program } from '../installed';
import { keyHeaders } from './headers';
import type { Peer } from './peer';
import { startService } from './policy-service';

export const caddy: Peer = {
  name: 'caddy',
  does: 'Caddy with forward_auth and the policy service; no access log',
  async start(stage) {
    const { file: command } = program(stage.say);
    const [port, policy] = await Promise.all([freePort(), startService(stage, 'policy-service', 'caddy')]);
    const file = path.join(stage.folder, 'Caddyfile');
    // Without a name in the address, a connection that names no server is served too.
    await writeFile(file, `{
  admin off
  auto_https off
  persist_config off
  servers {
    protocols h1
  }
}
https://:${port} {
  bind 127.0.0.1
  tls ${stage.certificate.certFile} ${stage.certificate.keyFile} {
    protocols tls1.3
  }
  forward_auth 127.0.0.1:${policy.port} {
    uri /decide
  }
  reverse_proxy 127.0.0.1:${stage.corePort}
}
`);
    const started = stage.supervisor.start('caddy', command, ['run', '--config', file, '--adapter', 'caddyfile']);
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
