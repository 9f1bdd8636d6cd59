import 'reflect-metadata';
import { buildSchema, GraphQLObjectType, type GraphQLScalarType, GraphQLSchema, graphql } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formatMoney } from '../../src/graphql/format-money.ts';
import { BigIntScalar, CurrencyCodeScalar, DateTimeScalar, MetadataScalar } from '../../src/graphql/scalars.ts';
import type { Scope } from '../../src/reader/print.ts';
import { openReader, type ReaderRig } from './rig.ts';
import { insert, makeTenants, type Row, seed } from './tenants.ts';

describe('a value of a row', () => {
  const scope: Scope = { projectId: 'prj_a', environment: 'TEST', customerId: null };
  const common: Row = {
    id: 'pp_v',
    project_id: 'prj_a',
    environment: 'TEST',
    connection_id: 'conn_x',
    evidence: '0',
    metadata: { 'ключ "\\': 'Grüße\n' },
    active: true,
    created_at: '2031-12-31 23:59:59.123456+00',
    updated_at: '2031-12-31 23:59:59.999999+02',
  };
  const price = {
    ...common,
    id: 'pri_v',
    product_id: 'pp_v',
    stripe_price_id: 'price_v',
    type: 'ONE_TIME',
    currency: 'BHD',
  };
  const selection = `name createdAt updatedAt metadata prices { nodes {
    active unitAmount { amount currency formatted german: formatted(locale: "de-DE") } unitAmountDecimal recurring { interval } } }`;
  let rig: ReaderRig;

  beforeAll(async () => {
    rig = await openReader();
    await seed(rig, makeTenants(3, 1));
    await insert(rig, 'product', [{ ...common, name: '\u2028 ; --', stripe_product_id: 'prod_v' }]);
    await insert(rig, 'price', [
      { ...price, unit_amount: '9223372036854775807', unit_amount_decimal: '0.000000000001' },
    ]);
  });
  afterAll(() => rig.close());

  it.each([
    ['joined', `{ activeProducts(last: 1) { nodes { ${selection} } } }`],
    ['folded', `{ activeProducts(last: 1) { nodes { ${selection} more: prices(first: 1) { totalCount } } } }`],
  ])('is whole where the list is %s', async (_form, document) => {
    const { data } = await rig.ask(scope, document);
    expect(data.activeProducts.nodes[0]).toMatchObject({
      name: '\u2028 ; --',
      createdAt: '2031-12-31T23:59:59.123Z',
      updatedAt: '2031-12-31T21:59:59.999Z',
      metadata: common.metadata,
      prices: {
        nodes: [
          {
            active: true,
            unitAmount: {
              amount: '9223372036854775807',
              currency: 'BHD',
              formatted: 'BHD\u00a09,223,372,036,854,775.807',
              german: '9.223.372.036.854.775,807\u00a0BHD',
            },
            unitAmountDecimal: '0.000000000001',
            recurring: null,
          },
        ],
      },
    });
  });

  it('refuses a locale that is none', async () => {
    const { errors } = await rig.ask(
      scope,
      '{ activeProducts(last: 1) { nodes { prices { nodes { unitAmount { formatted(locale: "x") } } } } } }',
    );
    expect(errors?.[0]?.originalError).toMatchObject({ code: 'BAD_USER_INPUT', details: { field: 'locale' } });
  });

  it('keeps its microseconds in a cursor', async () => {
    const { data } = await rig.ask(scope, '{ activeProducts(last: 1) { edges { cursor } } }');
    expect(Buffer.from(data.activeProducts.edges[0].cursor, 'base64url').toString()).toContain('23:59:59.123456');
  });
});

describe('money', () => {
  it.each([
    [1999n, 'USD', 'en', '$19.99'],
    [-5n, 'USD', 'en', '-$0.05'],
    [0n, 'EUR', 'de', '0,00 €'],
    [1999n, 'JPY', 'en', '¥1,999'],
    [5n, 'KWD', 'en', 'KWD 0.005'],
    // Two decimals for Stripe, none for ISO 4217 or for Intl.
    [123456n, 'ISK', 'en', 'ISK 1,234.56'],
    [500n, 'UGX', 'en', 'UGX 5.00'],
  ])('%s of %s is written in %s as %s', (amount, currency, locale, written) => {
    expect(formatMoney({ amount, currency }, locale).replaceAll('\u00a0', ' ')).toBe(written);
  });
});

