import type { ControlId } from '../controls';
import { Property, UndecidableError } from './template/property';
import type { Resource } from './template/resource';
import type { TemplateGraph } from './template/template-graph';

/** How loudly a finding speaks: fatal cannot be acknowledged, error fails the synth, warning does not. */
export type FindingSeverity = 'fatal' | 'error' | 'warning';

/** What a rule says of one place. Not applicable is what an empty list of outcomes means. */
export type Outcome =
  | { readonly kind: 'pass' }
  | { readonly kind: 'fail'; readonly path: string; readonly message: string; readonly severity?: FindingSeverity }
  | { readonly kind: 'undecidable'; readonly path: string; readonly message: string };

export interface Rule {
  /** Control and aspect, such as `TLS-2.policy`; acknowledged as `SecureCore::TLS-2.policy`. */
  readonly id: `${ControlId}.${string}`;
  readonly control: ControlId;
  /** CloudFormation types, compared as text so that raw resources are seen too. */
  readonly appliesTo: readonly string[];
  /** Whether a failure cannot be acknowledged. */
  readonly fatal?: boolean;
  /** How much of the control the rule looks at, where its title promises more. */
  readonly extent?: string;
  /** What to do, for somebody who may not use this library's constructs. */
  readonly remediation: string;
  check(resource: Resource, graph: TemplateGraph): readonly Outcome[];
}

type RuleBody = Omit<Rule, 'id' | 'control'>;

/** A rule is its id and a body; the control is read off the id. */
export function defineRule(control: ControlId, aspect: string, body: RuleBody): Rule {
  return { ...body, id: `${control}.${aspect}`, control };
}

export const NOT_APPLICABLE: readonly Outcome[] = [];
export const PASS: readonly Outcome[] = [{ kind: 'pass' }];

/** The place is known and wrong. */
export function fail(at: Property, message: string, severity?: FindingSeverity): readonly Outcome[] {
  return [{ kind: 'fail', path: at.path, message, ...(severity ? { severity } : {}) }];
}

/** The place cannot be judged from the templates at hand. */
export function undecidable(at: Property, message: string): readonly Outcome[] {
  return [{ kind: 'undecidable', path: at.path, message }];
}

/** Turns an unresolved value met while checking into an undecidable outcome; other errors are bugs and pass through. */
export function guarded(check: () => readonly Outcome[]): readonly Outcome[] {
  try {
    return check();
  } catch (error) {
    if (!(error instanceof UndecidableError)) throw error;
    return [{ kind: 'undecidable', path: error.path, message: `cannot be decided: ${error.reason}` }];
  }
}

/** Checks places one by one, so that one undecidable place does not hide a wrong one beside it. */
export function each<T>(places: readonly T[], check: (place: T) => readonly Outcome[]): readonly Outcome[] {
  return places.flatMap((place) => guarded(() => check(place)));
}

/** All outcomes of several independent checks of one resource. */
export function all(...checks: readonly (() => readonly Outcome[])[]): readonly Outcome[] {
  return each(checks, (check) => check());
}

/** A pass where the condition holds, a failure elsewhere. */
export function expect(condition: boolean, at: Property, message: string): readonly Outcome[] {
  return condition ? PASS : fail(at, message);
}
