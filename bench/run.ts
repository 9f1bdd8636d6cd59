import { deepStrictEqual } from 'node:assert';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join } from 'node:path';
import autocannon from 'autocannon';
import pg from 'pg';
import { migrate } from '../src/database/migrate.ts';
import { openOrm } from '../src/database/open-orm.ts';
import { withScratchDatabase } from '../src/database/scratch-database.ts';
import { type Contender, cpuOf, cpuOfFamily, parentOf, startContender } from './contender.ts';
import { list, one, type Question } from './questions.ts';
import { seed } from './seed.ts';

const rounds = Number(process.env.ROUNDS ?? 5);
const seconds = Number(process.env.SECONDS ?? 2);
/** As long as it takes until the code in use is compiled. */
const warmUp = 4;
const connections = Number(process.env.CONNECTIONS ?? 16);
const results = join(import.meta.dirname, '../../results');

type Round = { perSecond: number; p50: number; p99: number; serverCpu: number; postgresCpu: number };
type Line = { question: string; contender: string; statements: number; rounds: Round[] };

await withScratchDatabase(async (databaseUrl) => {
  await migrate(databaseUrl);
  const orm = openOrm(databaseUrl, { poolSize: 1 });
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${await seed(orm)}` };
  await orm.close();
  const database = new pg.Client(databaseUrl);
  await database.connect();
  const { pg_backend_pid: backend } = (await database.query('select pg_backend_pid()')).rows[0];
  const postgres = parentOf(backend)!;

  const contenders: Contender[] = [];
  try {
    for (const name of ['limit', 'unwalled', 'billgraph']) contenders.push(await startContender(name, databaseUrl));
    const lines: Line[] = [];
    for (const question of [one, list]) {
      await compareAnswers(contenders, question, headers);
      const asked = contenders.map((contender) => ({ contender, rounds: [] as Round[] }));
      for (const { contender } of asked) await load(contender, question, headers, postgres, warmUp);
      for (let round = 0; round < rounds; round++) {
        for (const { contender, rounds } of asked)
          rounds.push(await load(contender, question, headers, postgres, seconds));
      }
      for (const { contender, rounds } of asked) {
        const statements = await statementsOf(contender, question, headers, database);
        lines.push({ question: question.name, contender: contender.name, statements, rounds });
      }
    }
    await report(lines);
  } finally {
    await Promise.all(contenders.map((contender) => contender.stop()));
    await database.end();
  }
});

function bodyOf({ query, variables }: Question, n: number): string {
  return JSON.stringify({ query, variables: variables(n) });
}

async function ask({ url, name }: Contender, question: Question, n: number, headers: Record<string, string>) {
  const response = await fetch(url, { method: 'POST', headers, body: bodyOf(question, n) });
  const answer = (await response.json()) as { data?: unknown; errors?: unknown };
  if (!answer.data || answer.errors) throw new Error(`${name} answers ${question.name} with ${JSON.stringify(answer)}`);
  return answer;
}

async function compareAnswers(contenders: Contender[], question: Question, headers: Record<string, string>) {
  const [wanted, ...others] = contenders;
  for (const n of [0, 1, 77, 5_000]) {
    const answer = await ask(wanted!, question, n, headers);
    for (const contender of others) deepStrictEqual(await ask(contender, question, n, headers), answer, contender.name);
  }
}

async function load(
  { url, pid, name }: Contender,
  question: Question,
  headers: Record<string, string>,
  postgres: number,
  duration: number,
): Promise<Round> {
  const bodies = Array.from({ length: 1_000 }, (_, n) => bodyOf(question, n * 7));
  let n = 0;
  const before = { server: cpuOf(pid), postgres: cpuOfFamily(postgres) };
  const result = await autocannon({
    url,
    method: 'POST',
    headers,
    connections,
    duration,
    requests: [{ setupRequest: (request) => ({ ...request, body: bodies[n++ % bodies.length] }) }],
  });
  const answered = result['2xx'];
  if (result.non2xx || result.errors) throw new Error(`${name} failed ${result.non2xx + result.errors} times.`);
  return {
    perSecond: answered / result.duration,
    p50: result.latency.p50,
    p99: result.latency.p99,
    serverCpu: (cpuOf(pid) - before.server) / answered,
    postgresCpu: (cpuOfFamily(postgres) - before.postgres) / answered,
  };
}

/** How many statements a request costs, by PostgreSQL's own log. */
async function statementsOf(
  contender: Contender,
  question: Question,
  headers: Record<string, string>,
  database: pg.Client,
): Promise<number> {
  const requests = 200;
  const { rows } = await database.query(`select current_setting('data_directory') as data`);
  const logged = async () => {
    const log = await readFile(join(rows[0].data, 'server.log'), 'utf8');
    return log.match(/LOG: {2}(execute|statement)/g)?.length ?? 0;
  };
  // A backend reads its settings before its next statement.
  await database.query(`alter system set log_statement = 'all'`);
  await database.query('select pg_reload_conf()');
  for (let n = 0; n < 50; n++) await ask(contender, question, n, headers);
  const before = await logged();
  for (let n = 0; n < requests; n++) await ask(contender, question, n, headers);
  const statements = ((await logged()) - before) / requests;
  await database.query('alter system reset log_statement');
  await database.query('select pg_reload_conf()');
  return statements;
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

/** Requests a second differ from run to run: the ratios within a run and the processor time say more. */
async function report(lines: Line[]) {
  const head = [
    'question',
    'contender',
    'req/s',
    'of limit',
    'p50 ms',
    'p99 ms',
    'server µs',
    'of limit',
    'PG µs',
    'statements',
  ];
  const table = lines.map(({ question, contender, statements, rounds }) => {
    const limit = lines.find((line) => line.question === question && line.contender === 'limit')!;
    const of = (field: keyof Round) => median(rounds.map((round) => round[field]));
    const ratio = (field: keyof Round) => median(rounds.map((round, n) => round[field] / limit.rounds[n]![field]));
    const numbers = [
      of('perSecond').toFixed(0),
      `${(100 * ratio('perSecond')).toFixed(0)} %`,
      of('p50').toFixed(1),
      of('p99').toFixed(1),
      of('serverCpu').toFixed(0),
      `${ratio('serverCpu').toFixed(2)}×`,
      of('postgresCpu').toFixed(0),
      statements.toFixed(2),
    ];
    return [question, contender, ...numbers];
  });
  const markdown = [head, head.map(() => '---'), ...table].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
  const conditions = `${connections} connections, ${rounds} rounds of ${seconds} s each, interleaved; medians. Node ${process.version}, ${cpus().length} processors for server, PostgreSQL and load together.`;
  process.stdout.write(`${conditions}\n\n${markdown}\n`);
  await mkdir(results, { recursive: true });
  const name = `reads-${connections}`;
  await writeFile(join(results, `${name}.md`), `# one and list\n\n${conditions}\n\n${markdown}\n`);
  await writeFile(join(results, `${name}.json`), `${JSON.stringify({ conditions, lines }, null, 1)}\n`);
}
