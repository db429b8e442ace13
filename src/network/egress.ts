import type { Construct } from 'constructs';
import { invalidProp } from '../invalid-prop';
import { domainFault } from './domain-name';
import { type LlmProvider, PROVIDER_DOMAINS } from './llm-providers';

/** What a rule group is made for: its size cannot change later, and a domain takes about one unit of it. */
export const MOST_DOMAINS = 1000;

/** What was named by one call. */
interface Choice {
  readonly factory: string;
  readonly domains: readonly string[];
}

/**
 * Which public servers a tier reaches (NET-5). There is no variant for all of them.
 *
 * A firewall checks names in two places: the resolver answers for no other, and what is dialled by its address has to say an allowed name in
 * its TLS handshake. It does not decrypt: a program that dials its own server and says an allowed name there (SNI) still gets through, and so
 * does one that uses an allowed server as a relay. Name as few hosts as possible, and none where strangers keep content.
 */
export class Egress {
  /** None: no route, no NAT gateway, no firewall, and no cost. */
  public static none(): Egress {
    return new Egress([]);
  }

  /**
   * These servers, by HTTPS on port 443.
   *
   * It takes an AWS Network Firewall endpoint and a NAT gateway a zone: US$ 0.395 an hour and US$ 0.065 a GB for the first, as others
   * quote its list price of us-east-1, some US$ 290 a month and zone before traffic (https://aws.amazon.com/network-firewall/pricing/ has today's).
   *
   * @param domains such as `api.example.com`, or `.example.com` for the domain and everything below it
   */
  public static allowDomains(domains: string[]): Egress {
    return new Egress([{ factory: 'Egress.allowDomains', domains }]);
  }

  /** The hosts of providers of models. It costs what `allowDomains` does. */
  public static providers(...providers: LlmProvider[]): Egress {
    return new Egress([{ factory: 'Egress.providers', domains: providers.flatMap((provider) => PROVIDER_DOMAINS[provider]) }]);
  }

  private constructor(private readonly choices: readonly Choice[]) {}

  /** These servers and those of another one. */
  public and(other: Egress): Egress {
    return new Egress([...this.choices, ...other.choices]);
  }

  /**
   * The domains, each once, in an order that does not depend on how they were named; checked here, where the prop's place is known.
   *
   * @internal
   */
  public _bind(scope: Construct, prop: string): readonly string[] {
    const empty = this.choices.find(({ domains }) => domains.length === 0);
    if (empty) throw invalidProp(scope, prop, `${empty.factory} of nothing`, 'Name at least one, or take Egress.none().');
    const all = this.choices.flatMap(({ domains }) => domains);
    for (const domain of all) {
      const fault = domainFault(domain);
      if (fault !== undefined) throw invalidProp(scope, prop, domain, fault);
    }
    const unique = [...new Set(all.map((domain) => domain.toLowerCase()))].sort();
    if (unique.length > MOST_DOMAINS) throw invalidProp(scope, prop, `a list of ${unique.length} domains`, `Name ${MOST_DOMAINS} at most, or the domain above many of them.`);
    return unique;
  }
}
