import type { Connections, Measurement } from './measure';
import type { PeerName } from './peers/peer';

/** The middle of some figures, and how far they lie apart. */
export interface Spread {
  readonly median: number;
  readonly least: number;
  readonly most: number;
}

export function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((one, other) => one - other);
  const middle = sorted.length >> 1;
  const median = sorted.length % 2 === 1 ? sorted[middle] : ((sorted[middle - 1] ?? Number.NaN) + (sorted[middle] ?? Number.NaN)) / 2;
  return { median: median ?? Number.NaN, least: sorted[0] ?? Number.NaN, most: sorted.at(-1) ?? Number.NaN };
}

/** The middle half of some figures: what a moment of somebody else's does not move. */
export interface Quartiles {
  readonly lower: number;
  readonly median: number;
  readonly upper: number;
}

export function quartilesOf(values: readonly number[]): Quartiles {
  const sorted = [...values].sort((one, other) => one - other);
  const at = (share: number): number => sorted[Math.round(share * (sorted.length - 1))] ?? Number.NaN;
  return { lower: at(0.25), median: spreadOf(values).median, upper: at(0.75) };
}

export type Figure = (measurement: Measurement) => number;

/** Of one to another, taken within each round; a round in which one of them is missing counts for nobody. */
export function pairedRatios(ones: readonly Measurement[], others: readonly Measurement[], figure: Figure): number[] {
  return pairs(ones, others, (one, other) => figure(one) / figure(other));
}

function pairs(ones: readonly Measurement[], others: readonly Measurement[], pair: (one: Measurement, other: Measurement) => number): number[] {
  return ones.flatMap((one) => {
    const partner = others.find(({ round }) => round === one.round);
    return partner ? [pair(one, partner)] : [];
  });
}

/** Every measurement of a run. */
export class Figures {
  private readonly fastest: number;

  public constructor(public readonly all: readonly Measurement[]) {
    this.fastest = Math.min(...all.map(({ calibration }) => calibration.processorMs));
  }

  /** Processor time as it would be on the machine at its best: what the calibrator took then, over what it took just before. */
  public readonly normalised: Figure = ({ processorMicros, calibration }) => processorMicros * this.fastest / calibration.processorMs;

  public of(peer: PeerName, connections: Connections, figure: Figure): Spread {
    return spreadOf(this.select(peer, connections).map(figure));
  }

  /** Of one to another, taken within each round. */
  public ratio(one: PeerName, other: PeerName, connections: Connections, figure: Figure): Spread {
    return this.paired(one, other, connections, (a, b) => figure(a) / figure(b));
  }

  public difference(one: PeerName, other: PeerName, connections: Connections, figure: Figure): Spread {
    return this.paired(one, other, connections, (a, b) => figure(a) - figure(b));
  }

  public get calibration(): { readonly processor: Spread; readonly wall: Spread } {
    return { processor: spreadOf(this.all.map(({ calibration }) => calibration.processorMs)), wall: spreadOf(this.all.map(({ calibration }) => calibration.wallMs)) };
  }

  public has(peer: PeerName): boolean {
    return this.all.some((measurement) => measurement.peer === peer);
  }

  private paired(one: PeerName, other: PeerName, connections: Connections, pair: (one: Measurement, other: Measurement) => number): Spread {
    return spreadOf(pairs(this.select(one, connections), this.select(other, connections), pair));
  }

  private select(peer: PeerName, connections: Connections): Measurement[] {
    return this.all.filter((measurement) => measurement.peer === peer && measurement.connections === connections);
  }
}
