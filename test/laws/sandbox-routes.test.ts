import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { routes } from '../../src/sandbox/routes.ts';

it("docs/sandbox.md lists the sandbox's routes", async () => {
  const text = await readFile(new URL('../../docs/sandbox.md', import.meta.url), 'utf8');
  const [, block = ''] = /## Routes[\s\S]*?```text\n([\s\S]*?)```/.exec(text) ?? [];
  const listed = block
    .trim()
    .split('\n')
    .flatMap((line) => {
      const [path, ...methods] = line.split(/\s+/);
      return methods.map((method) => `${method} ${path}`);
    });
  const answered = routes.map(([method, path]) => `${method} ${path}`);
  expect(listed.toSorted(), 'bring the list under "Routes" in docs/sandbox.md up to date').toEqual(answered.toSorted());
});
