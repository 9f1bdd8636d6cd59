import { untilApplied } from './applied.ts';
import { type Kind, kinds, makeDeliveries } from './events.ts';
import { sendByConnections } from './load.ts';
import type { Line } from './report.ts';
import type { Setting } from './setting.ts';

/** What was taken while no worker ran, worked by one: how many objects, how many events of each. */
const backlogs: { kind: Kind; many: number; each: number }[] = [
  { kind: 'subscription', many: 10_000, each: 1 },
  { kind: 'subscription', many: 2_000, each: 5 },
  { kind: 'invoice', many: 4_000, each: 1 },
  { kind: 'payment', many: 4_000, each: 1 },
];

export async function measureDrain({ url, start, hookOf, count }: Setting): Promise<Line[]> {
  const lines: Line[] = [];
  const idle = await start('on');
  const ofStart = idle.cpu();
  await idle.stop();
  for (const { kind, many, each } of backlogs) {
    const name = `drain${kind}${many}`;
    const server = await start('off');
    await sendByConnections(hookOf(server), makeDeliveries({ name, many, each, kind }), 32);
    await server.stop();
    const counted = count(null);
    const from = Date.now();
    const worker = await start('on');
    const { lastAt } = await untilApplied(url, `${kinds[kind].prefix}_${name}`);
    const seconds = (lastAt - from) / 1_000;
    const { postgres } = counted(many * each);
    lines.push({
      what: `backlog: ${many} ${kind}s × ${each}`,
      contender: 'Billgraph, one worker',
      applied: (many * each) / seconds,
      seconds,
      cpu: { server: null, worker: (worker.cpu() - ofStart) / (many * each), postgres },
    });
    await worker.stop();
  }
  return lines;
}
