import { createRedactor, REDACTED } from './redactor';

/** What is told of one setting of a deployment. Exactly `[REDACTED]` stands for what is secret, and `hadToken` says that something stood there (RED-4, CX-38, CX-39). */
export interface ManifestEntry {
  readonly name: string;
  readonly value: string;
  readonly hadToken: boolean;
}

/** A setting that is to be told: a plain one with its value, or a secret one, of which nobody even has the value. */
export type Setting = { readonly name: string; readonly value: string } | { readonly name: string; readonly isSecret: true };

/** Tells settings of a deployment. What looks like a credential in a plain setting, or stands under the name of one, is taken for a secret that was put into the wrong place. */
export function exported(settings: readonly Setting[], keyPrefix?: string): readonly ManifestEntry[] {
  const redactor = createRedactor({ keyPrefix });
  return settings.map((setting): ManifestEntry => {
    const { name } = setting;
    if ('isSecret' in setting || isCredential(name, setting.value)) return { name, value: REDACTED, hadToken: true };
    return { name, value: setting.value, hadToken: false };
  });

  /** By its name, and by what it looks like, itself and within JSON. */
  function isCredential(name: string, value: string): boolean {
    const [pair] = Object.values(redactor.value({ [name]: value }) as Readonly<Record<string, unknown>>);
    return pair !== value || redactor.text(value) !== value;
  }
}

/** Why a manifest cannot be put into force: a sentence that names entries, and repeats no value. */
export class ImportRefused extends Error {}

/**
 * The values to put into force: of the manifest, and of what somebody has set again. While one that was redacted is missing, there are none at all (CX-40), and
 * `[REDACTED]` is nobody's value, whoever gives it.
 *
 * @param given by the name of the entry
 * @throws ImportRefused which names every entry that is missing
 */
export function imported(entries: readonly ManifestEntry[], given: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const names = new Set(entries.map(({ name }) => name));
  if (names.size < entries.length) throw new ImportRefused('The manifest has an entry twice: it is not what an export writes.');
  const stray = [...given.keys()].filter((name) => !names.has(name));
  if (stray.length > 0) throw new ImportRefused(`The manifest has no entry ${stray.join(', ')}.`);
  const valueOf = ({ name, value, hadToken }: ManifestEntry): string | undefined => given.get(name) ?? (hadToken ? undefined : value);
  const missing = entries.filter((entry) => (entry.hadToken ? isNoValue(valueOf(entry)) : valueOf(entry)?.includes(REDACTED)));
  if (missing.length > 0) throw new ImportRefused(`Set these again, for they were redacted: ${missing.map(({ name }) => name).join(', ')}.`);
  return new Map(entries.map((entry) => [entry.name, valueOf(entry) ?? '']));
}

/** Also with blanks around it, or as a part: a template with a mark in the middle is no value either. */
export function isNoValue(value: string | undefined): boolean {
  return value === undefined || value.trim() === '' || value.includes(REDACTED);
}
