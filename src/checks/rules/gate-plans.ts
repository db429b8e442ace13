import { MAX_RATE } from '../../ingress/rate';
import { isWhole } from '../../whole-number';
import { all, expect, type Outcome } from '../rule';
import type { Property } from '../template/property';

/** An hour: what the catalogue takes for a window (CX-29). */
export const MAX_WINDOW_SECONDS = 3600;

/** Ten seconds at the highest rate: whoever may send more at once is held back by nothing that he notices. */
export const MAX_BURST = 10 * MAX_RATE;

/** What one caller may have open at once (CX-31). */
export const MAX_STREAMS = 100;

/** What callers may use, whoever they are: the plan of most, and those that take its place; none where nothing is counted. */
export function plansOf(configuration: Property): readonly Property[] {
  const rate = configuration.get('rate');
  return rate.exists ? [rate.get('plan'), ...rate.get('overrides').items().map((override) => override.get('plan'))] : [];
}

/** Requests a second; not a number where one of the two is none. */
export const rateOf = (budget: Property): number => (budget.get('requests').number() ?? NaN) / (budget.get('windowSeconds').number() ?? NaN);

/** How a message shows a number that the template names, or leaves out. */
const shown = (place: Property): string => place.text() ?? 'nothing';

/** Whether a budget holds somebody back. */
export function isLimit(budget: Property, kind: 'general' | 'heavy'): readonly Outcome[] {
  const [requests, window, burst] = [budget.get('requests'), budget.get('windowSeconds'), budget.get('burst')];
  return all(
    () => expect(isWhole(window.number(), 1, MAX_WINDOW_SECONDS), window, `the gate counts ${kind} requests over ${shown(window)} s: 1 to ${MAX_WINDOW_SECONDS} are a window`),
    () => {
      const most = MAX_RATE * (window.number() ?? NaN);
      const grants = `the gate grants one caller ${shown(requests)} ${kind} requests in ${shown(window)} s`;
      return expect(isWhole(requests.number(), 1, most), requests, `${grants}, and ${MAX_RATE} a second are the most that limits anybody`);
    },
    () => {
      const least = Math.ceil(rateOf(budget));
      const takes = `the gate takes ${shown(burst)} ${kind} requests of one caller at once`;
      return expect(isWhole(burst.number(), least, MAX_BURST), burst, `${takes}: from those of a second (${least}) to ${MAX_BURST} are a burst`);
    },
  );
}
