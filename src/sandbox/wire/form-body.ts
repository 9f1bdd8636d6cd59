import qs from 'qs';
import { invalidRequest } from './api-error.ts';

/** What a form can say: text, hashes `a[b]=`, lists `a[]=` or `a[0]=`, as deep as one likes. */
export type Form = string | Form[] | { [name: string]: Form };

/** Reads `a[b][0]=c&…`, of a query string or a body. */
export function parseForm(text: string): { [name: string]: Form } {
  try {
    return qs.parse(text, {
      arrayLimit: 1_000,
      depth: 10,
      duplicates: 'last',
      parameterLimit: 2_000,
      plainObjects: true,
      strictDepth: true,
      throwOnLimitExceeded: true,
    }) as { [name: string]: Form };
  } catch (error) {
    throw invalidRequest(`The form could not be read: ${(error as Error).message}`);
  }
}

/** Reads the JSON that Stripe's v2 API takes, as the form that says the same. */
export function parseJson(text: string): { [name: string]: Form } {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw invalidRequest(`The JSON could not be read: ${(error as Error).message}`);
  }
  const form = formOf(json, 10);
  if (typeof form === 'object' && !Array.isArray(form)) return form;
  throw invalidRequest('The JSON must be an object.');
}

function formOf(json: unknown, depth: number): Form {
  if (depth === 0) throw invalidRequest('The JSON is nested too deeply.');
  if (Array.isArray(json)) return json.map((item) => formOf(item, depth - 1));
  if (typeof json !== 'object' || json === null) return json === null ? '' : String(json);
  return Object.fromEntries(Object.entries(json).map(([name, value]) => [name, formOf(value, depth - 1)]));
}
