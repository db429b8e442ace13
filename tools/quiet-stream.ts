import { parseArgs } from 'node:util';
import { STREAM_IDLE_TIMEOUT } from '../src/ingress/ingress-checks';
import { messageOf } from '../src/drill/message-of';
import { openAiAt } from './trial/client';
import { KEYS_ALONE } from './trial/core';
import { openStand, type Stand } from './trial/stand';

/** As long as a model may think before the default idle timeout of many proxies and clients has passed several times over. */
const SILENT_SECONDS = '300';

const started = performance.now();
const seconds = (from: number, to = performance.now()): string => ((to - from) / 1000).toFixed(1);
const say = (line: string): void => console.log(`[${seconds(started)} s] ${line}`);

/** OpenAI's client streams through edge, gate and Core, and the Core is silent in the middle. True where all of it arrived. */
async function isWhole(stand: Stand, silent: number): Promise<boolean> {
  const key = await stand.makeKey('chat');
  const stream = await openAiAt(stand, key, { maxRetries: 0 }).chat.completions.create({
    model: `quiet-${silent}s`, messages: [{ role: 'user', content: 'Hello?' }], stream: true,
  });
  let said = '';
  let last = performance.now();
  let longest = 0;
  let reason: string | null | undefined;
  for await (const { choices: [choice] } of stream) {
    const now = performance.now();
    if (said === '') say(`The first word has arrived; the Core says nothing for ${silent} s …`);
    else longest = Math.max(longest, now - last);
    last = now;
    said += choice?.delta.content ?? '';
    reason = choice?.finish_reason;
  }
  const measured = longest / 1000;
  say(`The client was told: "${said}" (${reason ?? 'without an end'}); the longest silence was ${measured.toFixed(1)} s.`);
  // Timers of two processes are not compared to the millisecond.
  return reason === 'stop' && said.endsWith('in.') && measured > silent - 1;
}

async function main(): Promise<void> {
  const { seconds: wanted } = parseArgs({ options: { seconds: { type: 'string', default: SILENT_SECONDS } } }).values;
  const silent = Number(wanted);
  if (!Number.isInteger(silent) || silent < 1) throw new Error(`--seconds ${wanted}: name a whole number of seconds.`);
  const stand = await openStand({ authorizer: KEYS_ALONE, say });
  try {
    say(`OpenAI's client asks through edge, gate and Core; streams may be idle for ${STREAM_IDLE_TIMEOUT.toSeconds()} s, which is the default.`);
    if (await isWhole(stand, silent)) say('Passed: a quiet stream is left alone.');
    else {
      say('Failed: the stream did not arrive as it was sent.');
      process.exitCode = 1;
    }
  } finally {
    await stand.stop();
  }
}

main().catch((error: unknown) => {
  say(`Failed: ${messageOf(error)}`);
  process.exitCode = 1;
});
