import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isWellFormedApiKey, newApiKey } from '../../src/identity/access/api-key-format.ts';

const documentation = readFileSync(join(import.meta.dirname, '../../docs/api-keys.md'), 'utf8');
const pattern = new RegExp(/```regex\n(.+)\n```/.exec(documentation)![1]!, 'g');

describe('the pattern for secret scanners', () => {
  it.each(['TEST', 'LIVE'] as const)('finds every %s key in what surrounds it', (environment) => {
    for (let n = 0; n < 500; n++) {
      const key = newApiKey(environment);
      for (const text of [key, `KEY="${key}"`, `Bearer ${key}\n`, `{"key":"${key}"}`, `https://x.example/?k=${key}&y`])
        expect(text.match(pattern)).toEqual([key]);
      expect(isWellFormedApiKey(key)).toBe(true);
    }
  });

  it('finds nothing in a key that is cut short, run into other text, or of another kind', () => {
    const key = newApiKey('TEST');
    for (const text of [key.slice(0, -1), `${key}x`, `x${key}`, key.replace('test', 'prod'), key.replace('bs_', 'sk_')])
      expect(text.match(pattern)).toBeNull();
  });
});
