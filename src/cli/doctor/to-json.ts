import type { Diagnosis } from './doctor';
import type { Judged } from './examine';
import { ITEMS } from './items';

/** The same as data, for a pipeline. */
export function reportJson({ stack, isWell, examined, results }: Diagnosis): string {
  return `${JSON.stringify({
    stack,
    ok: isWell,
    containers: examined.map(({ path, profile, complaints, checklist }) => ({
      path, profile,
      variables: complaints.map(({ control, names, says, verdict }) => ({ control, names, verdict, says })),
      checklist: checklist.map(({ item: { row, title }, answer }) => ({ row, title, ...answered(answer) })),
    })),
    items: results.map(({ item, path, judged }) => ({ item, path, ...told(judged), ...(isWrong(judged) && { fix: ITEMS[item][1] }) })),
  }, undefined, 2)}\n`;
}

const isWrong = (judged: Judged): boolean => typeof judged === 'object' && 'wrong' in judged;

function told(judged: Judged): { readonly verdict: string; readonly says?: string } {
  if (typeof judged === 'string') return { verdict: judged };
  return 'wrong' in judged ? { verdict: 'wrong', says: judged.wrong } : { verdict: 'unknown', says: judged.unknown };
}

function answered(answer: Diagnosis['examined'][number]['checklist'][number]['answer']): object {
  return 'items' in answer ? { verdict: answer.verdict, items: answer.items, variables: answer.complaints.flatMap(({ names }) => names) } : answer;
}
