import { Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { invalidProp } from '../invalid-prop';

/** Fewer words than these explain nothing (our figure). */
const LEAST_WORDS = 3;

/** Whether a text says something: a sentence of a few words, known when the app is synthesized. */
export function isReason(text: string): boolean {
  return !Token.isUnresolved(text) && text.trim().split(/\s+/).length >= LEAST_WORDS;
}

/** A text as a message repeats it. */
export function shownReason(text: string): string {
  return Token.isUnresolved(text) ? 'a token' : JSON.stringify(text);
}

/** A text that a reviewer reads; anything shorter than a sentence is refused. */
export function checkedReason(scope: IConstruct, prop: string, reason: string): string {
  if (!isReason(reason)) throw invalidProp(scope, prop, reason, 'Say why in a sentence: a reviewer reads it in the template.');
  return reason;
}
