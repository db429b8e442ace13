import { isReason, shownReason } from '../secrets/reason';

/** What is decided about audit records, in words that a reviewer reads. */
export interface AuditPolicyProps {
  /**
   * Where the whole policy is written down, such as `docs/audit_policy.md` or the address of a page.
   *
   * @default - nowhere but in the template
   */
  readonly document?: string;

  /**
   * Who answers for it, such as a team.
   *
   * @default - nobody is named
   */
  readonly owner?: string;

  /**
   * Which personal data the records hold, and in what form: a sentence.
   *
   * @default - what is true of what a gate writes
   */
  readonly personalData?: string;

  /**
   * How personal data is erased while records are locked: a sentence.
   *
   * @default - what is true of what a gate writes
   */
  readonly erasure?: string;
}

const STANDARD = {
  personalData: 'A record names its caller by a keyed hash and holds no address, header, query or body; what looks like an e-mail address or a credential is masked before it is kept.',
  erasure: 'Nothing in the archive is erased before it expires. Renewing the audit key ends the link between a caller and the hashes written before: without the old key nobody can make them again.',
} as const;

function sentence(prop: 'personalData' | 'erasure', given: string | undefined): string {
  if (given === undefined) return STANDARD[prop];
  if (!isReason(given)) throw new Error(`AuditPolicy.of: ${prop} is ${shownReason(given)}. Say it in a sentence: a reviewer reads it in the template.`);
  return given;
}

/**
 * How long audit records are kept, how personal data in them is treated, and how it is erased: stated, before anything is written (AUD-5, TG-59).
 *
 * It stands in the template, as metadata of the log group and of the archive. `document` and `owner` are yours to name.
 */
export class AuditPolicy {
  /** What is decided; what is left out is what holds of this library's own records. */
  public static of(props: AuditPolicyProps = {}): AuditPolicy {
    return new AuditPolicy(props.document, props.owner, sentence('personalData', props.personalData), sentence('erasure', props.erasure));
  }

  private constructor(
    /** Where the whole policy is written down. */
    public readonly document: string | undefined,
    /** Who answers for it. */
    public readonly owner: string | undefined,
    /** Which personal data the records hold. */
    public readonly personalData: string,
    /** How it is erased. */
    public readonly erasure: string,
  ) {}
}
