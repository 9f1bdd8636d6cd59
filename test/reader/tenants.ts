import type { Scope } from '../../src/reader/print.ts';
import { addFeatures, addGrants, addProductFeatures } from './feature-rows.ts';
import { addMoney } from './money-rows.ts';
import { addReferrals } from './referral-rows.ts';
import type { ReaderRig } from './rig.ts';

/** A row as the table has it. */
export type Row = Record<string, any> & { id: string; project_id: string; environment: string; created_at: string };
/** In an order in which they can be inserted. */
const tableNames = [
  'product',
  'price',
  'customer',
  'subscription',
  'subscription_item',
  'invoice',
  'invoice_line',
  'payment',
  'charge',
  'dispute',
  'payment_method',
  'tax_id',
  'feature',
  'product_feature',
  'feature_grant',
  'referral_code',
  'referral',
  'referral_reward',
] as const;
export type Tables = Record<(typeof tableNames)[number], Row[]>;

/** The grace period of one tenant; the others set none. */
export const graceDays = ({ projectId, environment }: Omit<Scope, 'customerId'>) =>
  projectId === 'prj_a' && environment === 'TEST' ? 3 : null;

export const tenants: Omit<Scope, 'customerId'>[] = [
  { projectId: 'prj_a', environment: 'TEST' },
  { projectId: 'prj_a', environment: 'LIVE' },
  { projectId: 'prj_b', environment: 'TEST' },
  { projectId: 'prj_b', environment: 'LIVE' },
];

