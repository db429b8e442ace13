import { calibrate, type Calibration } from './calibrate';
import { load } from './load';
import type { PeerName, RunningPeer } from './peers/peer';
import { processorMicros, residentBytes } from './processor-time';
import type { Stage } from './stage';
import { CORE_PATH, REQUEST_BODY } from './upstream';

/** At one, requests wait for nobody; at the other, everything is busy. */
export const CONNECTIONS = [1, 32] as const;
export type Connections = typeof CONNECTIONS[number];

/** One peer for some seconds. */
export interface Measurement {
  readonly peer: PeerName;
  readonly round: number;
  readonly connections: Connections;
  readonly requestsPerSecond: number;
  readonly p50Micros: number;
  readonly p99Micros: number;
  /** Of the peer, its policy service and Redis; as it was measured. */
  readonly processorMicros: number;
  /** Of Redis among them. */
  readonly redisMicros: number;
  readonly residentBytes: number;
  /** Of one processor. */
  readonly generatorShare: number;
  readonly calibration: Calibration;
}

export async function measure(peer: PeerName, running: RunningPeer, stage: Stage, round: number, connections: Connections, seconds: number): Promise<Measurement> {
  const target = { url: running.url, path: CORE_PATH, body: REQUEST_BODY, headers: stage.keys.good.map((key) => running.headersFor(key)) };
  const calibration = calibrate();
  const used = (): readonly [number, number] => [processorMicros(running.pids), processorMicros(stage.redis.pids)];
  const [own, redis] = used();
  const result = await load(stage.wrk, target, connections, seconds, stage.folder).catch((error: unknown) => {
    running.tally?.add(0, Infinity);
    throw error;
  });
  running.tally?.add(result.requests, connections);
  const [ownAfter, redisAfter] = used();
  // Whoever does not decide asks no Redis; what that does meanwhile is not his.
  const ofRedis = running.decides === false ? 0 : redisAfter - redis;
  return {
    peer, round, connections, calibration,
    requestsPerSecond: result.requests / result.seconds,
    p50Micros: result.p50Micros,
    p99Micros: result.p99Micros,
    processorMicros: (ownAfter - own + ofRedis) / result.requests,
    redisMicros: ofRedis / result.requests,
    residentBytes: residentBytes(running.pids),
    generatorShare: result.processorMicros / (result.seconds * 1e6),
  };
}
