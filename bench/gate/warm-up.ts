import { measure } from './measure';
import type { PeerName, RunningPeer } from './peers/peer';
import type { Stage } from './stage';

const WARM_UP = { requests: 20_000, stepSeconds: 2, mostSeconds: 10 } as const;

/** V8 compiles what has been called often: a peer that was loaded for a while on a slow machine may still be interpreted. @returns a line where it was not called often enough */
export async function warmUp(name: PeerName, running: RunningPeer, stage: Stage): Promise<string | undefined> {
  let requests = 0;
  for (let spent = 0; spent < WARM_UP.mostSeconds && requests < WARM_UP.requests; spent += WARM_UP.stepSeconds) {
    const measured = await measure(name, running, stage, 0, 32, WARM_UP.stepSeconds).catch(() => undefined);
    requests += (measured?.requestsPerSecond ?? 0) * WARM_UP.stepSeconds;
  }
  return requests < WARM_UP.requests ? `${name} had ${Math.round(requests)} requests in ${WARM_UP.mostSeconds} s to warm up.` : undefined;
}
