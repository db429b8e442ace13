/**
 * A stand-in for the part of CloudWatch Logs Insights that our questions use, over lines of JSON; the emulator's knows neither `stats` nor a filter on a field.
 * Written after the CloudWatch Logs guide, "Query syntax". Throws on whatever it does not know. That AWS answers alike is not proven.
 */
type Row = Readonly<Record<string, unknown>>;

export function askInsights(query: string, lines: readonly string[]): Row[] {
  const records = lines.map((line) => JSON.parse(line) as Row);
  return query.split('|').map((stage) => stage.trim()).reduce<Row[]>((rows, stage) => {
    const [, command = '', rest = ''] = /^(\w+)\s+([\s\S]+)$/.exec(stage) ?? [];
    const run = { filter, stats, fields, sort }[command];
    if (!run) throw new Error(`There is no ${stage}.`);
    return run(rows, rest);
  }, records);
}

function filter(rows: Row[], condition: string): Row[] {
  const tests = condition.split(' and ').map((part) => {
    const [, present] = /^ispresent\((\w+)\)$/.exec(part) ?? [];
    if (present !== undefined) return (row: Row): boolean => row[present] !== undefined;
    const [, name, value] = /^(\w+) = "([^"]*)"$/.exec(part) ?? [];
    if (name === undefined) throw new Error(`There is no condition ${part}.`);
    return (row: Row): boolean => row[name] === value;
  });
  return rows.filter((row) => tests.every((test) => test(row)));
}

const AGGREGATES: Readonly<Record<string, (values: readonly unknown[], rows: readonly Row[]) => unknown>> = {
  count: (_, rows) => rows.length,
  sum: (values) => values.reduce<number>((sum, value) => sum + Number(value), 0),
  min: (values) => [...values].sort()[0],
  max: (values) => [...values].sort().at(-1),
};

function stats(rows: Row[], text: string): Row[] {
  const [figures = '', by = ''] = text.split(' by ');
  const names = by.split(',').map((name) => name.trim());
  const wanted = figures.split(/,\s*(?=\w+\()/).map((figure) => {
    const [, how = '', of = '', as = ''] = /^(\w+)\((\*|\w+)\) as (\w+)$/.exec(figure.trim()) ?? [];
    const aggregate = AGGREGATES[how];
    if (!aggregate) throw new Error(`There is no figure ${figure}.`);
    return { as, of: (group: readonly Row[]) => aggregate(group.map((row) => row[of]).filter((value) => value !== undefined), group) };
  });
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const key = JSON.stringify(names.map((name) => row[name] ?? null));
    groups.set(key, [...groups.get(key) ?? [], row]);
  }
  return [...groups.values()].map((group) => ({ ...Object.fromEntries(names.map((name) => [name, group[0]?.[name]])), ...Object.fromEntries(wanted.map(({ as, of }) => [as, of(group)])) }));
}

/** As in Insights, what follows still sees the other fields. */
function fields(rows: Row[]): Row[] {
  return rows;
}

function sort(rows: Row[], text: string): Row[] {
  const [, name = '', order = ''] = /^(\w+) (asc|desc)$/.exec(text) ?? [];
  if (order === '') throw new Error(`There is no order ${text}.`);
  const rank = (row: Row): number => (typeof row[name] === 'number' ? row[name] : Date.parse(String(row[name])));
  return [...rows].sort((one, other) => (order === 'asc' ? rank(one) - rank(other) : rank(other) - rank(one)));
}
