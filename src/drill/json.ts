import { isJsonMap, type Json, type JsonMap } from '../checks/template/template';

// What AWS would refuse is not ours to report: of another kind than it should be, a value is as good as absent.

/** Empty where there is none. */
export function text(value: Json | undefined): string {
  return typeof value === 'object' || value === undefined ? '' : String(value);
}

/** CloudFormation takes a text for a figure as well. Undefined where it is neither. */
export function figure(value: Json | undefined): number | undefined {
  const read = value === undefined || value === null || typeof value === 'object' ? NaN : Number(value);
  return Number.isFinite(read) ? read : undefined;
}

export function listOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value as readonly Json[] : [];
}

export function mapsIn(value: Json | undefined): JsonMap[] {
  return listOf(value).filter(isJsonMap);
}

export function mapOf(value: Json | undefined): JsonMap {
  return isJsonMap(value) ? value : {};
}

/** A line that is a JSON object; undefined where it is another one. */
export function parsedLine(line: string): JsonMap | undefined {
  try {
    const parsed = JSON.parse(line) as Json;
    return isJsonMap(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

/** The lines that are JSON objects. */
export function parsedLines(written: string): JsonMap[] {
  return written.split('\n').map(parsedLine).filter((line) => line !== undefined);
}
