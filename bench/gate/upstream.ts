import { mkdir, writeFile } from 'node:fs/promises';
import * as path from 'node:path';
import type { Supervisor } from '../../src/drill/processes/supervisor';
import type { Program } from './installed';

export const CORE_PATH = '/v1/chat/completions';

/** What callers send, and what comes back: a short chat without its tokens streamed. */
export const REQUEST_BODY = JSON.stringify({ model: 'sample', messages: [{ role: 'user', content: 'Say in one sentence what a gate is for.' }] });
export const ANSWER_BODY = JSON.stringify({
  id: 'chatcmpl-1', object: 'chat.completion', created: 1_700_000_000, model: 'sample',
  choices: [{ index: 0, message: { role: 'assistant', content: 'A gate lets in those who may, and keeps a record of everybody who asked.' }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 17, completion_tokens: 16, total_tokens: 33 },
});

/** What nginx needs wherever it runs here; one worker unless said otherwise. */
export function nginxMain(folder: string, workers: number | 'auto'): string {
  return `
daemon off;
worker_processes ${workers};
pid ${folder}/nginx.pid;
error_log stderr error;
events { worker_connections 4096; }
`;
}

/** Paths that Debian's build would take from the system. */
export function nginxPaths(folder: string): string {
  return ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `  ${name}_temp_path ${folder}/${name};`).join('\n');
}

/** The Core: nginx with one fixed answer of a known length, which costs little beside any proxy. */
export async function startUpstream({ supervisor, nginx, corePort }: { readonly supervisor: Supervisor; readonly nginx: Program; readonly corePort: number }): Promise<void> {
  const folder = path.join(supervisor.folder, 'core');
  await mkdir(folder);
  const file = path.join(folder, 'nginx.conf');
  await writeFile(file, `${nginxMain(folder, 1)}
http {
${nginxPaths(folder)}
  access_log off;
  keepalive_requests 100000000;
  keepalive_timeout 300s;
  server {
    listen 127.0.0.1:${corePort} backlog=1024;
    default_type application/json;
    location = ${CORE_PATH} { return 200 '${ANSWER_BODY}'; }
    location = /health { return 200 '{}'; }
    location = /connections { stub_status; }
  }
}
`);
  supervisor.start('core', nginx.file, ['-c', file, '-p', folder, '-e', 'stderr'], nginx.env);
}

/** How many connections and requests the Core has had so far; the one that asks is among them. */
export async function coreCounts(corePort: number): Promise<{ readonly connections: number; readonly requests: number }> {
  const text = await (await fetch(`http://127.0.0.1:${corePort}/connections`)).text();
  const [, accepted, , requests] = /requests\s+(\d+) (\d+) (\d+)/.exec(text) ?? [];
  return { connections: Number(accepted), requests: Number(requests) };
}
