import { type Caller, type Cast, INTERNET_HOST, type Outsider } from './cast';
import type { VpcModel } from './model';
import { INTERNET, namespaceOf, PEER, RESOLVER } from './names';
import type { Dial, DialResult, Wire } from './wire';

/** Somebody on the internet whom nobody has asked. */
export const SOMEBODY: Outsider = { address: INTERNET_HOST, via: 'internet' };

/** Where somebody tries to get to. */
export interface Attempt extends Pick<Dial, 'port' | 'speaks' | 'name'> {
  readonly from: Caller;
  /** A host's key, `INTERNET` for the host there, or `RESOLVER`. */
  readonly to: string;
}

/** What an attacker has in hand: a network that stands, and the people around it. */
export interface NetworkScene {
  readonly cast: Cast;
  note(line: string): void;
  /** Tries all at once, and returns those that got through. Throws where one of them ended in silence: it proves nothing. */
  through(attempts: readonly Attempt[]): Promise<readonly Attempt[]>;
}

/** @param vpc as it was built, the drill's own workloads among its hosts */
export function openNetworkScene(vpc: VpcModel, cast: Cast, wire: Wire, transcript: string[]): NetworkScene {
  return {
    cast,
    note: (line) => transcript.push(line),
    through: async (attempts) => {
      const results = await wire.dial(attempts.map((attempt) => dialOf(vpc, attempt)));
      const tried = attempts.map((attempt, index) => ({ attempt, result: results[index] ?? { outcome: 'silent', heard: '' } as const }));
      transcript.push(...told(vpc, tried));
      const lost = tried.find(({ result }) => result.outcome === 'silent');
      if (lost) throw new Error(`nobody answered ${shown(vpc, lost.attempt.from)} at ${shown(vpc, lost.attempt.to)}:${lost.attempt.port}, and in this network every refusal is said.`);
      return tried.filter(({ attempt, result }) => isThrough(attempt, result)).map(({ attempt }) => attempt);
    },
  };
}

/** A host that refuses was reached; whoever answers has to be the one that was meant. */
function isThrough({ to }: Attempt, { outcome, heard }: DialResult): boolean {
  return outcome === 'refused' || (outcome === 'answered' && (to === RESOLVER || heard.endsWith(to)));
}

function dialOf(vpc: VpcModel, { from, to, port, speaks, name }: Attempt): Dial {
  const caller = typeof from === 'string' ? { namespace: namespaceOf(vpc, from) } : { namespace: from.via === 'internet' ? INTERNET : PEER, source: from.address };
  return { ...caller, address: addressOf(vpc, to, typeof from !== 'string' && from.via === 'internet'), port, ...(speaks && { speaks }), ...(name !== undefined && { name }) };
}

function addressOf(vpc: VpcModel, to: string, fromInternet: boolean): string {
  if (to === RESOLVER) return RESOLVER;
  if (to === INTERNET) return INTERNET_HOST;
  const host = vpc.hosts.find(({ key }) => key === to);
  if (host === undefined) throw new Error(`the network has no ${to} any more.`);
  return fromInternet ? host.publicAddress ?? host.address : host.address;
}

/** How a sentence names somebody. */
export function shown(vpc: VpcModel, somebody: Caller): string {
  if (typeof somebody !== 'string') return somebody.via === 'internet' ? `${somebody.address} on the internet` : `${somebody.address} in a connected network`;
  if (somebody === RESOLVER) return 'the resolver';
  if (somebody === INTERNET) return `${INTERNET_HOST} on the internet`;
  const host = vpc.hosts.find(({ key }) => key === somebody);
  return host === undefined ? somebody : `${somebody.slice(somebody.indexOf('/') + 1)} (${host.address})`;
}

/** One line for all ports of a pair that came to the same. */
function told(vpc: VpcModel, tried: readonly { readonly attempt: Attempt; readonly result: DialResult }[]): string[] {
  const lines = new Map<string, string[]>();
  for (const { attempt: { from, to, port, speaks, name }, result } of tried) {
    const line = `${shown(vpc, from)} → ${shown(vpc, to)}: ${result.outcome}`;
    const said = speaks === undefined ? '' : ` ${speaks}${name === undefined ? '' : ` ${name}`}`;
    lines.set(line, [...lines.get(line) ?? [], `${port}${said}`]);
  }
  return [...lines].map(([line, ports]) => `${line} (${ports.join(', ')})`);
}
