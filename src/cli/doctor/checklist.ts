import type { ChecklistItem } from '../../profiles/checklists/checklist';
import { variablesOf } from '../../profiles/variables';
import { ANSWERS } from './answers';
import type { Result } from './examine';
import type { ItemName } from './items';
import type { ProfileName } from '../../profiles/variables/variable';
import type { Complaint } from './variables';

/** What was found says to one item of a document's checklist. `unasked`: nobody looks at it here. */
export type Answer =
  | { readonly verdict: 'ok' | 'yours' | 'left-out' | 'unasked' | 'nothing-there' }
  | { readonly verdict: 'wrong' | 'unknown'; readonly complaints: readonly Complaint[]; readonly items: readonly ItemName[] };

export interface Answered {
  readonly item: ChecklistItem;
  readonly answer: Answer;
}

/** What is known of a container and of all around it. */
export interface Known {
  readonly profile: ProfileName;
  /** The names of what it is told. */
  readonly told: ReadonlySet<string>;
  readonly complaints: readonly Complaint[];
  readonly results: readonly Result[];
}

export function answerTo(item: ChecklistItem, known: Known): Answer {
  if (item.variables.length > 0) return byVariables(item, known);
  return item.elsewhere === 'operator' ? { verdict: 'yours' } : byItems(ANSWERS.get(item.row), known.results);
}

function byVariables(item: ChecklistItem, { profile, told, complaints }: Known): Answer {
  const about = new Set<string>(item.variables);
  const own = complaints.filter(({ names }) => names.some((name) => about.has(name)));
  for (const verdict of ['wrong', 'unknown'] as const) if (own.some((one) => one.verdict === verdict)) return { verdict, complaints: own, items: [] };
  if (item.elsewhere === 'operator') return { verdict: 'yours' };
  // Of what nobody wants, absence is the answer.
  const isAnswered = variablesOf(profile).some(({ name, presence }) => about.has(name) && (told.has(name) || presence === 'refused'));
  return { verdict: isAnswered ? 'ok' : 'left-out' };
}

function byItems(items: readonly ItemName[] | undefined, results: readonly Result[]): Answer {
  if (items === undefined) return { verdict: 'unasked' };
  const own = results.filter(({ item }) => items.includes(item));
  const named = (key: 'wrong' | 'unknown'): readonly ItemName[] => [...new Set(own.flatMap(({ item, judged }) => (typeof judged === 'object' && key in judged ? [item] : [])))];
  for (const verdict of ['wrong', 'unknown'] as const) if (named(verdict).length > 0) return { verdict, complaints: [], items: named(verdict) };
  return { verdict: own.length > 0 ? 'ok' : 'nothing-there' };
}
