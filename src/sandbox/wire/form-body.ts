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
