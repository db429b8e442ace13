/** Endings that a file of a package has; anything else with dots and a word at the end is taken for a host's name. */
const FILE_ENDINGS = ['whl', 'gz', 'zip', 'tar', 'txt', 'py', 'so', 'toml', 'cfg', 'ini', 'json'];

const HOSTS: readonly RegExp[] = [
  /\b[a-z][a-z+]*:\/\/[^\s'"<>()]+/gi,
  /(?<=\bhost=')[^']+/gi,
  /(?<=\bresolve ')[^']+/gi,
  /(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?(?![\w.])/g,
  new RegExp(`(?<![\\w./-])(?:[a-z0-9-]+\\.)+(?!(?:${FILE_ENDINGS.join('|')})\\b)[a-z]{2,}(?::\\d+)?(?![\\w./-]*\\w)`, 'gi'),
];

/** pip's words without where it looked: an index may be a company's own, with credentials in its address. */
export function withoutHosts(text: string): string {
  return HOSTS.reduce((cleaned, host) => cleaned.replace(host, '[host]'), text);
}
