import { calibrate, type Calibration } from '../gate/calibrate';
import { processorMicros } from '../gate/processor-time';
import { load } from './load';
import type { Endpoint, EndpointName } from './stage';

export interface BrokerMeasurement {
  readonly endpoint: EndpointName;
  readonly round: number;
  readonly connections: number;
  readonly requests: number;
  readonly requestsPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Of the function and the front before it, a request; as it was measured. */
  readonly processorMicros: number;
  /** What the function writes, a request: its records, marks and metrics. */
  readonly logBytes: number;
  readonly calibration: Calibration;
}

/** One endpoint for some seconds. */
export async function measure({ name, front, job }: Endpoint, round: number, connections: number, seconds: number): Promise<BrokerMeasurement> {
  const calibration = calibrate();
  const written = async (): Promise<number> => (await front.ask<{ readonly logBytes: number }>()).logBytes;
  const [used, wrote] = [processorMicros([front.pid]), await written()];
  const result = await load(front.port, job, connections, seconds);
  return {
    endpoint: name, round, connections, calibration,
    requests: result.requests,
    requestsPerSecond: result.requests / result.seconds,
    p50Ms: result.p50Ms,
    p99Ms: result.p99Ms,
    processorMicros: (processorMicros([front.pid]) - used) / result.requests,
    logBytes: (await written() - wrote) / result.requests,
  };
}
