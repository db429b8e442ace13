import { isIP } from 'net';
import { Token } from 'aws-cdk-lib';
import * as wafv2 from 'aws-cdk-lib/aws-wafv2';
import { Construct, type IConstruct } from 'constructs';
import { invalidProp, isListToken } from '../invalid-prop';
import { isWorldOpen } from '../network/cidr';
import { checkHeaderName } from './waf/header-name';
import { allOf, hasHeader, isInSets, not, type Statement } from './waf/statements';

/** A proxy that says in a header whom it speaks for. */
export interface ForwardedAddressProps {
  /**
   * The header that the proxy overwrites with its client's address, such as `cf-connecting-ip` or `true-client-ip`.
   *
   * Not `x-forwarded-for`: proxies add to it, and WAF counts by its first address, which a client writes as it likes (M-14).
   */
  readonly header: string;

  /** The blocks that the proxies connect from, IPv4 and IPv6, each with its prefix. */
  readonly proxies: string[];
}

/** One way to tell callers apart, for the requests that it applies to. */
export interface AddressKey {
  /** Appended to the names of rules; empty for the only or last one. */
  readonly suffix: string;
  readonly key: Pick<wafv2.CfnWebACL.RateBasedStatementProperty, 'aggregateKeyType' | 'forwardedIpConfig'>;
  /** Undefined for all requests. */
  readonly appliesTo?: Statement;
}

/** Where the address stands by which the web ACL counts requests (RTL-5). */
export class ClientAddress {
  /** The address that the connection comes from. */
  public static source(): ClientAddress {
    return new ClientAddress();
  }

  /**
   * The address in a header, for connections from known proxies; the source for all others.
   *
   * A request of the proxy without the header is counted by the proxy's address (WAF would skip it, M-60), one whose header holds no
   * address is refused.
   */
  public static forwarded(props: ForwardedAddressProps): ClientAddress {
    return new ClientAddress(props);
  }

  private constructor(private readonly forwarding?: ForwardedAddressProps) {}

  /**
   * Whether others are trusted to tell callers apart, so that a budget for whoever connects is wanted besides.
   *
   * @internal
   */
  public get _isForwarded(): boolean {
    return this.forwarding !== undefined;
  }

  /**
   * The ways to tell callers apart that together apply to every request. Called once a web ACL.
   *
   * @internal
   */
  public _bind(parent: Construct): AddressKey[] {
    if (!this.forwarding) return [BY_SOURCE];
    const header = checkHeaderName(parent, 'clientAddress.header', this.forwarding.header);
    if (header === 'x-forwarded-for') {
      throw invalidProp(parent, 'clientAddress.header', header, 'Clients write its first address as they like: let the proxy overwrite a header of its own, such as true-client-ip.');
    }
    const { setArns } = new KnownProxies(parent, 'Proxies', this.forwarding.proxies);
    const trusted = allOf([isInSets(setArns), hasHeader(header)]);
    return [
      { suffix: 'Forwarded', key: { aggregateKeyType: 'FORWARDED_IP', forwardedIpConfig: { headerName: header, fallbackBehavior: 'MATCH' } }, appliesTo: trusted },
      { ...BY_SOURCE, appliesTo: not(trusted) },
    ];
  }
}

const BY_SOURCE: AddressKey = { suffix: '', key: { aggregateKeyType: 'IP' } };

class KnownProxies extends Construct {
  public readonly setArns: string[];

  public constructor(scope: Construct, id: string, blocks: readonly string[]) {
    super(scope, id);
    if (blocks.length === 0) throw invalidProp(scope, 'clientAddress.proxies', blocks, 'Name the blocks that the proxies connect from, or take ClientAddress.source().');
    if (isListToken(blocks)) throw invalidProp(scope, 'clientAddress.proxies', blocks, 'The blocks must be known one by one when the app is synthesized.');
    const versions = blocks.map((block) => [block, ipVersionOf(scope, block)] as const);
    this.setArns = ([4, 6] as const).flatMap((version) => {
      const addresses = versions.filter(([, of]) => of === version).map(([block]) => block);
      return addresses.length === 0 ? [] : [new wafv2.CfnIPSet(this, `V${version}`, { scope: 'REGIONAL', ipAddressVersion: `IPV${version}`, addresses }).attrArn];
    });
  }
}

function ipVersionOf(scope: IConstruct, block: string): number {
  const [address = '', prefix = '', ...more] = block.split('/');
  const version = isIP(address);
  const isBlock = more.length === 0 && version !== 0 && /^\d{1,3}$/.test(prefix) && Number(prefix) <= (version === 4 ? 32 : 128);
  if (Token.isUnresolved(block) || !isBlock || isWorldOpen(block) !== false) {
    throw invalidProp(scope, 'clientAddress.proxies', block, 'Name the block that the proxies connect from with its prefix, such as 198.51.100.0/24 or 2001:db8::/32.');
  }
  return version;
}
