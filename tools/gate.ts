import { parseArgs } from 'node:util';
import { colorsOf } from '../src/cli/colors';
import { messageOf } from '../src/drill/message-of';
import { DOMAIN, KEYS_AND_TOKENS } from './trial/core';
import { openStand, type Stand } from './trial/stand';
import { attempt, bodyOf, type Door, type Outcome, triesAt } from './trial/tries';

const USAGE = `Usage: npm run gate -- [--once] [--edge]

  --once  try the four requests and end: 0 where all were answered as they should be, or else 1
  --edge  through the load balancer's stand-in (Envoy, from the same template) instead of straight to the gate`;

const paint = colorsOf(process.stdout);
const say = (line: string): void => console.log(`${paint.cyan('·')} ${line}`);

function doorTo({ gatePort, edgePort, edgeCaFile }: Stand, isEdge: boolean): Door {
  return isEdge
    ? { url: `https://${DOMAIN}:${edgePort}`, options: `--http1.1 --cacert ${edgeCaFile} --resolve ${DOMAIN}:${edgePort}:127.0.0.1`, isEdge }
    : { url: `https://127.0.0.1:${gatePort}`, options: '-k', isEdge };
}

function show(outcome: Outcome): void {
  const isRight = outcome.answered === outcome.status;
  const verdict = isRight ? paint.green(String(outcome.answered)) : paint.red(`${outcome.answered ?? 'no answer'}, and should be ${outcome.status}`);
  console.log(`\n${outcome.title} → ${verdict}\n  ${outcome.command}`);
  const lines = bodyOf(outcome).split('\n').filter((line) => line !== '');
  console.log(paint.dim([...lines.slice(0, 2), ...(lines.length > 2 ? [`… ${lines.length - 2} more lines`] : [])].map((line) => `  ${line}`).join('\n')));
}

/** True where every request was answered as it should be. */
async function tryAll(stand: Stand, isEdge: boolean): Promise<boolean> {
  const key = await stand.makeKey('chat');
  say('Made an API key with the scope chat; the table holds its SHA-256, and both end with this process. Trying four requests …');
  const outcomes: Outcome[] = [];
  for (const one of triesAt(doorTo(stand, isEdge))) outcomes.push(await attempt(one, key));
  console.log(`\nTo try them yourself, in another terminal:\n\n  export KEY=${key}`);
  outcomes.forEach(show);
  console.log(isEdge
    ? `
--cacert: the authority of this run vouches for the edge. --resolve: the name in the template is no name on this machine.
--http1.1: a refusal may come before the body has been sent; curl 7.88 takes that for an error of HTTP/2, which it is not (RFC 9113, 8.1).`
    : '\n-k: the gate makes key and certificate in its memory at every start, so nobody can vouch for them. The load balancer in front does not ask; callers meet its certificate (--edge).');
  return outcomes.every(({ status, answered }) => status === answered);
}

async function main(): Promise<void> {
  const { once, edge } = parseArgs({ options: { once: { type: 'boolean', default: false }, edge: { type: 'boolean', default: false } } }).values;
  const stand = await openStand({ authorizer: KEYS_AND_TOKENS, say });
  try {
    const isRight = await tryAll(stand, edge);
    if (!isRight) process.exitCode = 1;
    else if (!once) {
      console.log('');
      say('Everything stays up until Ctrl-C.');
      await untilInterrupted();
    }
  } finally {
    await stand.stop();
  }
}

/** The supervisor ends the process at a signal, so this promise is left open. */
function untilInterrupted(): Promise<never> {
  return new Promise(() => {
    setInterval(() => undefined, 60_000);
  });
}

main().catch((error: unknown) => {
  const isUsage = error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
  console.error(isUsage ? `${error.message}\n\n${USAGE}` : `The gate could not be tried: ${messageOf(error)}`);
  process.exitCode = isUsage ? 2 : 1;
});
