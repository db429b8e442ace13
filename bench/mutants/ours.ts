import type { ControlId } from '../../src/controls';
import { judge } from '../../src/checks/judge';
import type { Finding } from '../../src/checks/finding';
import type { Template } from '../../src/checks/template/template';
import type { Mutant } from './mutant';

const keyOf = ({ rule, severity, logicalId, path, message }: Finding): string => [rule, severity, logicalId, path, message].join('\n');

/** What the pack finds in a template, acknowledged findings left out. */
export function findingsIn(template: Template): readonly Finding[] {
  return judge([template]).findings;
}

/** The control of the first finding that a mutant has and its base has not; nothing for a survivor. */
export function killedBy(mutant: Mutant, base: Template, known = new Set(findingsIn(base).map(keyOf))): ControlId | 'ENGINE' | undefined {
  return findingsIn(mutant.template).find((finding) => !known.has(keyOf(finding)))?.control;
}
