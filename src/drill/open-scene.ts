import { execFile } from 'node:child_process';
import { setTimeout as after } from 'node:timers/promises';
import type { RunningEdge } from './edge/envoy/edge';
import type { EdgeModel, ListenerModel, RuleModel } from './edge/model';
import type { GateHouse } from './gate/house';
import { inHand } from './gate/scene';
import { gateOf } from './gate/translate';
import { legitimateRequest } from './legitimate';
import type { Scene } from './scene';
import type { WireAddress } from './services/connection';
import type { IssuerService } from './services/issuer';
import type { Pki } from './services/pki';
import type { SampleCore } from './services/sample-core';
import { Transcript } from './services/transcript';
import { openAnswer, send, sendRaw } from './services/wire';
import type { Switches } from './switches';
import type { Toolbox } from './toolbox/toolbox';

/** What runs for as long as the drill does; every attack meets the same. */
export interface SceneParts {
  readonly model: EdgeModel;
  readonly edge: Pick<RunningEdge, 'address'>;
  readonly switches: Switches;
  readonly core: Pick<SampleCore, 'canary' | 'reached' | 'port'>;
  readonly house: GateHouse;
  readonly issuer: IssuerService;
  readonly pki: Pick<Pki, 'serverCaPem' | 'clients' | 'certificateFor'>;
  readonly toolbox: Pick<Toolbox, 'sslyze'>;
}

const TOOL_TIMEOUT_MS = 60_000;
const TOOL_OUTPUT_BYTES = 16 * 1024 * 1024;

/**
 * A scene for one attack. It owns nothing that would have to be closed, so each attack gets one of its own, with its own transcript.
 *
 * @param transcript what the attack's record keeps; lines are added as they happen, and are there when the attack throws
 */
export function openScene({ model, edge, switches, core, house, issuer, pki, toolbox }: SceneParts, transcript: string[]): Scene {
  const story = new Transcript(transcript);
  const addressOf = (listener: ListenerModel, plaintext: boolean): WireAddress =>
    ({ ...edge.address(listener), ...(listener.tls === undefined || plaintext ? {} : { serverCaPem: pki.serverCaPem }) });
  const gate = (listener: ListenerModel, rule: RuleModel) => inHand(listener, rule, { house, issuer, pki });
  return {
    model,
    send: (listener, request) => send(addressOf(listener, false), request, story),
    open: (listener, request) => openAnswer(addressOf(listener, false), request, story),
    sendRaw: (listener, bytes, { plaintext = false, ...caller } = {}) => sendRaw(addressOf(listener, plaintext), bytes, caller, story),
    address: (listener) => edge.address(listener),
    canary: () => core.canary(),
    reached: (canary) => core.reached(canary),
    issuer: (jwt) => issuer.issuer(jwt),
    clients: pki.clients,
    lockDown: async (listener, isLocked) => {
      story.note(isLocked ? 'The lock-down switch is thrown' : 'The lock-down switch is taken back');
      await switches.set(listener, isLocked);
    },
    tool: (name, args) => {
      story.note(`$ ${name} ${args.join(' ')}`);
      return run(name, toolbox[name], args);
    },
    note: (line) => story.note(line),
    legitimate: (listener, rule) => legitimateRequest(listener, rule, { issuer: (jwt) => issuer.issuer(jwt), clients: pki.clients, gate }),
    gate,
    hop: (_, rule) => {
      const behind = gateOf(rule);
      return (behind === undefined ? [core.port] : house.at(behind.place).ports).map((port) => ({ host: '127.0.0.1', port }));
    },
    undecided: async (requestId) => UNDECIDED.has(await reasonFor(house, requestId) ?? ''),
    sendPlain: (to, bytes) => sendRaw(to, bytes, {}, story),
  };
}

/** What a gate gives as its reason where its store, its table or the reader of its records was not heard in time. */
const UNDECIDED: ReadonlySet<string> = new Set(['redis-slow', 'redis-gone', 'revocations-outdated', 'audit-stuck']);

/** A record is written when its request is over, which the caller may know first. */
const RECORDED_MS = 2000;
const POLL_MS = 20;

/** What is recorded as the reason of a refusal; undefined where no task has recorded one. */
async function reasonFor({ gates }: GateHouse, requestId: string): Promise<string | undefined> {
  if (gates.every(({ tasks }) => tasks.length === 0)) return undefined;
  for (const end = performance.now() + RECORDED_MS; ;) {
    for (const gate of gates) {
      const record = gate.records().find(({ request_id: id }) => id === requestId);
      if (record !== undefined) return record.reason;
    }
    if (performance.now() > end) return undefined;
    await after(POLL_MS);
  }
}

/** What a program printed that has run to its end. With what code is not asked: a scanner that finds something ends with an error. */
function run(name: string, command: string, args: readonly string[]): Promise<string> {
  // It learns nothing of the caller but where programs are.
  const env = { PATH: process.env.PATH ?? '', LANG: 'C.UTF-8' };
  return new Promise((resolve, reject) => {
    execFile(command, args, { env, timeout: TOOL_TIMEOUT_MS, killSignal: 'SIGKILL', maxBuffer: TOOL_OUTPUT_BYTES }, (error, stdout, stderr) => {
      // A number is how a program ended that was let finish.
      if (error !== null && typeof error.code !== 'number') reject(new Error(`${name} did not run to its end (${String(error.code ?? error.signal)}).`));
      else if (error !== null && stdout === '') reject(new Error(`${name} printed nothing and said: ${stderr.trim().split('\n').at(-1) ?? ''}`));
      else resolve(stdout);
    });
  });
}
