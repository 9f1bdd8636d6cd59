import { untilApplied } from './applied.ts';
import { makeDeliveries } from './events.ts';
import { type Load, sendByConnections } from './load.ts';
import type { Line } from './report.ts';
import type { Cpu, Setting } from './setting.ts';

type Round = Load & { applied: number; lag99?: number; cpu: Cpu };

const objects = 1_000;
const each = 5;

/**
 * The product and the peer, round by round; what the peer answers is applied.
 * @param until milliseconds of this process' life after which no further round begins: a busy machine measures fewer.
 */
export async function measureBeside(
  setting: Setting,
  { rounds, until }: { rounds: number; until: number },
): Promise<Line[]> {
  const { url, hookOf, warmUp, count } = setting;
  const server = await setting.start('on');
  const peer = await setting.startPeer();
  const lines: Line[] = [];
  for (const [index, connections] of [16, 64].entries()) {
    const enough = until - (index === 0 ? (until - performance.now()) / 2 : 0);
    const ours: Round[] = [];
    const theirs: Round[] = [];
    await warmUp(server);
    await warmUp(peer);
    for (let round = 0; round === 0 || (round < rounds && performance.now() < enough); round++) {
      const name = `round${connections}x${round}`;
      const deliveries = makeDeliveries({ name, many: objects, each });
      const countedOurs = count(server);
      const from = Date.now();
      const load = await sendByConnections(hookOf(server), deliveries, connections);
      const { lastAt, lag99 } = await untilApplied(url, `sub_${name}`);
      const applied = deliveries.length / ((lastAt - from) / 1_000);
      ours.push({ ...load, applied, lag99, cpu: countedOurs(deliveries.length) });
      const countedTheirs = count(peer);
      const theirLoad = await sendByConnections(hookOf(peer), deliveries, connections);
      theirs.push({ ...theirLoad, applied: theirLoad.perSecond, cpu: countedTheirs(deliveries.length) });
    }
    const what = `as fast as it goes, ${connections} connections (${ours.length} rounds)`;
    lines.push(
      lineOf(what, 'Billgraph, one process', ours),
      lineOf(what, '@supabase/stripe-sync-engine', theirs),
      ratioOf(what, ours, theirs),
    );
  }
  await Promise.all([server.stop(), peer.stop()]);
  return lines;
}

function lineOf(what: string, contender: string, rounds: Round[]): Line {
  const of = (field: (round: Round) => number) => median(rounds.map(field));
  return {
    what,
    contender,
    acks: of((round) => round.perSecond),
    ack50: of((round) => round.p50),
    ack99: of((round) => round.p99),
    applied: of((round) => round.applied),
    ...(rounds[0]!.lag99 === undefined ? {} : { lag99: of((round) => round.lag99!) }),
    cpu: { server: of(({ cpu }) => cpu.server!), worker: null, postgres: of(({ cpu }) => cpu.postgres) },
  };
}

/** Of each round, then the median: what the machine did else is in both. */
function ratioOf(what: string, ours: Round[], theirs: Round[]): Line {
  const of = (field: (round: Round) => number) =>
    `${median(ours.map((round, n) => field(round) / field(theirs[n]!))).toFixed(2)}×`;
  return {
    what,
    contender: 'ratio',
    acks: of((round) => round.perSecond),
    ack50: of((round) => round.p50),
    ack99: of((round) => round.p99),
    applied: of((round) => round.applied),
    cpu: { server: of(({ cpu }) => cpu.server!), worker: null, postgres: of(({ cpu }) => cpu.postgres) },
  };
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}
