import type { Form } from './variable';

export const flag = (value: 'true' | 'false'): Form => ({ kind: 'words', values: [value] });
export const words = (...values: string[]): Form => ({ kind: 'words', values });
export const whole = (least: number, most: number): Form => ({ kind: 'whole', least, most });
export const text = (pattern: RegExp, says: string): Form => ({ kind: 'text', pattern, says });
export const list = (separator: ',' | ' ', of: Form, least = 1): Form => ({ kind: 'list', separator, of, least });
export const secret = (least: number, says: string, pattern?: RegExp): Form => ({ kind: 'secret', least, says, ...(pattern && { pattern }) });

export const HTTPS_URL = text(/^https:\/\/[^\s/@:]+(:\d{1,5})?(\/\S*)?$/, 'an https URL without a user');
export const ORIGIN = text(/^https:\/\/(?!\d+(\.\d+){3}(:|$))[a-z0-9.-]+(:\d{1,5})?$/, 'an exact https origin, no address');
/** On one machine, where nobody else is asked. */
export const LOCAL_URL = text(/^https?:\/\/[^\s/@]+(\/\S*)?$/, 'a URL without a user');
export const LOCAL_ORIGIN = text(/^https?:\/\/[^\s/@,*]+$/, 'an exact origin');
export const HEADER = text(/^(?!(authorization|cookie|host)$)[a-z0-9][a-z0-9-]{0,63}$/, 'a header of its own, of lower-case letters, digits and hyphens');
export const SCOPE = text(/^[\x21\x23-\x29\x2b\x2d-\x5b\x5d-\x7e]{1,256}$/, 'one scope, without blanks, commas and *');
export const SCOPES = list(' ', SCOPE);
export const CLAIM = text(/^(?!custom:|dev:)[\x21-\x7e]{1,256}$/, 'a claim that only the issuer writes');
export const HOST = text(/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/i, 'a host name');
export const IDENTIFIER = text(/^[a-z_][a-z0-9_]{0,62}$/, 'an identifier of lower-case letters, digits and _');
export const PORT = whole(1, 65_535);
export const ANY_KEY = secret(16, 'a key of its issuer');
