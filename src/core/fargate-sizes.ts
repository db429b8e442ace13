const GIB = 1024;

function steps(from: number, to: number, step: number): number[] {
  return Array.from({ length: (to - from) / step + 1 }, (_, index) => from + index * step);
}

/** MiB of memory that Fargate offers for a number of CPU units (Amazon ECS guide, "Task CPU and memory"). */
export const FARGATE_MEMORY: Readonly<Record<number, readonly number[]>> = {
  256: [512, GIB, 2 * GIB],
  512: steps(GIB, 4 * GIB, GIB),
  1024: steps(2 * GIB, 8 * GIB, GIB),
  2048: steps(4 * GIB, 16 * GIB, GIB),
  4096: steps(8 * GIB, 30 * GIB, GIB),
  8192: steps(16 * GIB, 60 * GIB, 4 * GIB),
  16384: steps(32 * GIB, 120 * GIB, 8 * GIB),
};

export interface Resources {
  /** Units, 1024 to a vCPU. */
  readonly cpu: number;
  readonly memoryLimitMiB: number;
}

/** The smallest task that holds all of them; nothing where none does. */
export function smallestTask(...containers: readonly Resources[]): Resources | undefined {
  const cpu = containers.reduce((sum, container) => sum + container.cpu, 0);
  const memory = containers.reduce((sum, container) => sum + container.memoryLimitMiB, 0);
  for (const [units, offered] of Object.entries(FARGATE_MEMORY)) {
    const memoryLimitMiB = offered.find((mebibytes) => mebibytes >= memory);
    if (Number(units) >= cpu && memoryLimitMiB !== undefined) return { cpu: Number(units), memoryLimitMiB };
  }
  return undefined;
}
