import { AWS_KEY_ID, DISTINCT_KEYS, PRIVATE_KEY_BEGIN, SHORT_KEYS, WORD_START } from './shapes/contract';

export { looksRandom } from './shapes/looks-random';

/** Whose keys are called by their name alone: `OPENAI_KEY`. */
const PROVIDERS = [
  'ANTHROPIC', 'ASSEMBLYAI', 'CLAUDE', 'COHERE', 'DATADOG', 'DD', 'DEEPGRAM', 'DEEPSEEK', 'ELEVENLABS', 'FAL', 'FIREWORKS', 'GEMINI', 'GITHUB', 'GITLAB', 'GROQ', 'HF', 'HUGGINGFACE',
  'LANGFUSE', 'LANGSMITH', 'MAILGUN', 'MISTRAL', 'OPENAI', 'OPENROUTER', 'PERPLEXITY', 'PINECONE', 'REPLICATE', 'RESEND', 'SENDGRID', 'SENTRY', 'SLACK', 'STRIPE',
  'SUPABASE(_SERVICE(_ROLE)?)?', 'TAVILY', 'TOGETHER', 'TWILIO', 'XAI',
];

/** Names that hold a secret by their last word, and a few of the checklist's own that end otherwise. */
const WHOLE_WORDS = [
  'PASS', 'SECRET', 'SECRET_KEY(_BASE)?', 'TOKEN', 'API_?KEYS?', '(PRIVATE|ACCESS|MASTER|SIGNING|ENCRYPTION)_KEY', 'ACCESS_KEY_ID', 'CREDENTIALS?(_JSON)?', 'DSN',
  '(BASIC|REDIS|VALKEY)_AUTH', `(${PROVIDERS.join('|')})_KEY`,
];
const SECRET_NAME = new RegExp(`(PASSWORD|PASSWD|PASSPHRASE|._PWD|(^|_)(${WHOLE_WORDS.join('|')}))$`, 'i');

/** Our own keys (CX-03): base64url, of which a name such as `ctx_tokens_per_request` has neither the digits nor the capitals. */
const OWN_KEY = String.raw`ctx_(?:[A-Za-z0-9]{16,}|(?=[\w-]*[0-9])(?=[\w-]*[A-Z])[\w-]{24,})`;

/** A signed or an encrypted token: `eyJ` is `{"` in base64. */
const TOKEN = String.raw`eyJ[\w-]{8,}\.[\w-]{4}`;

/** Values that are secrets whatever they are called. */
const SECRET_VALUE = new RegExp([...DISTINCT_KEYS, `${WORD_START}(?:${[...SHORT_KEYS, AWS_KEY_ID, OWN_KEY, TOKEN].join('|')})`, PRIVATE_KEY_BEGIN].join('|'));

/** The password of a URL, with or without a user in front of it. */
const URL_PASSWORD = /:\/\/[^/\s:@]*:([^/\s@]+)@/;

/** The secret of a connection string. */
const CONNECTION_SECRET = /(?:^|[;,?&\s"'])(?:Password|Pwd|SharedAccessKey|AccountKey)\s*=\s*["']?([^;,&\s"']+)/i;

/** A shell variable, or a hole of the template: the two are written alike. */
const VARIABLE = /^\$(\w+|\{[^}]*\})$/;

/** CloudFormation fetches these while deploying and writes the plain value into the resource. */
export const DYNAMIC_SECRET = /\{\{resolve:(secretsmanager|ssm-secure):/;

/** Words that carry no value of their own and may follow a secret-sounding name. */
const EMPTY_VALUES = new Set(['', 'true', 'false']);

export function saysNothing(value: string): boolean {
  return EMPTY_VALUES.has(value.toLowerCase());
}

/**
 * Judges a name by its words, however they are put together: DB_PASSWORD, dbPassword, db.password.
 *
 * Narrower than what is hidden in logs, where a word too much costs nothing: `JWT_ISSUER` and `AUTH=none` are ordinary variables.
 */
export function namesSecret(name: string): boolean {
  return SECRET_NAME.test(name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').replace(/[^A-Za-z0-9]+/g, '_'));
}

/** Whether the text holds a credential, or a place for one that something else fills in. */
export function credentialIn(text: string): 'written' | 'filled in' | undefined {
  const passwords = [URL_PASSWORD, CONNECTION_SECRET].map((pattern) => pattern.exec(text)?.[1]).filter((password) => password !== undefined && !saysNothing(password));
  if (SECRET_VALUE.test(text) || passwords.some((password) => !VARIABLE.test(password ?? ''))) return 'written';
  return passwords.length > 0 ? 'filled in' : undefined;
}
