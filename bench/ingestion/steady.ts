import { untilApplied } from './applied.ts';
import { makeDeliveries } from './events.ts';
import { sendAtRate } from './load.ts';
import type { Line } from './report.ts';
import type { Setting } from './setting.ts';

/** Deliveries at a steady rate, with the worker in the server's process and in its own. */
export async function measureSteady(
  { url, start, hookOf, warmUp, count }: Setting,
  { rate, seconds }: { rate: number; seconds: number },
): Promise<Line[]> {
  const lines: Line[] = [];
  for (const processes of [1, 2]) {
    const server = await start(processes === 1 ? 'on' : 'off');
    const worker = processes === 2 ? await start('on') : null;
    await warmUp(server);
    const name = `steady${processes}`;
    const deliveries = makeDeliveries({ name, many: (rate * seconds) / 4, each: 4 });
    const counted = count(server, worker);
    const { perSecond, p50, p99, late99 } = await sendAtRate(hookOf(server), deliveries, rate);
    const cpu = counted(deliveries.length);
    const { lag50, lag99 } = await untilApplied(url, `sub_${name}`);
    lines.push({
      what: `${rate}/s for ${seconds} s`,
      contender: processes === 1 ? 'Billgraph, one process' : 'Billgraph, worker apart',
      acks: perSecond,
      ack50: p50,
      ack99: p99,
      late99,
      lag50,
      lag99,
      cpu,
    });
    await Promise.all([server.stop(), worker?.stop()]);
  }
  return lines;
}
