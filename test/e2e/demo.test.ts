import { spawnSync } from 'node:child_process';
import * as path from 'node:path';
import { ROOT } from '../support/examples';

describe('npm run demo', () => {
  const run = spawnSync(process.execPath, [path.join(ROOT, 'node_modules/tsx/dist/cli.mjs'), 'tools/demo.ts'], {
    cwd: ROOT,
    encoding: 'utf8',
    env: { ...process.env, NODE_ENV: 'production', CDK_VALIDATION: 'true', CI: 'true' },
  });

  test('ends well and says what it is doing while it works', () => {
    expect(run.stderr).toBe('');
    expect(run.status).toBe(0);
    expect(run.stdout.match(/\[\d+\.\d s\]/g)?.length).toBeGreaterThanOrEqual(6);
  });

  test('uses no colours outside a terminal', () => {
    expect(run.stdout).not.toContain('\u001b[');
  });

  test('draws the path of a request through the safe app from its template', () => {
    const drawn = run.stdout.slice(0, run.stdout.indexOf('verdict'));
    const hops = [
      'callers        10.20.0.0/16 on port 443', 'Lockdown: an address that the lock-down switch shuts out → 503',
      'RateLimit: an address above 6000 requests in 60 s → 429', 'internal', 'TLS13-1-3-2021-06',
      'path-pattern /v1/evaluate and http-request-method POST → JWT', 'aud = core', 'anything else → 404', '2 to 10 × Core',
    ];
    for (const hop of hops) {
      expect(drawn).toContain(hop);
    }
  });

  test('finds nothing in the safe app, and in the unsafe one what is wrong and how to fix it', () => {
    const [safe = '', unsafe = ''] = run.stdout.split('Synthesizing examples/unsafe');
    expect(safe).toContain('0 fatal, 0 error, 0 warning');
    expect(unsafe).toContain('ANYBODY (0.0.0.0/0) on port 80');
    for (const rule of ['IDN-1.authenticated', 'TLS-1.https-listener', 'TLS-4.redirect-only', 'TLS-7.request-hygiene', 'NET-2.bounded-sources', 'NET-3.only-443', 'RTL-1.rate-limited',
      'SEC-1.environment', 'CTR-1.pinned-image', 'CTR-2.non-root', 'CTR-3.limits', 'CTR-4.read-only-root', 'CTR-5.capabilities', 'AUD-2.hot-retention']) {
      expect(unsafe).toContain(rule);
    }
    expect(unsafe).not.toContain('put-the-key-here');
  });
});
