/** Belong to one connection and not to a message (RFC 9110, 7.6.1; RFC 9112, 7), so that nobody passes them on. */
export const HOP_BY_HOP_HEADERS: readonly string[] = [
  'connection', 'expect', 'http2-settings', 'keep-alive', 'proxy-authenticate', 'proxy-authorization', 'proxy-connection', 'te', 'trailer', 'transfer-encoding', 'upgrade',
];
