/** Where a task definition says which profile's variables it holds; the rules of family CFG and `doctor` read it. */
export const PROFILE_METADATA = 'cdk-secure-core:profile';

/** What stands there. Every text is read from a template that somebody may have written by hand. */
export interface ProfileMetadata {
  /** The profile's name, as in `check --profile`. */
  readonly name: string;
  /** Whose secrets these are, such as `production`. */
  readonly environment: string;
  /** The container that is told the variables. */
  readonly container: string;
  /** What was chosen that variables alone do not show, such as `checkout` for the phase of Tom's workers. */
  readonly choices: readonly string[];
}
