import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';

const src = join(import.meta.dirname, '../../src');

/** What is loaded with a module: our own files, and packages by their names. What is imported when it is wanted is not. */
function loadedWith(entry: string): Map<string, string[]> {
  const loaded = new Map<string, string[]>([[entry, [entry]]]);
  for (const [file, way] of loaded) {
    if (!existsSync(file)) continue;
    const imports = readFileSync(file, 'utf8').matchAll(/^(?:import|export) (?!type )(?:[^'";]* from )?'([^']+)'/gm);
    for (const [, name] of imports) {
      const path = name!.startsWith('.') ? join(dirname(file), name!) : name!;
      if (!loaded.has(path)) loaded.set(path, [...way, path]);
    }
  }
  return loaded;
}

it('a start takes webhooks before it loads the graph and sign-in: they are most of the code', () => {
  const loaded = loadedWith(join(src, 'serve.ts'));
  expect(loaded.size).toBeGreaterThan(200);
  expect(loaded.has(join(src, 'http/webhook.route.ts')) && loaded.has('fastify')).toBe(true);
  const tooEarly = [...loaded].filter(([name]) =>
    /^(@apollo|graphql|type-graphql|better-auth|jose|ioredis)\b/.test(name),
  );
  expect(tooEarly.map(([, way]) => way.map((file) => file.replace(`${src}/`, '')).join(' → '))).toEqual([]);
});
