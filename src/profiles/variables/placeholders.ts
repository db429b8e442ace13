/** What documents write where a value should stand (M-48): it satisfies presence and length. Compared with the whole value, with each entry of a list, and with the host of a URL. */
export const PLACEHOLDER = new RegExp([
  String.raw`<[^<>]*>`, String.raw`\byour[-_][\w-]+`, String.raw`\bchange[-_]?me\b`, String.raw`\bstrong-random-key(-here)?\b`, String.raw`\bshared-secret-key\b`,
  String.raw`^(password|passwd|secret|placeholder|todo|example|sample|dummy|x{3,})$`, String.raw`^key\d*:user\d*$`, String.raw`(^|\.)example(\.(com|net|org))?$`,
].join('|'), 'i');
