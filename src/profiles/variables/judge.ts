import { variablesOf } from '.';
import { PLACEHOLDER } from '../../runtime/shared/placeholder';
import { type Relation, RELATIONS } from './relations';
import type { Form, Presence, ProfileName, Variable } from './variable';

/** What a program is told under one name. */
export interface Told {
  /** Absent where only a deployment knows it. */
  readonly text?: string;
  /** Filled in from a secret store. */
  readonly isSecret: boolean;
}

export type Environment = ReadonlyMap<string, Told>;

export interface Fault {
  readonly control: 'CFG-1' | 'CFG-2' | 'CFG-3' | 'CFG-4' | 'CFG-6' | 'CFG-7';
  /** `presence`: it is there and must not be, or the other way round. `relation`: it does not go with others. */
  readonly aspect: 'presence' | 'placeholder' | 'form' | 'relation';
  readonly names: readonly string[];
  /** Never a value. */
  readonly says: string;
  readonly severity: 'error' | 'warning';
}

export interface JudgeOptions {
  /** What the profile's metadata says was chosen. */
  readonly choices?: readonly string[];
  /** A developer's machine: what `local` lists is taken, and nothing has to be there. */
  readonly isLocal?: boolean;
}

const OWN_CONTROL: Readonly<Record<string, Fault['control']>> = {
  ENV: 'CFG-1', DEBUG: 'CFG-2', LOG_LEVEL: 'CFG-2', TGEFD_AUTH_MODE: 'CFG-3', AUTH_PROVIDER: 'CFG-3', TOM_CORE_AUTH_MODE: 'CFG-3',
};

const NAMES = new Intl.ListFormat('en');

/** A fault in a sentence without a value in it. */
export function sentenceOf({ names, says }: Fault): string {
  // A relation names some of its variables itself.
  const subjects = names.filter((name) => !says.includes(name));
  return [...(subjects.length === 0 ? [] : [NAMES.format(subjects)]), says].join(' ');
}

/** What is wrong with what a program of this profile is told. */
export function faultsIn(profile: ProfileName, told: Environment, options: JudgeOptions = {}): readonly Fault[] {
  const entries = variablesOf(profile).flatMap((variable) => faultsOf(variable, told, options));
  return [...entries, ...RELATIONS.filter((one) => one.profile === profile).flatMap((relation) => faultsBetween(relation, told, options))];
}

function faultsOf(variable: Variable, told: Environment, { choices = [], isLocal = false }: JudgeOptions): readonly Fault[] {
  const { name, presence, allowedUnder, absence } = variable;
  const value = told.get(name);
  const isAllowed = isLocal || (allowedUnder !== undefined && choices.includes(allowedUnder));
  const wanted = isAllowed ? 'optional' : wantedOf(presence, told);
  const fault = (control: Fault['control'], aspect: Fault['aspect'], says: string, severity: Fault['severity'] = 'error'): readonly Fault[] => [{ control, aspect, names: [name], says, severity }];
  const own = OWN_CONTROL[name];
  if (value === undefined) return wanted === 'required' ? fault(absence === 'unsafe' ? 'CFG-7' : own ?? 'CFG-4', 'presence', 'is not there') : [];
  if (wanted === 'refused') return fault('CFG-6', 'presence', 'must not be there');
  const { text } = value;
  if (text === undefined || (isLocal && variable.local.includes(text))) return [];
  const form = formOf(variable, isLocal);
  if (isPlaceholder(text, form)) return fault('CFG-6', 'placeholder', 'holds what the document writes where a value should stand');
  if (form.kind === 'words' && form.warned?.includes(text)) return fault(own ?? 'CFG-6', 'form', `is none of ${form.values.join(', ')}`, 'warning');
  const wrong = faultOfForm(form, text);
  return wrong === undefined ? [] : fault(own ?? 'CFG-6', 'form', wrong);
}

/** How it has to be spelled. */
export const formOf = ({ form, localForm }: Variable, isLocal: boolean): Form => (isLocal ? localForm ?? form : form);

