import { setTimeout as after } from 'node:timers/promises';
import { Agent, request } from 'undici';
import { type BenchKey, LIMITED_REQUESTS } from './keys';
import type { Peer, RunningPeer } from './peers/peer';
import type { Stage } from './stage';
import { ANSWER_BODY, CORE_PATH, coreCounts, REQUEST_BODY } from './upstream';

const STARTUP_MS = 90_000;
const POLL_MS = 100;
const PROBES = 300;
const PROBE_CONNECTIONS = 8;
/** What pools may open beyond the connections that are in use: one for each worker, and some for luck. */
const MOST_CONNECTIONS = 4 * PROBE_CONNECTIONS;

interface Answer {
  readonly status: number;
  readonly body: string;
}

/** Waits until a peer answers, and asserts that it does what everybody has to do. @throws with what it did instead */
export async function check(peer: Peer, running: RunningPeer, stage: Stage): Promise<void> {
  const agent = new Agent({ connections: PROBE_CONNECTIONS, connect: { rejectUnauthorized: false } });
  let fromCaller = 0;
  agent.on('connect', () => { fromCaller += 1; });
  const ask = async (key: BenchKey): Promise<Answer> => {
    try {
      const { statusCode, body } = await request(`${running.url}${CORE_PATH}`, {
        method: 'POST', headers: { ...running.headersFor(key) }, body: REQUEST_BODY, dispatcher: agent, bodyTimeout: 10_000, headersTimeout: 10_000,
      });
      const answer = { status: statusCode, body: await body.text() };
      running.tally?.add(1);
      return answer;
    } catch (error) {
      running.tally?.add(0, 1);
      throw error;
    }
  };
  const demand = (isRight: boolean, what: string): void => {
    if (!isRight) throw new Error(`${peer.name}: ${what}. Its last words: ${lastWords(running.output()) || 'none'}`);
  };
  const [good] = stage.keys.good;
  if (!good) throw new Error('There are no keys.');
  try {
    demand(await answers(() => ask(good), running), 'it ended, or gave no 200 in time');
    const answer = await ask(good);
    demand(answer.status === 200 && isSame(answer.body, running), `a good key got ${answer.status} and ${answer.body.slice(0, 200)}`);
    if (running.decides === false) return;
    const unknown = await ask(stage.keys.unknown);
    demand(unknown.status === 401, `an unknown key got ${unknown.status}`);
    await checkLimit(ask, stage.keys.limited, demand);
    fromCaller = 0;
    await checkConnections(running, stage, async () => {
      const wrong = (await Promise.all(Array.from({ length: PROBES }, async (_, index) => ask(stage.keys.good[index % stage.keys.good.length] ?? good)))).filter(({ status }) => status !== 200);
      demand(wrong.length === 0, `${wrong.length} of ${PROBES} requests got ${wrong[0]?.status ?? ''}`);
    }, demand);
    demand(fromCaller <= MOST_CONNECTIONS, `${PROBES} requests over ${PROBE_CONNECTIONS} connections opened ${fromCaller}`);
  } finally {
    await agent.destroy();
  }
}

/** Without what the AWS SDK says of the age of Node.js. */
function lastWords(output: string): string {
  return output.replace(/\(node:\d+\) Warning: NodeVersionSupportWarning[\s\S]*?warning was created\)/g, '').trim().slice(-600);
}

async function answers(ask: () => Promise<Answer>, { exited }: RunningPeer): Promise<boolean> {
  const state = { isOver: false };
  void exited?.then(() => { state.isOver = true; });
  for (const deadline = Date.now() + STARTUP_MS; Date.now() < deadline && !state.isOver;) {
    if ((await ask().catch(() => undefined))?.status === 200) return true;
    await after(POLL_MS);
  }
  return false;
}

/** LiteLLM makes a new answer of the Core's; the others send it on byte for byte. */
function isSame(body: string, { rewritesAnswers }: RunningPeer): boolean {
  if (rewritesAnswers !== true) return body === ANSWER_BODY;
  const contentOf = (text: string): unknown => (JSON.parse(text) as { readonly choices?: readonly { readonly message?: { readonly content?: unknown } }[] }).choices?.[0]?.message?.content;
  return contentOf(body) === contentOf(ANSWER_BODY);
}

async function checkLimit(ask: (key: BenchKey) => Promise<Answer>, key: BenchKey, demand: (isRight: boolean, what: string) => void): Promise<void> {
  const statuses: number[] = [];
  for (let count = 0; count <= 2 * LIMITED_REQUESTS; count += 1) statuses.push((await ask(key)).status);
  const granted = statuses.filter((status) => status === 200).length;
  const isRight = statuses.at(-1) === 429 && granted <= LIMITED_REQUESTS + 1 && statuses.every((status) => status === 200 || status === 429);
  demand(isRight, `${LIMITED_REQUESTS} requests allowed, answers were ${statuses.join(' ')}`);
}

/** Connections that are not kept would be measured in place of what is compared. */
async function checkConnections(running: RunningPeer, stage: Stage, probe: () => Promise<void>, demand: (isRight: boolean, what: string) => void): Promise<void> {
  const policyConnections = async (): Promise<number> => (running.policyPort === undefined ? 0 : Number(await (await fetch(`http://127.0.0.1:${running.policyPort}/connections`)).text()));
  const [core, policy] = [await coreCounts(stage.corePort), await policyConnections()];
  await probe();
  const [coreAfter, policyAfter] = [await coreCounts(stage.corePort), await policyConnections()];
  const opened = { core: coreAfter.connections - core.connections, policy: policyAfter - policy };
  demand(coreAfter.requests - core.requests >= PROBES, `the Core saw ${coreAfter.requests - core.requests} of ${PROBES} requests`);
  demand(opened.core <= MOST_CONNECTIONS && opened.policy <= MOST_CONNECTIONS, `${PROBES} requests opened ${opened.core} connections to the Core and ${opened.policy} to the policy service`);
}
