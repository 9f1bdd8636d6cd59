import { invalidRequest } from './api-error.ts';
import { nested, type Parameter } from './parameters.ts';

/** What a request says about metadata: `''` for a key removes the key, `''` for all of it (read as `null`) empties it. */
export type MetadataChange = Record<string, string> | null;

export const metadata: Parameter<MetadataChange> = {
  read(form, { name }) {
    if (form === '') return null;
    if (typeof form !== 'object' || Array.isArray(form)) throw invalidRequest('Invalid object', name);
    for (const [key, value] of Object.entries(form)) {
      const at = nested(name, key);
      if (typeof value !== 'string') throw invalidRequest('Invalid string: metadata values must be text', at);
      if (key.length > 40) throw invalidRequest(`Metadata keys can have at most 40 characters: ${key}`, at);
      if (value.length > 500) throw invalidRequest('Metadata values can have at most 500 characters.', at);
      if (`${key}${value}`.includes('\0')) throw invalidRequest('Invalid string: it contains a null character', at);
    }
    return form as Record<string, string>;
  },
};

/** The metadata after a request: merged key by key. */
export function mergeMetadata(current: Record<string, string> | null, change: MetadataChange | undefined) {
  if (change === null) return {};
  const merged = Object.fromEntries(Object.entries({ ...current, ...change }).filter(([, value]) => value !== ''));
  if (Object.keys(merged).length > 50) throw invalidRequest('Metadata can have at most 50 keys.', 'metadata');
  return merged;
}