function wantedOf(presence: Presence, told: Environment): 'required' | 'optional' | 'refused' {
  if (typeof presence === 'string') return presence;
  const other = told.get(presence.when)?.text;
  // What decides is not known or not there, which is a fault of its own.
  if (other === undefined) return 'optional';
  return presence.is.includes(other) ? presence.then : presence.otherwise;
}

function isPlaceholder(text: string, form: Form): boolean {
  const entries = form.kind === 'list' ? text.split(form.separator) : [text];
  return entries.some((entry) => PLACEHOLDER.test(URL.canParse(entry) && entry.includes('://') ? new URL(entry).hostname : entry));
}

const NUMBER = /^-?\d+(\.\d+)?$/;

function faultOfForm(form: Form, text: string): string | undefined {
  switch (form.kind) {
    case 'words': return form.values.includes(text) ? undefined : `has to be ${form.values.map((word) => JSON.stringify(word)).join(' or ') || 'left out'}`;
    case 'whole': return /^\d+$/.test(text) && Number(text) >= form.least && Number(text) <= form.most ? undefined : `has to be a whole number from ${form.least} to ${form.most}`;
    case 'decimal': return NUMBER.test(text) && Number(text) > form.above && Number(text) <= form.most ? undefined : `has to be a number above ${form.above}, and ${form.most} at most`;
    case 'text': return form.pattern.test(text) ? undefined : `has to be ${form.says}`;
    case 'secret': return text.length >= form.least && (form.pattern?.test(text) ?? true) ? undefined : `has to be ${form.says}`;
    case 'list': {
      const entries = text === '' ? [] : text.split(form.separator);
      if (entries.length < form.least) return 'names nothing';
      return entries.map((entry) => faultOfForm(form.of, entry)).find((wrong) => wrong !== undefined);
    }
  }
}

function faultsBetween(relation: Relation, told: Environment, { choices = [], isLocal = false }: JudgeOptions): readonly Fault[] {
  const fault = (names: readonly string[], says: string, control: Fault['control'] = 'CFG-6'): readonly Fault[] => [{ control, aspect: 'relation', names, says, severity: 'error' }];
  const known = (name: string): string | undefined => told.get(name)?.text;
  switch (relation.kind) {
    case 'exactly-one': {
      const there = relation.names.filter((name) => told.has(name));
      if (there.length === 0 && isLocal) return [];
      if (there.length === 0) return fault(relation.names, 'are both not there, and one has to be', 'CFG-4');
      return there.length === 1 ? [] : fault(there, 'are both there, and which of them counts is not said');
    }
    case 'at-most-one': {
      const there = relation.names.filter((name) => told.has(name));
      return there.length < 2 ? [] : fault(there, 'are both there, and which of them counts is not said');
    }
    case 'all-or-none': {
      const there = relation.names.filter((name) => told.has(name));
      return there.length === 0 || there.length === relation.names.length ? [] : fault(relation.names, 'belong together, and one is not there', 'CFG-4');
    }
    case 'distinct': {
      const texts = relation.names.flatMap((name) => known(name) ?? []);
      return new Set(texts).size === texts.length ? [] : fault(relation.names, 'have to differ');
    }
    case 'at-most': {
      const [value, bound] = [known(relation.name), known(relation.of)].map((text) => (text !== undefined && NUMBER.test(text) ? Number(text) : undefined));
      return value === undefined || bound === undefined || value <= bound * relation.times ? [] : fault([relation.name, relation.of], `${relation.name} is more than ${relation.of} allows`);
    }
    case 'within': {
      const allowed = relation.of.map(known);
      const text = known(relation.name);
      if (text === undefined || allowed.includes(undefined) || (isLocal && text === '*')) return [];
      return text.split(' ').every((scope) => allowed.includes(scope)) ? [] : fault([relation.name], `grants what ${relation.of.join(', ')} do not name`);
    }
    case 'needs': {
      if (known(relation.name) !== relation.value || choices.includes(relation.unless ?? '')) return [];
      const lacking = Object.entries(relation.others).filter(([name, text]) => !told.has(name) || (text !== undefined && known(name) !== undefined && known(name) !== text));
      return lacking.length === 0 ? [] : fault([relation.name, ...lacking.map(([name]) => name)], `needs ${lacking.map(([name]) => name).join(', ')}`);
    }
  }
}
