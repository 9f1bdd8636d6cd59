import { buildSchema, execute, type GraphQLSchema, parse, printSchema } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Scope } from '../../src/reader/print.ts';
import { cursorOf, modelOf } from './model.ts';
import { randomDocument } from './random-document.ts';
import { openReader, type ReaderRig } from './rig.ts';
import { makeTenants, randomOf, seed as seedRows, type Tables, tenants } from './tenants.ts';

const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 1e9));
const documents = Number(process.env.DOCUMENTS ?? 400);

describe(`any document, with SEED=${seed}`, () => {
  const random = randomOf(seed);
  const tables: Tables = makeTenants(seed);
  const everything = Object.values(tables).flat();
  let rig: ReaderRig;
  let model: GraphQLSchema;

  beforeAll(async () => {
    rig = await openReader();
    await seedRows(rig, tables);
    model = buildSchema(printSchema(rig.schema));
  });
  afterAll(() => rig.close());

  /** Asks the reader and the rows in memory. */
  async function compare(text: string, variableValues: Record<string, unknown>, scope: Scope) {
    const document = parse(text);
    const wanted = await execute({ schema: model, document, variableValues, rootValue: modelOf(tables, scope) });
    rig.sent.length = 0;
    const answer = await rig.ask(scope, text, variableValues);
    const situation = `${text}\n${JSON.stringify({ variableValues, scope })}`;
    expect(answer.errors, situation).toEqual(wanted.errors);
    expect(answer.data, situation).toEqual(JSON.parse(JSON.stringify(wanted.data)));
    expect(rig.sent.length, situation).toBeLessThanOrEqual(1);
    for (const { text } of rig.sent) expect(unscopedTables(text), situation).toEqual([]);
  }

  it('is answered as the rows in memory answer it, by one statement, with no row of anybody else', async () => {
    const ids = tables.customer.map(({ id }) => id);
    const cursors = everything.map(cursorOf);
    for (let n = 0; n < documents; n++) {
      const { text, variables } = randomDocument(rig.schema, random, { ids, cursors });
      for (let times = 0; times < 3; times++) {
        const tenant = tenants[random(tenants.length)]!;
        const customers = tables.customer.filter((row) => row.project_id === tenant.projectId);
        const scope: Scope = { ...tenant, customerId: random(3) ? null : customers[random(customers.length)]!.id };
        await compare(text, variables(), scope);
      }
    }
  }, 120_000);
});

/** The tables of a statement that are not restricted to the caller's project and environment. */
function unscopedTables(text: string): string[] {
  const named = [
    ...text.matchAll(
      /"(?:customer|subscription|subscription_item|price|product|invoice|invoice_line|payment|charge|dispute|payment_method|tax_id|feature|product_feature|feature_grant|entitlement|referral|referral_code|referral_reward)" (\w+)/g,
    ),
  ];
  return named
    .map(([, alias]) => alias!)
    .filter((alias) => alias !== 'o' && !text.includes(`${alias}."project_id" = $1 and ${alias}."environment" = $2`));
}
