/** Request targets, without a query. What is accepted names one thing and is its only spelling; whatever else could be read as `/v1/chat` is refused. */
export interface PathCase {
  readonly path: string;
  readonly why: string;
}

const refused = (why: string, ...paths: readonly string[]): PathCase[] => paths.map((path) => ({ path, why }));

export const REFUSED_PATHS: readonly PathCase[] = [
  ...refused('an encoded slash', '/v1%2fchat', '/v1%2Fchat', '/v1/chat%2F', '/%2f/v1/chat'),
  ...refused('an encoded backslash', '/v1%5cchat', '/v1%5Cchat', '/v1/x/..%5Cchat'),
  ...refused('an encoded percent sign', '/v1/%2563hat', '/v1/%252e%252e/chat', '/v1%252Fchat', '/v1/100%25'),
  ...refused('an encoded NUL', '/v1/chat%00', '/v1/chat%00.json'),
  ...refused('a parameter', '/v1/chat;a=b', '/v1;/chat', '/v1/chat%3B', '/v1/chat%3ba=b', '/v1/..;/chat'),
  ...refused('a backslash', '/v1\\chat', '\\v1\\chat', '/v1/x/..\\chat'),
  ...refused('an empty segment', '//v1/chat', '/v1//chat', '/v1/chat//', '//'),
  ...refused('a dot segment', '/v1/./chat', '/v1/../v1/chat', '/.', '/..', '/v1/chat/.', '/v1/chat/..', '/v1/.../chat'),
  ...refused('an encoded dot segment', '/v1/%2e/chat', '/v1/%2E%2E/chat', '/v1/.%2e/chat', '/v1/%2e./chat', '/v1/%c0%ae%c0%ae/chat', '/v1/%C0%AE/chat', '/v1/%E2%80%A5/chat',
    '/v1/%EF%BC%8E%EF%BC%8E/chat'),
  ...refused('an encoded letter, digit or mark', '/v1/%63hat', '/%76%31/chat', '/v%31/chat', '/v1/chat%2Dx', '/v1/chat%5Fx', '/v1/chat%7Ex'),
  ...refused('an encoded character that may stand as it is', '/v1/a%40b', '/v1/a%3Ab', '/v1/a%2Bb', '/v1/a%24b', '/v1/a%26b', '/v1/a%2Cb', '/v1/a%3Db', '/v1/a%21b', '/v1/a%27b',
    '/v1/a%28b%29', '/v1/a%2Ab'),
  ...refused('an encoding in small letters', '/v1/caf%c3%a9', '/v1/a%7cb', '/v1/caf%C3%a9'),
  ...refused('a control', '/v1/chat\0', '/v1/chat\t', '/v1/chat\r\n', '/v1/chat\x7f', '/v1/chat%0A', '/v1/chat%0D%0A', '/v1/chat%09', '/v1/chat%7F', '/v1/chat%C2%85', '/v1/chat%1F'),
  ...refused('bytes outside ASCII', '/v1/caf\xe9', '/v1/\xc3\xa9', '/v1/\u2215chat', '/v1/\uff0fchat'),
  ...refused('a broken encoding', '/v1/chat%', '/v1/chat%2', '/v1/chat%zz', '/v1/chat%u0063', '/v1/%%63hat', '/v1/chat%C3', '/v1/%ED%A0%80', '/v1/%F8%88%80%80%80', '/v1/%FF', '/v1/%E0%80%AF'),
  ...refused('a second form of one character', '/v1%EF%BC%8Fchat', '/v1/%EF%BD%83hat', '/v1/cafe%CC%81', '/v1/%E2%84%AA', '/v1/%EF%AC%81le', '/v1/%EF%BC%85'),
  ...refused('something invisible', '/v1/ch%E2%80%8Bat', '/v1/%E2%80%AEtahc', '/v1/%EF%BB%BFchat', '/v1/%C2%ADchat', '/v1/%E2%80%A8chat', '/v1/%EE%80%80'),
  ...refused('a blank at an edge', '/v1/chat%20', '/v1/%20chat', '/v1%20/chat', '/v1/..%20/chat', '/v1/%E3%80%80'),
  ...refused('a raw blank', '/v1/chat x', '/v1/ chat', '/v1/chat '),
  ...refused('a character that URLs encode', '/v1/"chat"', '/v1/<chat>', '/v1/{chat}', '/v1/chat|x', '/v1/chat^x', '/v1/`chat`', '/v1/[chat]'),
  ...refused('a question mark or fragment', '/v1/chat#x', '/v1/chat%3Fa=b', '/v1/chat%23x', '#', '/#'),
  ...refused('another form of request', 'http://gate.test/v1/chat', 'https://gate.test/v1/chat', 'HTTP://gate.test/v1/chat', 'gate.test:443', 'gate.test', '*', '', 'v1/chat', './v1/chat',
    '?', 'file:///etc/passwd', '@gate.test/v1/chat'),
  ...refused('length', `/v1/${'a'.repeat(2048)}`),
];

export const ACCEPTED_PATHS: readonly string[] = [
  '/', '/v1/chat/completions', '/v1/models', '/v1/models/', '/v1/models/gpt-4.1-mini', '/v1/models/ft:gpt-4o-mini:acme::8xQ1', '/V1/Models', '/v1/files/report..final.pdf',
  '/.well-known/jwks.json', '/v1/.hidden',
  '/v1/users/alice@example.com', '/v1/jobs/3f2b8c1e-0000-4000-8000-000000000000', '/v1/a+b', '/v1/$batch', '/v1/x/~me', "/odata/Products('a')", '/v1/items/(1,2)', '/v1/x=1&y=2',
  '/v1/files/annual%20report.pdf',
  '/v1/names/caf%C3%A9', '/v1/names/%E6%9D%B1%E4%BA%AC', '/v1/names/%F0%9F%98%80', '/v1/tags/%5Bdraft%5D', '/v1/tags/a%7Cb', '/v1/tags/%22quoted%22', '/v1/x*', '/v1/...x', '/v1/x...',
];
