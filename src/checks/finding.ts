import type { ControlId } from '../controls';
import type { FindingSeverity } from './rule';

/** One thing a rule has to say about one resource; also the JSON that `check --format json` writes. */
export interface Finding {
  readonly control: ControlId | 'ENGINE';
  /** Also the id to acknowledge, after `SecureCore::`. */
  readonly rule: string;
  readonly severity: FindingSeverity;
  readonly stack: string;
  readonly logicalId: string;
  readonly resourceType: string;
  /** The property, such as `Properties.SslPolicy`. */
  readonly path: string;
  readonly message: string;
  readonly remediation: string;
  /** Where the construct sits in its app, if the template tells. */
  readonly constructPath?: string;
}

/** A finding that somebody has answered for. */
export interface AcknowledgedFinding extends Finding {
  readonly reason: string;
  /** The construct path or the logical id at which it was acknowledged. */
  readonly acknowledgedAt: string;
  readonly acknowledgedBy: 'construct' | 'template';
}

/** What each rule came to, over all resources it applies to. */
export interface RuleTally {
  readonly rule: string;
  readonly control: ControlId;
  readonly pass: number;
  readonly fail: number;
  readonly undecidable: number;
  readonly acknowledged: number;
}

export interface Judgement {
  readonly findings: readonly Finding[];
  readonly acknowledged: readonly AcknowledgedFinding[];
  readonly tallies: readonly RuleTally[];
  readonly resources: number;
  /** Types in the templates that no rule looks at: what a clean result says nothing about. */
  readonly unjudgedTypes: readonly string[];
}

/** Whether nothing is left that fails a synth. */
export function isAcceptable(findings: readonly Finding[]): boolean {
  return findings.every((finding) => finding.severity === 'warning');
}

/** Whole resources: their path says nothing that a reader would look for. */
const WHOLE = new Set(['Properties', 'Resources']);

/** How a message starts that leaves its subject to the place: with a verb. Others bring a subject of their own. */
const STARTS_WITH_VERB = /^(must|cannot|(?!its\b|this\b)[a-z]+s)\b/;

/** A finding as a sentence that stands by itself: its message after the property it is about. */
export function sentence({ logicalId, path, message }: Finding): string {
  const subject = WHOLE.has(path) ? logicalId : path.replace(/^Properties\./, '');
  return `${subject}${STARTS_WITH_VERB.test(message) ? '' : ':'} ${message}`;
}
