import { isWideDestination } from './blocks';

/** What a rule variable stands for; undefined where the rule group does not define it. */
export type Variables = (name: string) => readonly string[] | undefined;

/** A rule that lets traffic pass, in Suricata's words. */
export interface PassRule {
  readonly protocol: string;
  readonly source: string;
  readonly destination: string;
  readonly isBothWays: boolean;
  readonly options: string;
}

/** A group of addresses or ports stands in brackets, with blanks or without. */
const ADDRESSES = '(!?\\[.*?\\](?=\\s)|\\S+)';
const HEADER = new RegExp(`^pass\\s+(\\S+)\\s+${ADDRESSES}\\s+${ADDRESSES}\\s+(->|<>)\\s+${ADDRESSES}\\s+${ADDRESSES}\\s*(?:\\((.*)\\))?$`);

/** The rules of a text that let traffic pass; undefined for one that cannot be read. */
export function passRulesIn(text: string): readonly (PassRule | undefined)[] {
  // A backslash at the end of a line carries a rule on to the next.
  const lines = text.replace(/\\\s*\n/g, ' ').split('\n').map((line) => line.trim());
  return lines.filter((line) => /^pass\s/.test(line)).map((line) => {
    const match = HEADER.exec(line);
    if (!match) return undefined;
    const [, protocol = '', source = '', , direction = '', destination = '', , options = ''] = match;
    return { protocol, source, destination, isBothWays: direction === '<>', options };
  });
}

/** Whether an address, a group or a variable stands for (most of) the internet; everything but something bounded does. */
export function isAnywhere(address: string, variables: Variables): boolean {
  const text = address.trim();
  if (text.startsWith('!')) return !isAnywhere(text.slice(1), variables);
  if (text.startsWith('[')) {
    const members = text.slice(1, -1).split(',').map((member) => member.trim());
    const included = members.filter((member) => !member.startsWith('!'));
    return included.length > 0 ? included.some((member) => isAnywhere(member, variables)) : members.every((member) => isAnywhere(member, variables));
  }
  if (text.startsWith('$')) return variables(text.slice(1))?.some((member) => isAnywhere(member, variables)) ?? text === '$EXTERNAL_NET';
  return /^any$/i.test(text) || isWideDestination(text) === true;
}

/** Keywords after which contents are looked for in the name of a host, and the one that says so of the content before it (Suricata guide). */
const IN_HOST = new Set(['tls.sni', 'tls_sni', 'http.host', 'http.host.raw', 'dns.query', 'dns_query', 'tls.cert_subject', 'tls_cert_subject']);
const WAS_HOST = new Set(['http_host', 'http_raw_host']);

/** `.com` stands for every name that ends in it; a name that anybody may register is none that was chosen. */
const TOP_LEVEL = /^[.*]*[^.]*\.?$/;

export const isTopLevel = (name: string): boolean => TOP_LEVEL.test(name);

function saysName(keyword: string, text: string): boolean {
  if (text.includes('${')) return true;
  if (keyword === 'dataset') return /^isset\b/.test(text);
  return keyword === 'pcre' ? /\w\\?\.\w/.test(text) : !isTopLevel(text);
}

/** Whether a rule says whose traffic it is, or that nothing is decided yet: only TCP has a handshake before there is data to look at. */
export function namesHost({ protocol, options }: Pick<PassRule, 'protocol' | 'options'>): boolean {
  let [inHost, said] = [false, false];
  for (const option of options.split(/(?<!\\);/)) {
    const [, keyword = '', , negation = '', text = ''] = /^\s*([\w.]+)\s*(:\s*(!?)\s*(.*?))?\s*$/s.exec(option) ?? [];
    const value = text.replace(/^"|"$/g, '');
    if (keyword === 'flow' && value.includes('not_established') && protocol.toLowerCase() === 'tcp') return true;
    if (WAS_HOST.has(keyword) && said) return true;
    if (['content', 'pcre', 'dataset'].includes(keyword)) {
      said = negation === '' && saysName(keyword, value);
      if (inHost && said) return true;
    } else if (IN_HOST.has(keyword)) inHost = true;
    else if (keyword.includes('.')) inHost = false;
  }
  return false;
}