/** Whole numbers from 0 up to `below`, the same ones for the same seed (mulberry32). */
export function randomOf(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/** Two projects, each with two environments, which differ in nothing but their rows. Instants are close, and often equal. */
export function makeTenants(seed: number, customersEach = 12): Tables {
  const random = randomOf(seed);
  const tables = Object.fromEntries(tableNames.map((name) => [name, [] as Row[]])) as Tables;
  const pick = <T>(values: readonly T[]): T => values[random(values.length)]!;
  const maybe = <T>(value: T): T | null => (random(4) ? value : null);
  const instant = () => `2026-01-0${1 + random(2)} 00:00:00${pick(['', '.000001', '.000002'])}+00`;
  let serial = 0;
  const add = (
    table: keyof Tables,
    prefix: string,
    tenant: Pick<Row, 'project_id' | 'environment'>,
    values: object,
  ): Row => {
    const id = `${prefix}_${String(random(1e6)).padStart(6, '0')}${serial++}`;
    const row: Row = { id, ...tenant, created_at: instant(), updated_at: instant(), ...values };
    tables[table].push(row);
    return row;
  };
  const mirrored = { connection_id: 'conn_x', evidence: '0', metadata: {} };

  for (const { projectId, environment } of tenants) {
    const tenant = { project_id: projectId, environment };
    const making = { random, pick, maybe, instant, add, tables };
    const prices: Row[] = [];
    const features = addFeatures(making, tenant);
    for (let p = 0; p < 3; p++) {
      const product = add('product', 'pp', tenant, {
        ...mirrored,
        stripe_product_id: `prod_${serial}`,
        name: `Product ${p} "of" ${projectId} ${environment}`,
        description: maybe('Zażółć\n\\"gęślą"'),
        active: random(3) > 0,
        metadata: { note: `t\\"${p}` },
      });
      addProductFeatures(making, { tenant, product, features });
      for (let n = random(5); n >= 0; n--) {
        const recurring = random(3) > 0;
        const tiers = maybe([
          { upTo: 5, unitAmountDecimal: '1990', flatAmountDecimal: null },
          { upTo: null, unitAmountDecimal: '0.5', flatAmountDecimal: '7' },
        ]);
        prices.push(
          add('price', 'pri', tenant, {
            ...mirrored,
            product_id: product.id,
            stripe_price_id: `price_${serial}`,
            type: recurring ? 'RECURRING' : 'ONE_TIME',
            currency: pick(['USD', 'JPY', 'KWD']),
            unit_amount: maybe(pick(['0', '1999', '9007199254740993', '-9223372036854775808'])),
            unit_amount_decimal: maybe(
              pick(['0.500000000000', '1990.000000000000', '123456789012345678.000000000001']),
            ),
            recurring_interval: recurring ? pick(['DAY', 'WEEK', 'MONTH', 'YEAR']) : null,
            recurring_interval_count: recurring ? 1 + random(3) : null,
            tiers_mode: tiers && pick(['GRADUATED', 'VOLUME']),
            tiers,
            currency_options: random(2) ? [] : [{ currency: 'EUR', unitAmountDecimal: maybe('900'), tiers }],
            replaced_by_id: maybe(prices.at(-1)?.id ?? null),
            lookup_key: maybe(`key-${serial}`),
            nickname: maybe('  spaced  '),
            active: random(3) > 0,
          }),
        );
      }
    }
    const customers: Row[] = [];
    for (let c = 0; c < customersEach; c++) {
      const customer = add('customer', 'pc', tenant, {
        ...mirrored,
        stripe_customer_id: random(8) ? `cus_${serial}` : null,
        external_id: maybe(`u_${serial}`),
        email: `person${c}@example.com`,
        name: maybe(`Person ${c}`),
        deleted_at: random(8) ? null : instant(),
        stripe_default_payment_method_id: null,
      });
      for (let s = random(6); s > 0; s--) {
        const subscription = add('subscription', 'ps', tenant, {
          ...mirrored,
          customer_id: customer.id,
          // The odd price belongs to the other project.
          price_id: maybe((random(10) ? pick(prices) : pick(tables.price)).id),
          quantity: maybe(random(5)),
          stripe_subscription_id: `sub_${serial}`,
          status: pick(['INCOMPLETE', 'TRIALING', 'ACTIVE', 'PAST_DUE', 'CANCELED', 'UNKNOWN']),
          stripe_status: 'whatever',
          current_period_start: maybe(instant()),
          current_period_end: maybe(instant()),
          trial_start: null,
          trial_end: maybe(instant()),
          cancel_at_period_end: random(2) > 0,
          cancel_at: null,
          canceled_at: null,
          ended_at: maybe(instant()),
        });
        for (let i = random(5); i > 0; i--)
          add('subscription_item', 'psi', tenant, {
            subscription_id: subscription.id,
            price_id: pick(prices).id,
            stripe_subscription_item_id: `si_${serial}`,
            quantity: maybe(random(5)),
            current_period_start: maybe(instant()),
            current_period_end: maybe(instant()),
          });
      }
      addMoney(making, { tenant, mirrored, customer, prices });
      addGrants(making, { tenant, customer, features });
      customers.push(customer);
    }
    addReferrals(making, { tenant, customers });
  }
  return tables;
}

/** Writes the rows and the teams that they need. */
export async function seed({ sql }: ReaderRig, tables: Tables) {
  await sql(`insert into team values ('team_x', 'X', now())`);
  await sql(
    `insert into project (id, team_id, name, created_at) values ('prj_a', 'team_x', 'A', now()), ('prj_b', 'team_x', 'B', now())`,
  );
  await sql(`insert into stripe_connection (id, team_id, environment, stripe_account_id, sealed_secret_key, sealed_webhook_secrets, created_at)
    values ('conn_x', 'team_x', 'TEST', 'acct_x', '', '{}', now())`);
  await sql(`insert into project_settings (project_id, environment, grace_period_days, updated_at)
    values ('prj_a', 'TEST', ${graceDays(tenants[0]!)}, now()), ('prj_b', 'TEST', null, now())`);
  for (const [table, rows] of Object.entries(tables)) await insert({ sql }, table, rows);
}

export async function insert({ sql }: Pick<ReaderRig, 'sql'>, table: string, rows: Row[]) {
  if (!rows.length) return;
  const columns = Object.keys(rows[0]!).join();
  await sql(`insert into ${table} (${columns}) select ${columns} from jsonb_populate_recordset(null::${table}, $1)`, [
    JSON.stringify(rows),
  ]);
}
