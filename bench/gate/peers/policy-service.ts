import { freePort } from '../../../src/drill/processes/free-port';
import type { ManagedProcess } from '../../../src/drill/processes/supervisor';
import { SETTINGS_VARIABLE } from '../services/settings';
import type { Stage } from '../stage';

/** One of the bench's own services, of which each peer has its own. */
export async function startService(stage: Stage, service: keyof Stage['services'], owner: string): Promise<{ readonly port: number; readonly process: ManagedProcess }> {
  const port = await freePort();
  const started = stage.supervisor.start(`${service} of ${owner}`, process.execPath, [stage.services[service]], {
    ...stage.tableEnvironment,
    [SETTINGS_VARIABLE]: JSON.stringify(stage.settingsFor(owner, port)),
    NODE_ENV: 'production',
  });
  return { port, process: started };
}
