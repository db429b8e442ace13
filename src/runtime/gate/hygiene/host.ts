import { isIPv6 } from 'node:net';
import type { ReceivedHeaders } from '../ports';
import { onlyValue } from '../received-headers';
import { malformed } from './malformed';

/** RFC 1035, 2.3.4. */
const MAX_NAME_LENGTH = 253;
const MAX_PORT = 65_535;

const LABEL = '[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?';
/** A name or an IPv4 address, without a last dot, which would be another spelling; or an IPv6 address in brackets. Then perhaps a port. */
const HOST = new RegExp(`^(?:(?<name>${LABEL}(?:\\.${LABEL})*)|\\[(?<ipv6>[0-9A-Fa-f:.]+)\\])(?::(?<port>[1-9][0-9]{0,4}))?$`);

/** Refuses a request that names no host, several, or something else: Core builds links of it. */
export function checkHost(received: ReceivedHeaders): void {
  const parts = HOST.exec(onlyValue(received, 'host') ?? '')?.groups;
  if (!parts || (parts.name?.length ?? 0) > MAX_NAME_LENGTH || Number(parts.port ?? 0) > MAX_PORT || (parts.ipv6 !== undefined && !isIPv6(parts.ipv6))) {
    throw malformed('host');
  }
}
