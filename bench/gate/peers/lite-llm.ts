import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import * as path from 'node:path';
import { freePort } from '../../../src/drill/processes/free-port';
import { AMPLE_REQUESTS, LIMITED_REQUESTS } from '../keys';
import { liteLlm as program } from '../installed';
import type { Stage } from '../stage';
import { COMMON_HEADERS } from './headers';
import type { Peer } from './peer';

/** Without a database it knows no virtual keys; who calls is then said by a function like this, and its own limiter counts what that grants. */
function authentication({ keys }: Stage): string {
  const limits = [...keys.good.map((key) => [key, AMPLE_REQUESTS] as const), [keys.limited, LIMITED_REQUESTS] as const];
  return `
import hashlib
from litellm.proxy._types import ProxyException, UserAPIKeyAuth

KEYS = {${limits.map(([{ digest }, limit]) => `"${digest}": ${limit}`).join(', ')}}

async def authenticate(request, api_key):
    digest = hashlib.sha256(api_key.removeprefix("Bearer ").encode()).hexdigest()
    limit = KEYS.get(digest)
    if limit is None:
        raise ProxyException(message="unknown key", type="auth_error", param="key", code=401)
    return UserAPIKeyAuth(api_key=digest, rpm_limit=limit)
`;
}

function configuration({ corePort, redis, liteLlmUser }: Stage): object {
  return {
    model_list: [{ model_name: 'sample', litellm_params: { model: 'openai/sample', api_base: `http://127.0.0.1:${corePort}/v1`, api_key: 'unused' } }],
    general_settings: { custom_auth: 'bench_auth.authenticate' },
    litellm_settings: {
      telemetry: false,
      // Its limiter counts in the Redis of the cache; no answer is kept there.
      cache: true,
      cache_params: { type: 'redis', host: redis.host, port: redis.port, username: liteLlmUser.userName, password: liteLlmUser.password, ssl: true, ssl_cert_reqs: 'none', supported_call_types: [] },
    },
  };
}

export const liteLlm: Peer = {
  name: 'litellm',
  does: "LiteLLM's proxy, one worker as it starts by itself: keys by SHA-256 in its custom_auth, its own limiter (rpm) in the same Redis",
  async start(stage) {
    const { file } = program(stage.say);
    const port = await freePort();
    const config = path.join(stage.folder, 'litellm.json');
    await Promise.all([writeFile(config, JSON.stringify(configuration(stage)), { mode: 0o600 }), writeFile(path.join(stage.folder, 'bench_auth.py'), authentication(stage))]);
    const started = stage.supervisor.start('litellm', file, [
      '--config', config, '--host', '127.0.0.1', '--port', String(port), '--ssl_keyfile_path', stage.certificate.keyFile, '--ssl_certfile_path', stage.certificate.certFile,
    ], { LITELLM_LOG: 'ERROR', LITELLM_LOCAL_MODEL_COST_MAP: 'True', LITELLM_TELEMETRY: 'False', PYTHONUNBUFFERED: '1', LITELLM_MASTER_KEY: `sk-${randomBytes(32).toString('hex')}` });
    return {
      url: `https://127.0.0.1:${port}`,
      pids: [started.pid],
      headersFor: (key) => ({ ...COMMON_HEADERS, authorization: `Bearer ${key.text}` }),
      rewritesAnswers: true,
      exited: started.exited,
      output: () => started.output(),
    };
  },
};
