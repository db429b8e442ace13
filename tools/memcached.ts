import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { findMemcached, MEMCACHED_WANTED } from '../src/drill/services/memcached';
import { ToolboxError } from '../src/drill/toolbox/toolbox-error';
import { aptInstall, canInstall } from './apt';

/** What a package asks before it starts its service: 101 forbids it (Debian Policy, invoke-rc.d). */
const POLICY = '/usr/sbin/policy-rc.d';

/** Has a Memcached installed where that can be done without asking anybody; elsewhere says how, for nothing takes its place. */
export function prepareMemcached(say: (line: string) => void): void {
  if (findMemcached() !== undefined) return;
  if (canInstall()) {
    say('Installing memcached for the tests of the cache (once, some seconds; no service is started) …');
    withoutServices(() => aptInstall('memcached'));
  }
  if (findMemcached() === undefined) throw new ToolboxError(`npm test needs ${MEMCACHED_WANTED} on the PATH, and none was found.`);
}

/** The package has a system service, which would listen on its port from then on. A policy that somebody has made stays as it is. */
function withoutServices(install: () => void): void {
  if (existsSync(POLICY)) {
    install();
    return;
  }
  writeFileSync(POLICY, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    install();
  } finally {
    rmSync(POLICY, { force: true });
  }
}
