/** Where an answer stands that variables do not give. */
export type Elsewhere = 'template' | 'operator';

/** One thing that a document asks for, in our words. */
export type ChecklistItem = {
  /** Of the catalogue. */
  readonly row: string;
  /** Six words at most. */
  readonly title: string;
} & (
  /** Does not hold where one of the variables is at fault. `elsewhere`: what they do not say even so. */
  | { readonly variables: readonly [string, ...string[]]; readonly elsewhere?: Elsewhere }
  | { readonly variables: readonly []; readonly elsewhere: Elsewhere }
);

export const byVariables = (row: string, title: string, ...variables: readonly [string, ...string[]]): ChecklistItem => ({ row, title, variables });
/** The variables may contradict it, and the operator alone can confirm it. */
export const confirmedByOperator = (row: string, title: string, ...variables: readonly [string, ...string[]]): ChecklistItem => ({ row, title, variables, elsewhere: 'operator' });
export const byTemplate = (row: string, title: string): ChecklistItem => ({ row, title, variables: [], elsewhere: 'template' });
export const byOperator = (row: string, title: string): ChecklistItem => ({ row, title, variables: [], elsewhere: 'operator' });
