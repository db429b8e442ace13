import type { Figure, Figures, Spread } from './figures';
import type { PeerName } from './peers/peer';

/** What the gate is to reach, beside others of the same run where that is what counts. */
export interface Goal {
  readonly title: string;
  readonly needs: readonly PeerName[];
  readonly measured: (figures: Figures) => Spread;
  readonly isMet: (median: number) => boolean;
  readonly limit: string;
  readonly digits: number;
}

const atMost = (limit: number): Pick<Goal, 'isMet' | 'limit'> => ({ isMet: (median) => median <= limit, limit: `at most ${limit}` });
const atLeast = (limit: number): Pick<Goal, 'isMet' | 'limit'> => ({ isMet: (median) => median >= limit, limit: `at least ${limit}` });

const rate: Figure = ({ requestsPerSecond }) => requestsPerSecond;

/** Ratios first: the machine is in both sides of them. */
export const GOALS: readonly Goal[] = [
  { title: "CPU per request, of nginx auth_request's", needs: ['nginx'], measured: (figures) => figures.ratio('ours', 'nginx', 32, figures.normalised), ...atMost(1), digits: 2 },
  { title: "CPU per request, of Caddy's", needs: ['caddy'], measured: (figures) => figures.ratio('ours', 'caddy', 32, figures.normalised), ...atMost(0.35), digits: 2 },
  { title: "requests per second, of LiteLLM's", needs: ['litellm'], measured: (figures) => figures.ratio('ours', 'litellm', 32, rate), ...atLeast(50), digits: 0 },
  { title: 'added p50 at one connection, ms', needs: ['direct'], measured: (figures) => figures.difference('ours', 'direct', 1, ({ p50Micros }) => p50Micros / 1000), ...atMost(0.4), digits: 2 },
  { title: 'memory (RSS) after the load, MB', needs: [], measured: (figures) => figures.of('ours', 32, ({ residentBytes }) => residentBytes / 1e6), ...atMost(150), digits: 0 },
];
