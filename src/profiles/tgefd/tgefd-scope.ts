/** What a caller of TGEFD may do (TG-30). There is none that stands for all (C-10): name each. */
export enum TgefdScope {
  /** Ask what there is to evaluate: heavy (TG-54). */
  DISCOVER = 'discover',

  /** Evaluate: heavy (TG-54). */
  EVALUATE = 'evaluate',

  /** Read figures. */
  METRICS = 'metrics',

  /** Read what became of jobs. */
  JOBS = 'jobs',
}
