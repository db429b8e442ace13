import { escaped } from '../requests/wildcards';
import { DeliveryNotEmulated } from './not-emulated';
import type { TableDesign } from './table';

/**
 * The values of a table's partitions for an object, by its address; undefined where Athena would not look there. A table with partitions and without projection
 * knows none: somebody would have to add each by hand (Athena guide, "Use partition projection with Amazon Athena").
 *
 * @param now when Athena is asked: milliseconds since 1970
 */
export function partitionOf(table: TableDesign, address: string, now: number): Readonly<Record<string, string>> | undefined {
  if (table.partitions.length === 0) return address.startsWith(folder(table.location)) ? {} : undefined;
  if (table.parameters['projection.enabled'] !== 'true') return undefined;
  const template = folder(table.parameters['storage.location.template'] ?? `${folder(table.location)}${table.partitions.map(({ name }) => `${name}=\${${name}}`).join('/')}`);
  const names: string[] = [];
  const pattern = template.split(/(\$\{[^}]+\})/).map((part) => {
    const name = /^\$\{([^}]+)\}$/.exec(part)?.[1];
    if (name === undefined) return escaped(part);
    names.push(name);
    return `(${'[^/]+/'.repeat(depthOf(table, name) - 1)}[^/]+)`;
  }).join('');
  const found = new RegExp(`^${pattern}`).exec(address);
  if (found === null) return undefined;
  const values = Object.fromEntries(names.map((name, index) => [name, found[index + 1] ?? '']));
  return Object.entries(values).every(([name, value]) => isProjected(table, name, value, now)) ? values : undefined;
}

/** A date may be written with slashes in it, and is then as many folders. */
function depthOf(table: TableDesign, name: string): number {
  return (table.parameters[`projection.${name}.format`] ?? '').split('/').length;
}

/** Whether the projection comes to a value. */
function isProjected({ parameters }: TableDesign, name: string, value: string, now: number): boolean {
  const setting = (what: string): string => parameters[`projection.${name}.${what}`] ?? '';
  const [from = '', to = ''] = setting('range').split(',').map((end) => end.trim());
  switch (setting('type')) {
    case 'enum': return setting('values').split(',').map((one) => one.trim()).includes(value);
    case 'injected': return true;
    case 'integer': return value.length >= Number(setting('digits') || 1) && /^\d+$/.test(value) && Number(value) >= Number(from) && Number(value) <= Number(to);
    case 'date': return isDateBetween(setting('format'), value, [from, to], now);
    default: throw new DeliveryNotEmulated(`A projection of the type "${setting('type')}" is not read here.`);
  }
}

/** In the order of their letters, as all dates are that begin with the year. */
function isDateBetween(format: string, value: string, ends: readonly string[], now: number): boolean {
  const [from = '', to = ''] = ends.map((end) => endOf(end, format, now));
  return matchesFormat(format, value) && value >= from && value <= to;
}

const DAY_MS = 24 * 60 * 60 * 1000;
const DAYS: Readonly<Record<string, number>> = { DAYS: 1, WEEKS: 7, MONTHS: 30, YEARS: 365 };

/** An end that is relative to the present is, as `NOW-30DAYS`; months and years are taken for as many days as they have at least. */
function endOf(end: string, format: string, now: number): string {
  const [, sign = '+', count = '0', unit = 'DAYS'] = /^NOW(?:([+-])(\d+)([A-Z]+?S?))?$/.exec(end) ?? [];
  if (!end.startsWith('NOW')) return end;
  const days = DAYS[unit.endsWith('S') ? unit : `${unit}S`];
  if (days === undefined) throw new DeliveryNotEmulated(`An end of a projection such as ${end} is not read here.`);
  const iso = new Date(now + (sign === '-' ? -1 : 1) * Number(count) * days * DAY_MS).toISOString();
  const [year, month, day, hour] = [iso.slice(0, 4), iso.slice(5, 7), iso.slice(8, 10), iso.slice(11, 13)];
  return unquoted(format).replace('yyyy', year).replace('MM', month).replace('dd', day).replace('HH', hour);
}

function matchesFormat(format: string, value: string): boolean {
  const pattern = escaped(unquoted(format)).replace(/[yMdHms]/g, '\\d');
  return new RegExp(`^${pattern}$`).test(value);
}

/** Texts in single quotes stand for themselves. */
function unquoted(format: string): string {
  return format.replace(/'([^']*)'/g, '$1');
}

function folder(address: string): string {
  return address.endsWith('/') ? address : `${address}/`;
}
