import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { mostTries, waits } from '../../src/outgoing/deliveries/judge-answer.ts';
import { outgoingEventTypes } from '../../src/outgoing/webhooks/outgoing-event-types.ts';

const documentation = readFileSync(new URL('../../docs/outgoing-webhooks.md', import.meta.url), 'utf8');

it('docs/outgoing-webhooks.md has every type, with what it tells and what its data holds', () => {
  const rows = documentation.match(/^\| `[a-z]+\.[a-z_]+` \|.*$/gm);
  const fields = (data: object) => Object.keys(data).map((name) => `\`${name}\``);
  const expected = Object.entries(outgoingEventTypes).map(
    ([type, { tells, data }]) => `| \`${type}\` | ${tells} | ${fields(data).join(', ')} |`,
  );
  expect(rows).toEqual(expected);
});

it('docs/outgoing-webhooks.md has the schedule', () => {
  const spoken = (wait: number) => {
    if (wait < 60_000) return `${wait / 1_000} seconds`;
    return wait < 3_600_000 ? `${wait / 60_000} minutes` : `${wait / 3_600_000} hours`;
  };
  const all = waits.map(spoken);
  expect(documentation).toContain(`after ${all.slice(0, -1).join(', ')} and ${all.at(-1)}, give or take a tenth`);
  expect([mostTries, documentation.includes('eight tries')]).toEqual([8, true]);
});