describe('a scalar', () => {
  /** What a client gets back for a value that it sends, inline and in a variable. */
  async function echo(scalar: GraphQLScalarType, literal: string, value: unknown) {
    const field = {
      type: scalar,
      args: { value: { type: scalar } },
      resolve: (_: unknown, args: { value?: unknown }) => args.value,
    };
    const schema = new GraphQLSchema({ query: new GraphQLObjectType({ name: 'Query', fields: { echo: field } }) });
    const inline = await graphql({ schema, source: `{ echo(value: ${literal}) }` });
    const source = `query($value: ${scalar.name}) { echo(value: $value) }`;
    const variable = await graphql({ schema, source, variableValues: { value } });
    return [inline, variable].map(({ data, errors }) => (errors ? errors[0]!.message : data!.echo));
  }
  const json = (value: unknown): [string, unknown] => [JSON.stringify(value), value];

  it.each([
    [BigIntScalar, json(5), '5'],
    [BigIntScalar, json('9223372036854775807'), '9223372036854775807'],
    [BigIntScalar, json('-9223372036854775808'), '-9223372036854775808'],
    [DateTimeScalar, json('2026-02-28T10:00:00+01:00'), '2026-02-28T09:00:00.000Z'],
    [DateTimeScalar, json('2028-02-29T23:59:59.123456Z'), '2028-02-29T23:59:59.123Z'],
    [CurrencyCodeScalar, json('EUR'), 'EUR'],
    [MetadataScalar, ['{ plan: "gold" }', { plan: 'gold' }] as [string, unknown], { plan: 'gold' }],
  ])('%s takes %j', async (scalar, [literal, value], wanted) => {
    expect(await echo(scalar, literal, value)).toEqual([wanted, wanted]);
  });

  it.each([
    [BigIntScalar, json(1.5), 'whole number'],
    [BigIntScalar, json('1e3'), 'whole number'],
    [BigIntScalar, json(''), 'whole number'],
    [BigIntScalar, json('9223372036854775808'), 'whole number'],
    [BigIntScalar, json(true), 'whole number'],
    [DateTimeScalar, json('2026-02-30T10:00:00Z'), 'instant'],
    [DateTimeScalar, json('2026-02-28T24:00:00Z'), 'instant'],
    [DateTimeScalar, json('2026-02-28T10:00:00'), 'zone'],
    [DateTimeScalar, json('2026-02-28'), 'zone'],
    [DateTimeScalar, json(1772272800), 'zone'],
    [DateTimeScalar, json('2026-02-28T10:00:00+99:00'), 'zone'],
    [CurrencyCodeScalar, json('eur'), 'ISO 4217'],
    [CurrencyCodeScalar, json('XQX'), 'currency'],
    [CurrencyCodeScalar, json(978), 'ISO 4217'],
    [MetadataScalar, json('plan'), 'flat object'],
    [MetadataScalar, json(['plan']), 'flat object'],
    [MetadataScalar, ['{ plan: 1 }', { plan: 1 }] as [string, unknown], 'flat object'],
    [MetadataScalar, ['{ plan: { a: "b" } }', { plan: { a: 'b' } }] as [string, unknown], 'flat object'],
  ])('%s refuses %j, and says what it takes', async (scalar, [literal, value], message) => {
    for (const answer of await echo(scalar, literal, value)) expect(answer).toContain(message);
  });

  it('of metadata takes variables inside an object', async () => {
    const schema = buildSchema('scalar Metadata type Query { echo(value: Metadata): Metadata }');
    Object.assign(schema.getType('Metadata')!, { parseLiteral: MetadataScalar.parseLiteral });
    const { data } = await graphql({
      schema,
      source: 'query($plan: String) { echo(value: { plan: $plan }) }',
      rootValue: { echo: ({ value }: { value: object }) => value },
      variableValues: { plan: 'gold' },
    });
    expect(data).toEqual({ echo: { plan: 'gold' } });
  });
});
