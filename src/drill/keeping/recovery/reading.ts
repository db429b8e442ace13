import { isJsonMap, type Json, type JsonMap } from '../../../checks/template/template';

export { mapOf } from '../../json';

// What a deployed property says, each in the form that whoever reads it needs: templates write one for a list of one, and numbers and flags as text too.

export const listOf = (value: Json | undefined): readonly Json[] => (Array.isArray(value) ? value as readonly Json[] : value === undefined || value === null ? [] : [value]);

export const mapsIn = (value: Json | undefined): readonly JsonMap[] => listOf(value).filter(isJsonMap);

/** The entries that are texts. */
export const textsIn = (value: Json | undefined): readonly string[] => listOf(value).filter((each) => typeof each === 'string');

export const textOf = (value: Json | undefined): string => (typeof value === 'string' || typeof value === 'number' ? String(value) : '');

export const numberOf = (value: Json | undefined): number | undefined => (value === undefined || value === null || value === '' || Number.isNaN(Number(value)) ? undefined : Number(value));

export const isTrue = (value: Json | undefined): boolean => String(value).toLowerCase() === 'true';
