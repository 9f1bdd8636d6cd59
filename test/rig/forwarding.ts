import { expect } from 'vitest';
import type { Billgraph, TestTenant } from './billgraph.ts';
import { asOwner } from './database.ts';
import { ask } from './graph.ts';
import { usageOf } from './usage.ts';

const day = 86_400;

/** Usage on its way to a tenant's meters in Stripe. */
export function forwardingOf(billgraph: Billgraph, tenant: TestTenant) {
  const rig = usageOf(billgraph, tenant);
  const sql = (text: string, values: unknown[] = []) => asOwner(billgraph.databaseUrl, text, values);

  /** What Stripe has summed up of the last 36 days. */
  async function inStripe(of: { stripeMeterId: string; stripeCustomerId: string }): Promise<number> {
    const end_time = Math.ceil(Date.now() / 1000 / day + 1) * day;
    const window = { customer: of.stripeCustomerId, start_time: end_time - 38 * day, end_time };
    const { data } = await tenant.stripe.billing.meters.listEventSummaries(of.stripeMeterId, window);
    return data.reduce((sum, { aggregated_value }) => sum + aggregated_value, 0);
  }

  return {
    ...rig,
    sql,
    /** A customer with a meter, and what he uses. */
    async someone(aggregation = 'SUM', fields: object = {}) {
      const [meter, customer] = [await rig.newMeter(aggregation, fields), await rig.newCustomer()];
      const rows = (columns: string) =>
        sql(`select ${columns} from usage_forwarding where customer_id = $1 order by id`, [customer.id]);
      return {
        meter,
        customer,
        rows,
        total: () => inStripe({ ...meter, ...customer }),
        states: async (): Promise<string[]> => (await rows('state')).map(({ state }) => state),
        /** @returns the ids of the events. */
        async uses(...events: object[]): Promise<string[]> {
          const named = events.map((event) => ({ meter: meter.id, customerId: customer.id, ...event }));
          const { data, errors } = await rig.reportUsage({ events: named });
          expect(errors).toBeUndefined();
          expect(data.reportUsage.rejected).toBe(0);
          return data.reportUsage.results.map(({ eventId }: { eventId: string }) => eventId);
        },
      };
    },
    /** Lanes that wait after a failure come at once. */
    async atOnce(): Promise<void> {
      await sql(`update lane set run_at = now() where key like 'forward-usage/%'`);
      await billgraph.settled();
    },
    async health() {
      const failures = 'usageEventId customerId meterId value isCorrection occurredAt code message stripeIdentifier';
      const document = `{ usageForwarding { pending lagSeconds oldestPendingAt failed failures(first: 100) { nodes { ${failures} } } } }`;
      return (await ask(billgraph, tenant.apiKey, document)).data.usageForwarding;
    },
    /** What each event says of its own way to Stripe, and of what takes it back, in the order of the reports. */
    async forwardings({ id }: { id: string }, credential = tenant.apiKey) {
      const way = '{ status forwardedAt error { code message } stripeIdentifier }';
      const document = `query ($filter: UsageEventFilter) { usageEvents(first: 100, filter: $filter) { nodes { forwarding ${way} withdrawal ${way} } } }`;
      return (await ask(billgraph, credential, document, { filter: { customerId: id } })).data.usageEvents.nodes;
    },
    resend: (input: object, credential = tenant.apiKey) =>
      ask(billgraph, credential, 'mutation ($input: ResendUsageInput!) { resendUsage(input: $input) { resent } }', {
        input,
      }),
  };
}

export const ago = (milliseconds: number) => new Date(Date.now() - milliseconds).toISOString();
