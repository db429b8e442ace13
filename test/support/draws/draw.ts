import type { Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import fc from 'fast-check';

/** How often each prop was there and not there, and each member of an enum and each factory was taken. */
export class Tally {
  private readonly counts = new Map<string, number>();

  /** So that what is never drawn is in the table too. */
  public expect(cell: string): void {
    if (!this.counts.has(cell)) this.counts.set(cell, 0);
  }

  public count(cell: string): void {
    this.counts.set(cell, (this.counts.get(cell) ?? 0) + 1);
  }

  public get cells(): ReadonlyMap<string, number> {
    return new Map([...this.counts].sort(([one], [other]) => (one < other ? -1 : 1)));
  }

  public get missing(): readonly string[] {
    return [...this.cells].filter(([, times]) => times === 0).map(([cell]) => cell);
  }
}

/** Of everything that is drawn in this process. */
export const TALLY = new Tally();

/** Where what was drawn is built. */
export class Site {
  private made = 0;
  private readonly shared = new Map<string, unknown>();

  public constructor(public readonly stack: Stack) {}

  /** A place that nothing else is built in. */
  public place(name: string): Construct {
    this.made += 1;
    return new Construct(this.stack, `${name}${this.made}`);
  }

  /** What several props have to agree on, such as a network. */
  public one<T>(name: string, make: () => T): T {
    if (!this.shared.has(name)) this.shared.set(name, make());
    return this.shared.get(name) as T;
  }
}

/** A value that is described, so that a failure can show it, and built anew in each app. */
export interface Made<T> {
  readonly shown: unknown;
  make(site: Site): T;
}

export type Draw<T> = fc.Arbitrary<Made<T>>;

/** Text, numbers, and whatever else shows itself. */
export function plain<T>(values: fc.Arbitrary<T>): Draw<T> {
  return values.map((value) => ({ shown: value, make: () => value }));
}

export function built<T>(shown: unknown, make: (site: Site) => T): Draw<T> {
  return fc.constant({ shown, make });
}

export function mapped<A, B>(draw: Draw<A>, shown: string, make: (value: A, site: Site) => B): Draw<B> {
  return draw.map((one) => ({ shown: { [shown]: one.shown }, make: (site) => make(one.make(site), site) }));
}

export function either<T>(...draws: Draw<T>[]): Draw<T> {
  return fc.oneof(...draws);
}

/** What is wrong has to be seldom: of a hundred props that are drawn together, one wrong one is enough for a refusal. */
const MOSTLY = 150;

export function mostly<T>(right: Draw<T>, ...wrong: Draw<T>[]): Draw<T> {
  return fc.oneof({ weight: MOSTLY, arbitrary: right }, ...wrong.map((arbitrary) => ({ weight: 1, arbitrary })));
}

/** Whole numbers with both bounds, and now and then one beyond. */
export function whole(least: number, most: number): Draw<number> {
  return mostly(plain(fc.oneof({ weight: 6, arbitrary: fc.integer({ min: least, max: most }) }, { weight: 1, arbitrary: fc.constantFrom(least, most) })),
    plain(fc.constantFrom(least - 1, most + 1, least + 0.5, Number.NaN)));
}

export function text(right: readonly [string, ...string[]], ...wrong: string[]): Draw<string> {
  return mostly(plain(fc.constantFrom(...right)), ...wrong.map((one) => plain(fc.constant(one))));
}

export const flag: Draw<boolean> = plain(fc.boolean());

/** Of what is there by name: any of them, one at least. */
export function someOf<T>(draws: readonly Draw<T>[]): Draw<T[]> {
  return fc.tuple(fc.subarray(draws.map((_, index) => index), { minLength: 1 }), fc.tuple(...draws))
    .map(([chosen, all]) => all.filter((_, index) => chosen.includes(index)))
    .map((entries) => ({ shown: entries.map(({ shown }) => shown), make: (site: Site) => entries.map((entry) => entry.make(site)) }));
}

/** A list; what says who an entry is may not be there twice. */
export function listOf<T>(draw: Draw<T>, least: number, most: number): Draw<T[]> {
  return fc.uniqueArray(draw, { minLength: least, maxLength: most, selector: ({ shown }) => JSON.stringify(shown) })
    .map((entries) => ({ shown: entries.map(({ shown }) => shown), make: (site: Site) => entries.map((entry) => entry.make(site)) }));
}

/** A member of an enum, each counted. */
export function memberOf<E extends string>(name: string, members: Readonly<Record<string, E>>): Draw<E> {
  for (const member of Object.keys(members)) TALLY.expect(`${name}.${member}`);
  return fc.constantFrom(...Object.entries(members)).map(([member, value]) => ({
    shown: `${name}.${member}`,
    make: () => {
      TALLY.count(`${name}.${member}`);
      return value;
    },
  }));
}

/** How much rarer than others such a factory is. */
const SELDOM = 15;

/** What begins with an underscore is no factory for a caller. */
type Statics<C> = Exclude<keyof C, 'prototype' | `_${string}`>;

/**
 * What a closed class can be: a factory that has no draw does not compile.
 *
 * @param seldom factories that few other props go together with
 */
export function factoriesOf<C, T>(name: string, factories: Readonly<Record<Statics<C>, Draw<T>>>, ...seldom: Statics<C>[]): Draw<T> {
  const draws = Object.entries<Draw<T>>(factories);
  for (const [factory] of draws) TALLY.expect(`${name}.${factory}()`);
  const weightOf = (factory: string): number => (seldom.some((one) => one === factory) ? 1 : SELDOM);
  return fc.oneof(...draws.map(([factory, draw]) => ({ weight: weightOf(factory), arbitrary: draw.map((one) => ({
    shown: { [`${name}.${factory}`]: one.shown },
    make: (site: Site) => {
      TALLY.count(`${name}.${factory}()`);
      return one.make(site);
    },
  })) })));
}

/** A prop that may be absent. */
export interface Perhaps<T> {
  readonly draw: Draw<T>;
  /** Times of a hundred that it is there. */
  readonly percent: number;
}

export function perhaps<T>(draw: Draw<T>, percent = 50): Perhaps<T> {
  return { draw, percent };
}

type IsOptional<P, K extends keyof P> = object extends Pick<P, K> ? true : false;

/** A draw of every prop: one that is forgotten does not compile. */
export type DrawsOf<P> = { readonly [K in keyof P]-?: IsOptional<P, K> extends true ? Perhaps<Exclude<P[K], undefined>> : Draw<P[K]> };

export function propsOf<P extends object>(name: string, draws: DrawsOf<P>): Draw<P> {
  const entries = Object.entries(draws as Readonly<Record<string, Draw<unknown> | Perhaps<unknown>>>).map(([prop, one]): readonly [string, fc.Arbitrary<Made<unknown> | undefined>] => {
    TALLY.expect(`${name}.${prop} given`);
    if (!('percent' in one)) return [prop, one];
    TALLY.expect(`${name}.${prop} absent`);
    return [prop, fc.oneof({ weight: one.percent, arbitrary: one.draw }, { weight: 100 - one.percent, arbitrary: fc.constant(undefined) })];
  });
  return fc.tuple(...entries.map(([, draw]) => draw)).map((values) => {
    const drawn = entries.map(([prop], index) => [prop, values[index]] as const);
    return {
      shown: Object.fromEntries(drawn.flatMap(([prop, value]) => (value ? [[prop, value.shown]] : []))),
      make: (site: Site) => {
        const props: Record<string, unknown> = {};
        for (const [prop, value] of drawn) {
          TALLY.count(`${name}.${prop} ${value ? 'given' : 'absent'}`);
          if (value) props[prop] = value.make(site);
        }
        return props as P;
      },
    };
  });
}
