import { isJsonMap, type Json } from '../../checks/template/template';

/** Statements that name something else by its ARN: `Arn` in a template, `ARN` in the API (AWS WAFV2 API Reference, IPSetReferenceStatement and its like). */
const REFERENCE = /ReferenceStatement$/;

/** Rules as the WAF API takes them. */
export function toWafWords(value: Json, within = ''): unknown {
  if (Array.isArray(value)) return (value as readonly Json[]).map((item) => toWafWords(item, within));
  if (!isJsonMap(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => {
    if (key === 'Arn' && REFERENCE.test(within)) return ['ARN', inner];
    // A template holds what is searched for as text, or as text in Base64; the API takes bytes.
    if (key === 'SearchString') return [key, Buffer.from(String(inner))];
    if (key === 'SearchStringBase64') return ['SearchString', Buffer.from(String(inner), 'base64')];
    return [key, toWafWords(inner, key)];
  }));
}

/** The way back, from an answer whose bytes have become text. */
export function fromWafWords(value: Json, within = ''): Json {
  if (Array.isArray(value)) return (value as readonly Json[]).map((item) => fromWafWords(item, within));
  if (!isJsonMap(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key === 'ARN' && REFERENCE.test(within) ? 'Arn' : key, fromWafWords(inner, key)]));
}
