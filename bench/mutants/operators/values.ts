import type { Json } from '../../../src/checks/template/template';
import type { Change, Operator } from './operator';

/** True to false and back; settings and some properties write them as text. */
export const flip: Operator = ({ value, schema, isSetting }) => {
  if (typeof value === 'boolean' && schema.takes('boolean')) return [{ operator: 'flip', to: !value }];
  if (isSetting && (value === 'true' || value === 'false')) return [{ operator: 'flip', to: value === 'true' ? 'false' : 'true' }];
  return [];
};

/** Every other value that the schema lists: which of them is the weaker one is for the judges to say. */
export const choose: Operator = ({ value, schema }) => {
  if (typeof value !== 'string' && typeof value !== 'number') return [];
  return schema.values.filter((other) => String(other) !== String(value)).map((to) => ({ operator: `=${String(to)}`, to }));
};

const FACTOR_UP = 1000;
const FACTOR_DOWN = 10;

/** The ends of what the schema takes, a thousand times as much, and a tenth. */
export const scale: Operator = ({ value, schema, isSetting }) => {
  const isText = typeof value === 'string' && /^\d+$/.test(value) && (isSetting || schema.takes('integer') || schema.takes('number'));
  if (!isText && !(typeof value === 'number' && (schema.takes('integer') || schema.takes('number')))) return [];
  if (schema.values.length > 0) return [];
  const now = Number(value);
  const { minimum, maximum } = schema;
  const within = (wanted: number): number => Math.min(Math.max(wanted, minimum ?? 0), maximum ?? Number.MAX_SAFE_INTEGER);
  const wanted: [string, number | undefined][] = [['min', minimum], ['max', maximum], ['times 1000', within(now * FACTOR_UP)], ['over 10', within(Math.floor(now / FACTOR_DOWN))]];
  const seen = new Set([now]);
  return wanted.flatMap(([operator, to]): Change[] => {
    if (to === undefined || seen.has(to)) return [];
    seen.add(to);
    return [{ operator, to: isText ? String(to) : to }];
  });
};

const IPV4_BLOCK = /^(\d{1,3}\.){3}\d{1,3}\/\d{1,2}$/;
const IPV6_BLOCK = /^[0-9a-f:]*:[0-9a-f:]*\/\d{1,3}$/i;

/** Lets in more: all addresses or half of them, all ports, all protocols. */
export const widen: Operator = ({ value, path, around, schema }) => {
  if (typeof value === 'string' && (IPV4_BLOCK.test(value) || IPV6_BLOCK.test(value))) {
    const wider: readonly Json[] = IPV4_BLOCK.test(value) ? ['0.0.0.0/0', '0.0.0.0/1'] : ['::/0', '::/1'];
    return wider.filter((to) => to !== value).map((to) => ({ operator: `widen to ${String(to)}`, to }));
  }
  const last = path.at(-1);
  if (Array.isArray(around) || !('IpProtocol' in around)) return [];
  if (last === 'FromPort' && value !== 0) return [{ operator: 'widen to 0', to: 0 }];
  if (last === 'ToPort' && value !== 65_535) return [{ operator: 'widen to 65535', to: 65_535 }];
  return last === 'IpProtocol' && schema.takes('string') && value !== '-1' ? [{ operator: 'widen to -1', to: '-1' }] : [];
};
