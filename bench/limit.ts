import { createServer } from 'node:http';
import pg from 'pg';

/**
 * The limit: what the same answers cost where nothing stands between HTTP and PostgreSQL. node:http, pg, one prepared join for
 * each question, written by hand, its page bounded by a constant (a bare parameter would make the generic plan scan the table).
 */
const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 10 });
const text = (value: string) => value;
const types = { getTypeParser: () => text } as pg.CustomTypesConfig;

const columns = `c.id, c.email, c.name, s.id, s.status, s.current_period_end, p.id, p.currency, p.unit_amount, d.id, d.name`;
const joins = `
  left join lateral (
    select * from subscription s
    where s.project_id = $1 and s.environment = $2 and s.customer_id = c.id
    order by s.created_at, s.id limit 50
  ) s on true
  left join price p on p.id = s.price_id
  left join product d on d.id = p.product_id`;
const visible = `c.project_id = $1 and c.environment = $2 and c.stripe_customer_id is not null and c.deleted_at is null`;

const one = {
  name: 'one',
  text: `select ${columns} from customer c ${joins} where ${visible} and c.id = $3 order by s.created_at, s.id`,
};
const list = {
  name: 'list',
  text: `select ${columns} from (
      select * from (select * from customer c where ${visible} order by c.created_at, c.id limit 101) c limit $3
    ) c ${joins} order by c.created_at, c.id, s.created_at, s.id`,
};

async function rowsOf(statement: typeof one, third: unknown): Promise<string[][]> {
  const { rows } = await pool.query({ ...statement, values: ['prj_1', 'TEST', third], rowMode: 'array', types });
  return rows;
}

function fold(rows: string[][]) {
  const nodes: { id: string; email: string; name: string; subscriptions: { nodes: object[] } }[] = [];
  for (const row of rows) {
    let customer = nodes.at(-1);
    if (!customer || customer.id !== row[0]) {
      customer = { id: row[0]!, email: row[1]!, name: row[2]!, subscriptions: { nodes: [] } };
      nodes.push(customer);
    }
    if (row[3] === null) continue;
    customer.subscriptions.nodes.push({
      id: row[3],
      status: row[4],
      currentPeriodEnd: new Date(row[5]!).toISOString(),
      price: {
        id: row[6],
        currency: row[7],
        unitAmount: { amount: row[8] },
        product: { id: row[9], name: row[10] },
      },
    });
  }
  return nodes;
}

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', async () => {
    const { variables } = JSON.parse(Buffer.concat(chunks).toString());
    const data = variables.id
      ? { customer: fold(await rowsOf(one, variables.id))[0] ?? null }
      : { customers: { nodes: fold(await rowsOf(list, 50)) } };
    const body = JSON.stringify({ data });
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) });
    response.end(body);
  });
});
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as { port: number };
  process.send!({ url: `http://127.0.0.1:${port}/graphql` });
});
