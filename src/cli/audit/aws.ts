import type { DeployedAws } from '../deployed/aws';

export interface LogQuery {
  readonly logGroups: readonly string[];
  readonly text: string;
  readonly from: Date;
  readonly to: Date;
  readonly limit: number;
}

/** A line of an answer: what stands under each name, in the order in which it was asked for. */
export type LogRow = Readonly<Record<string, string>>;

/** How far a question is; its rows once it is answered. */
export type LogAnswer = { readonly state: 'running' | 'failed' } | { readonly state: 'complete'; readonly rows: readonly LogRow[] };

/** What the command asks of AWS. */
export interface AuditAws extends DeployedAws {
  /** @returns by what the answer is asked for */
  ask(query: LogQuery): Promise<string>;
  answer(id: string): Promise<LogAnswer>;
}
