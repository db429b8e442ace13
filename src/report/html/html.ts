/** Text that may stand in a page as it is. */
export class Html {
  public constructor(public readonly text: string) {}
}

export type Content = string | number | Html | undefined | readonly Content[];

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', '\'': '&#39;' };

/** A piece of a page. What is put into it is escaped, for text and quoted attributes alike, unless a piece of a page itself. */
export function html(parts: TemplateStringsArray, ...contents: readonly Content[]): Html {
  return new Html(parts.map((part, index) => part + (index < contents.length ? written(contents[index]) : '')).join(''));
}

function written(content: Content): string {
  if (content === undefined) return '';
  if (content instanceof Html) return content.text;
  if (typeof content === 'string' || typeof content === 'number') return printable(String(content)).replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
  return content.map(written).join('');
}

/** Control characters shown as what they are: a page may not hold them, and some turn the text around them about (bidirectional overrides). */
function printable(text: string): string {
  return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
