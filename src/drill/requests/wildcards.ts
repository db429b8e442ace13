/** In a query a backslash takes the meaning from a wildcard (elasticloadbalancing API_QueryStringConditionConfig). */
const WILDCARDS = { plain: /()([*?])/g, query: /\\([*?])|([*?])/g } as const;

export type PatternKind = keyof typeof WILDCARDS;

/** What `*` may stand for, likeliest first: rules before this one may take some of them. */
const FILLS = ['drill', 'other', 'zulu', '7', ''];

/** Whether a text is what a load balancer's pattern means: `*` is any number of characters, `?` exactly one. */
export function matches(pattern: string, text: string, { kind = 'plain', anyCase }: { readonly kind?: PatternKind; readonly anyCase: boolean }): boolean {
  const source = replaced(pattern, kind, escaped, (wildcard) => wildcard === '*' ? '.*' : '.');
  return new RegExp(`^${source}$`, anyCase ? 'is' : 's').test(text);
}

/** Texts that a pattern matches. */
export function instances(pattern: string, kind: PatternKind = 'plain'): readonly string[] {
  const texts = FILLS.map((fill) => replaced(pattern, kind, (text) => text, (wildcard) => wildcard === '*' ? fill : fill.charAt(0) || 'q'));
  return [...new Set(texts)];
}

function replaced(pattern: string, kind: PatternKind, plain: (text: string) => string, wild: (wildcard: string) => string): string {
  let result = '';
  let end = 0;
  for (const match of pattern.matchAll(WILDCARDS[kind])) {
    const [whole, literal = '', wildcard = ''] = match;
    result += plain(pattern.slice(end, match.index) + literal) + (wildcard === '' ? '' : wild(wildcard));
    end = match.index + whole.length;
  }
  return result + plain(pattern.slice(end));
}

/** As a regular expression that means the text and nothing else. */
export function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}
