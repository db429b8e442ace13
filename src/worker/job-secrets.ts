import { CREDENTIAL_FORMS } from '../broker/forms/contract';
import { createRedactor } from '../runtime/shared/redactor';
import { isSecretText } from '../runtime/shared/redactor/named-values';
import { gradeOf, type NameGrade } from '../runtime/shared/redactor/secret-names';
import { bitsPerCharacter } from '../secrets/shapes/contract';
import { looksRandom } from '../secrets/shapes/looks-random';

/** A longer word that holds so many bits a character is taken for a key (ours); words of people hold less. */
const RANDOM = { characters: 20, bits: 4 } as const;

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
/** Of a host or a file. */
const NAME = /^[\w/-]+(?:\.[\w-]+)*\.[a-z]{2,10}$/i;
/** Of a path, each part is a word; elsewhere a slash may be one of base64. */
const PATH = /^[.~]?\//;
const WORD_ENDS = /[\s"'`,;:|&<>(){}[\]=@]+/;

/** What the broker's own forms keep secret: here also where another program may call something harmless so. */
const SECRET_FIELDS = new Set(Object.values(CREDENTIAL_FORMS).flat().flatMap((form) => Object.keys(form).filter((name) => form[name]?.isSecret === true)));
/** What people write for a password, at the end of a name. */
const SHORT_FOR_PASSWORD = /(?:^|[^a-z])pw$|passwort$/;

/** `--password x` and `-community=x`; not what asks for one (`--ask-pass`) or goes without (`--no-password`). */
const OPTION = /(?<![\w-])--?(?!(?:no|ask|skip|without)[-_])([a-z][\w-]{1,40})[ \t=]{1,4}(?!-)(\S{1,256})/gi;
/** Programs whose options of one letter take a secret: that of `sshpass` before the program that it starts, and community or passphrases of Net-SNMP. */
const COMMANDS = [/\bsshpass(?:[ \t]{1,4}-v)?[ \t]{1,4}-p[ \t]{0,4}\S/, /\bsnmp[a-z]{1,12}[ \t][^\n|;&]{0,200}?(?<=[ \t])-[cAX][ \t]{0,4}\S/];

const redactor = createRedactor();

/** How a value is to be judged by its name; nothing where the name says nothing. */
export function gradeInJob(name: string): NameGrade | undefined {
  const words = name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase();
  return SECRET_FIELDS.has(name.toLowerCase()) || SHORT_FOR_PASSWORD.test(words) ? 'always' : gradeOf(name);
}

export const holdsKnownForm = (text: string): boolean => redactor.text(text) !== text;

/** @param name by which some random values are known to be public, such as `config_hash` */
export function looksSecret(name: string, text: string): boolean {
  return holdsKnownForm(text) || handsOver(text) || looksRandom(text, name) || text.split(WORD_ENDS).flatMap((word) => (PATH.test(word) ? word.split('/') : [word])).some(isRandom);
}

/** Whether a command line hands a secret over to a program. */
export function handsOver(line: string): boolean {
  return COMMANDS.some((command) => command.test(line)) || [...line.matchAll(OPTION)].some(([, name = '', value = '']) => isSecretText(value, gradeInJob(name)));
}

function isRandom(word: string): boolean {
  return word.length > RANDOM.characters && !UUID.test(word) && !NAME.test(word) && bitsPerCharacter(word) >= RANDOM.bits;
}
