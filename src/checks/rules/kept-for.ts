import { listed } from '../../listed';
import { each, expect, type FindingSeverity, type Outcome } from '../rule';
import type { Property } from '../template/property';
import type { Resource } from '../template/resource';
import type { TemplateGraph } from '../template/template-graph';
import { allowedIn, documentsAt } from './policies';
import { holdersOfStatement } from './policy-holders';
import type { RoleHolder } from './roles';

/** Something that few may use, and a statement lets somebody. */
export interface Kept {
  /** What a message says after "lets … ". */
  readonly use: string;
  readonly isFor: (holder: RoleHolder) => boolean;
  /** Whether people, and whatever else is no program of the templates, may. */
  readonly isForOthers: boolean;
}

const nameOf = ({ program, isStarter }: RoleHolder): string => (isStarter ? `what starts ${program.logicalId}` : program.logicalId);

/**
 * Judges the policies of a resource by who has them.
 *
 * @param documents where policies stand, by type
 * @param touched what a statement lets somebody use
 */
export function keptFor(
  owner: Resource, graph: TemplateGraph, documents: Readonly<Record<string, string>>, touched: (statement: Property) => readonly Kept[], severity?: FindingSeverity,
): readonly Outcome[] {
  return each(documentsAt(owner, documents[owner.type] ?? ''), (document) => each(allowedIn(document), (statement) => each(touched(statement), ({ use, isFor, isForOthers }) => {
    const { programs, others } = holdersOfStatement(statement, owner, graph);
    const strangers = [...programs.filter((holder) => !isFor(holder)).map(nameOf), ...(isForOthers ? [] : others)];
    const outcomes = expect(strangers.length === 0, statement, `lets ${listed([...new Set(strangers)], 3)} ${use}`);
    return severity === undefined ? outcomes : outcomes.map((outcome) => (outcome.kind === 'fail' ? { ...outcome, severity } : outcome));
  })));
}
