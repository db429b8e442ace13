import type { IConstruct } from 'constructs';
import { invalidProp } from './invalid-prop';

/** Of what kind a value has to be, for those whose compiler does not tell them. */
export interface Kind {
  readonly isRight: (value: unknown) => boolean;
  /** What to do where it is of another. */
  readonly todo: string;
  /** Whether a text may be repeated in a message. @default - it may not: it may be a secret in the wrong place */
  readonly isShown?: boolean;
}

/** Of what kind each of some props has to be. */
export type Kinds<P> = { readonly [prop in keyof P]?: Kind };

/** Refuses what is of another kind than its prop: what could only be taken apart later would fail there, and name something else. */
export function checkKinds<P extends object>(scope: IConstruct, props: P, kinds: Kinds<P>, place = ''): void {
  for (const prop of Object.keys(kinds) as (keyof P & string)[]) {
    const kind = kinds[prop];
    if (kind && props[prop] !== undefined) checkKind(scope, `${place}${prop}`, props[prop], kind);
  }
}

/** The same of a single value. */
export function checkKind(scope: IConstruct, prop: string, value: unknown, { isRight, todo, isShown = false }: Kind): void {
  if (!isRight(value)) throw invalidProp(scope, prop, isShown && typeof value === 'string' ? value : kindOf(value), todo);
}

function kindOf(value: unknown): unknown {
  if (value === undefined || value === null || typeof value === 'number' || typeof value === 'boolean') return value;
  if (typeof value === 'string') return 'a text';
  return Array.isArray(value) ? 'a list' : typeof value;
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** One of ours, or a function's answer that is. */
export const instance = (of: { readonly [Symbol.hasInstance]: (value: unknown) => boolean }, todo: string): Kind => ({ isRight: (value) => of[Symbol.hasInstance](value), todo });

/** Something of the CDK's, told by what every one has: apps may hold several copies of its classes. */
export const having = (member: string, todo: string): Kind => ({ isRight: (value) => isObject(value) && member in value, todo });

export const options = (todo: string): Kind => ({ isRight: (value) => isObject(value) && !Array.isArray(value), todo });

export const member = (of: Readonly<Record<string, string>>, todo: string): Kind => ({ isRight: (value) => typeof value === 'string' && Object.values(of).includes(value), todo, isShown: true });

/** A list, of whatever: its entries are looked at one by one elsewhere. */
export const list = (todo: string): Kind => ({ isRight: Array.isArray, todo });

/** A list, every entry of which is of a kind. */
export const listOf = ({ isRight, todo }: Kind): Kind => ({ isRight: (value) => Array.isArray(value) && value.every(isRight), todo });

export const text = (todo: string): Kind => ({ isRight: (value) => typeof value === 'string', todo });
