const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

const DAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];
const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const ANY = /^[*?]$/;

/** What a field may be, and what its values are called, beginning with the least. */
interface Field {
  readonly least: number;
  readonly most: number;
  readonly names?: readonly string[];
}

const MINUTE: Field = { least: 0, most: 59 };
const HOUR: Field = { least: 0, most: 23 };
const DAY_OF_MONTH: Field = { least: 1, most: 31 };
const MONTH: Field = { least: 1, most: 12, names: MONTHS };
const DAY_OF_WEEK: Field = { least: 1, most: 7, names: DAYS };
const YEAR: Field = { least: 1970, most: 2199 };

/**
 * When a schedule of AWS Backup begins something, in milliseconds since 1970 and in order: six fields, in UTC (EventBridge Scheduler guide, "Cron-based schedules").
 * Throws where it says what is not imitated.
 */
export function beginnings(expression: string, from: number, until: number): number[] {
  const fields = /^cron\(([^()]*)\)$/.exec(expression.trim())?.[1]?.trim().split(/\s+/) ?? [];
  const [minute = '', hour = '', dayOfMonth = '', month = '', dayOfWeek = '', year = ''] = fields;
  if (fields.length !== 6) throw new Error(`the schedule ${expression} is not imitated: it has not the six fields of cron.`);
  const [minutes, hours, months, years] = [valuesIn(minute, MINUTE), valuesIn(hour, HOUR), valuesIn(month, MONTH), valuesIn(year, YEAR)];
  const found: number[] = [];
  for (let day = Math.floor(from / DAY_MS) * DAY_MS; day < until; day += DAY_MS) {
    const date = new Date(day);
    if (!months.has(date.getUTCMonth() + 1) || !years.has(date.getUTCFullYear()) || !isDayOfMonth(dayOfMonth, date) || !isDayOfWeek(dayOfWeek, date)) continue;
    for (const h of hours) for (const m of minutes) found.push(day + h * HOUR_MS + m * MINUTE_MS);
  }
  return found.filter((at) => at >= from && at < until).sort((a, b) => a - b);
}

function valuesIn(text: string, field: Field): ReadonlySet<number> {
  return new Set(text.split(',').flatMap((part) => {
    const [range = '', step] = part.split('/');
    const [first = '', last] = range.split('-');
    const isAny = ANY.test(range);
    const from = isAny ? field.least : numberIn(first, field);
    const alone = step === undefined ? from : field.most;
    const to = isAny ? field.most : last === undefined ? alone : numberIn(last, field);
    const by = step === undefined ? 1 : numberIn(step, { least: 1, most: field.most });
    return Array.from({ length: Math.floor((to - from) / by) + 1 }, (_, index) => from + index * by);
  }));
}

function numberIn(text: string, { least, most, names = [] }: Field): number {
  const named = names.indexOf(text.toUpperCase());
  const value = named >= 0 ? named + least : Number(text === '' ? NaN : text);
  if (!Number.isInteger(value) || value < least || value > most) throw new Error(`"${text}" in a schedule is not imitated.`);
  return value;
}

/** `L` is the last one of a month. */
function isDayOfMonth(text: string, date: Date): boolean {
  return text === 'L' ? new Date(date.getTime() + DAY_MS).getUTCDate() === 1 : valuesIn(text, DAY_OF_MONTH).has(date.getUTCDate());
}

/** `SAT#1` is the first Saturday of a month. */
function isDayOfWeek(text: string, date: Date): boolean {
  return text.split(',').some((part) => {
    const [days = '', nth] = part.split('#');
    return valuesIn(days, DAY_OF_WEEK).has(date.getUTCDay() + 1) && (nth === undefined || Math.ceil(date.getUTCDate() / DAYS.length) === Number(nth));
  });
}
