/** What documents write where a value should stand (M-48): it satisfies presence and length. */
export const PLACEHOLDER = new RegExp([
  String.raw`<[^<>]*>`, String.raw`\byour[-_][\w-]+`, String.raw`\bchange[-_]?me\b`, String.raw`\bstrong-random-key(-here)?\b`, String.raw`\bshared-secret-key\b`,
  String.raw`^(password|passwd|secret|placeholder|todo|example|sample|dummy|x{3,})$`, String.raw`^key\d*:user\d*$`, String.raw`(^|\.)example(\.(com|net|org))?$`,
].join('|'), 'i');

/** Whether a value is one from its first character to its last: one that is random may well hold a pair of angle brackets. */
export const isPlaceholder = (value: string): boolean => PLACEHOLDER.exec(value)?.[0] === value;
