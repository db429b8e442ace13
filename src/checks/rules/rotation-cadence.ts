import type { Property } from '../template/property';

/** Days of the months; February's shortest. */
const MONTHS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const MONTH_NAMES = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];

/**
 * How many days lie between two rotations at most; undefined where nothing says when (Secrets Manager guide, "Schedule expressions").
 *
 * NaN where the expression is none that the service takes.
 */
export function cadenceOf(rules: Property): number | undefined {
  const expression = rules.get('ScheduleExpression').text()?.trim();
  if (expression === undefined) return rules.get('AutomaticallyAfterDays').number();
  const rate = /^rate\((\d+) (hour|day)s?\)$/.exec(expression);
  if (rate) return Number(rate[1]) / (rate[2] === 'hour' ? 24 : 1);
  const [, , day, month] = /^cron\((.*)\)$/.exec(expression)?.[1]?.trim().split(/\s+/) ?? [];
  return day === undefined || month === undefined ? NaN : longestGap(monthsOf(month).filter((index) => hasDay(index, day)));
}

/** `*`, `1/2`, `1-3`, `JAN,JUL`. */
function monthsOf(field: string): number[] {
  const number = (text: string): number => (MONTH_NAMES.includes(text.toUpperCase()) ? MONTH_NAMES.indexOf(text.toUpperCase()) : Number(text) - 1);
  return field.split(',').flatMap((part) => {
    const [range = '', step] = part.split('/');
    const [from = '', to] = range.split('-');
    const first = range === '*' ? 0 : number(from);
    const last = to === undefined ? (range === '*' || step !== undefined ? MONTHS.length - 1 : first) : number(to);
    return MONTHS.map((_, index) => index).filter((index) => index >= first && index <= last && (index - first) % Number(step ?? 1) === 0);
  });
}

/** A month without the 31st is passed over. */
const hasDay = (month: number, day: string): boolean => !/^\d+$/.test(day) || Number(day) <= (MONTHS[month] ?? 0);

/** From the first day of one month to the last of the next: whichever day of it is meant, it is no longer. */
function longestGap(months: readonly number[]): number {
  const [first] = months;
  if (first === undefined) return NaN;
  const gaps = months.map((month, index) => ((months[index + 1] ?? first + MONTHS.length) - month || MONTHS.length));
  return Math.max(...gaps) * LONGEST_MONTH;
}

const LONGEST_MONTH = 31;
