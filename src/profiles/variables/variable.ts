/** The documents. Remote Core's names no variable (catalogue 3.5). */
export type ProfileName = 'remote-core' | 'cortex' | 'tgefd' | 'nodetool' | 'tom';

const NAMES: Readonly<Record<ProfileName, true>> = { 'remote-core': true, 'cortex': true, 'tgefd': true, 'nodetool': true, 'tom': true };

export const isProfileName = (name: string): name is ProfileName => Object.hasOwn(NAMES, name);
export const PROFILE_NAMES: readonly ProfileName[] = Object.keys(NAMES).filter(isProfileName);

/** How a value is spelled. `says` completes "is …, and has to be". */
export type Form =
  | { readonly kind: 'words'; readonly values: readonly string[]; readonly warned?: readonly string[] }
  | { readonly kind: 'whole'; readonly least: number; readonly most: number }
  | { readonly kind: 'decimal'; readonly above: number; readonly most: number }
  | { readonly kind: 'text'; readonly pattern: RegExp; readonly says: string }
  | { readonly kind: 'list'; readonly separator: ',' | ' '; readonly of: Form; readonly least: number }
  /** Characters of a value that no template shows; judged in an env file alone. */
  | { readonly kind: 'secret'; readonly least: number; readonly pattern?: RegExp; readonly says: string };

/** Whether a deployed container has it. `when`: only where another variable has one of these values; `otherwise` holds elsewhere. */
export type Presence =
  | 'required' | 'optional' | 'refused'
  | { readonly when: string; readonly is: readonly string[]; readonly then: 'required' | 'optional'; readonly otherwise: 'optional' | 'refused' };

/** What the app does that is not told: `unsafe` is M-01, so that rule CFG-7 asks for the variable; of others that are required, CFG-4 does. */
export type Absence = 'unsafe' | 'harmless' | 'unknown';

/** When the profile writes it. */
export type Emission = 'always' | 'by-props' | 'never';

export interface Variable {
  readonly name: string;
  readonly profile: ProfileName;
  /** The prop or construct that it comes from, with its type. `–`: nobody can set it. */
  readonly typed: string;
  readonly form: Form;
  /** How it may be spelled on a developer's machine, where more is right. @default - `form` */
  readonly localForm?: Form;
  /** What the document says the app takes for it. @default - it does not say */
  readonly documented?: string;
  /** What the profile writes where nobody chose; `${…}` is derived. @default - nothing */
  readonly written?: string;
  /** A value that is right in production, for tests. @default - `written` */
  readonly right?: string;
  readonly presence: Presence;
  /** A choice of the profile, as its metadata says it, under which it may be there although it is refused. @default - none */
  readonly allowedUnder?: string;
  readonly absence: Absence;
  readonly emission: Emission;
  /** Where it stands in the task definition: `secrets` never in Environment; `either` is no secret by itself. */
  readonly place: 'environment' | 'secrets' | 'either' | 'nowhere';
  /** The resource or prop that feeds it. */
  readonly fedBy: string;
  /** Samples that are refused in every deployed stage, each for its own reason. Placeholders (PLACEHOLDER) are refused besides. */
  readonly refused: readonly string[];
  /** Those of `refused` that `local` takes. */
  readonly local: readonly string[];
  readonly rows: readonly string[];
}
