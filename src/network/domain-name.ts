import { Token } from 'aws-cdk-lib';

/** Of what DNS takes, the letters, digits and hyphens that the resolver's firewall takes (Route 53 Resolver API, UpdateFirewallDomains). */
const LABEL = /^(?!-)[a-z0-9-]{1,63}(?<!-)$/;
/** DNS allows 253 characters in a name as one writes it (RFC 1035, section 2.3.4). */
const MAX_LENGTH = 253;

/** What is wrong with a domain, in words that say what to write instead; undefined where nothing is. */
export function domainFault(domain: string): string | undefined {
  if (Token.isUnresolved(domain)) return 'Name domains that are known when the app is synthesized.';
  if (domain.includes('*')) return 'Write ".example.com" for a domain and everything below it: a wildcard elsewhere is not matched.';
  if (/[/:@?#]/.test(domain)) return 'Name the host alone, without scheme, port or path, such as "api.example.com".';
  const labels = (domain.startsWith('.') ? domain.slice(1) : domain).toLowerCase().split('.');
  if (labels.every((label) => /^\d+$/.test(label))) return 'Name a host: an address carries no name that a firewall could check.';
  if (labels.length < 2) return 'Name a whole domain, such as "api.example.com": a single label takes in everything registered below it.';
  if (domain.length > MAX_LENGTH || !labels.every((label) => LABEL.test(label))) return 'Name a domain such as "api.example.com", or ".example.com" for everything below it.';
  return undefined;
}

/** How the resolver's firewall writes a domain: `.example.com` is the name itself and all below it, as Network Firewall reads it. */
export function resolverNames(domain: string): readonly string[] {
  return domain.startsWith('.') ? [domain.slice(1), `*${domain}`] : [domain];
}
