import { request } from 'node:https';
import { CONFIGURATION_VARIABLE, GATE_HEALTH_PATH } from '../../gate/contract';

/** Less than ECS waits for it (5 s, see the construct). */
const TIMEOUT_MS = 4000;

/**
 * The container's own health check: whether the gate's process answers, whatever its Core says.
 *
 * ECS replaces a task whose container is unwell, so the Core's trouble is not said here: the Core's container has a check of its own, and the load balancer, which asks GATE_HEALTH_PATH and
 * reads the status, stops sending requests here meanwhile. For the same reason a gate that drains is well.
 */
function check(exit: (code: number) => void): void {
  const { port } = JSON.parse(process.env[CONFIGURATION_VARIABLE] ?? '') as { readonly port: number };
  // The certificate was made a moment ago by the process that is asked; what is asked for and answered is no secret.
  const asked = request({ host: '127.0.0.1', port, path: GATE_HEALTH_PATH, rejectUnauthorized: false, agent: false, timeout: TIMEOUT_MS }, ({ statusCode }) => {
    exit(statusCode === 200 || statusCode === 503 ? 0 : 1);
  });
  asked.on('error', () => exit(1)).on('timeout', () => exit(1)).end();
}

check((code) => process.exit(code));
