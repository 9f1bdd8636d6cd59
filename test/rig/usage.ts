import { CreateCustomerDocument } from '../../src/client/operations.generated.ts';
import type { Billgraph, TestTenant } from './billgraph.ts';
import { type Answer, ask } from './graph.ts';

export type Reported = Record<string, unknown>;

/** Meters and usage as a tenant's backend asks for them. */
export function usageOf(billgraph: Billgraph, tenant: TestTenant) {
  const asked = (query: string, variables: object, credential: string | null = tenant.apiKey) =>
    ask(billgraph, credential, query, variables as Record<string, unknown>);
  let serial = 0;
  const mutate = (name: string, selection: string) => {
    const type = `${name[0]!.toUpperCase()}${name.slice(1)}Input!`;
    const document = `mutation ($input: ${type}) { ${name}(input: $input) ${selection} }`;
    return (input: object, credential?: string | null): Promise<Answer> => asked(document, { input }, credential);
  };
  const meter = `{ meter { id eventName displayName unit aggregation stripeMeterId archivedAt } }`;
  const event = '{ id identifier value uniqueValue status occurredAt voidedAt voidReason replacedBy { id } }';
  const createMeter = mutate('createMeter', meter);
  const reportUsage = mutate(
    'reportUsage',
    '{ recorded duplicates rejected results { status identifier eventId code message } }',
  );
  return {
    createMeter,
    reportUsage,
    updateMeter: mutate('updateMeter', meter),
    archiveMeter: mutate('archiveMeter', meter),
    reactivateMeter: mutate('reactivateMeter', meter),
    voidUsage: mutate('voidUsage', `{ event ${event} }`),
    replaceUsage: mutate('replaceUsage', `{ event ${event} replaced ${event} }`),

    async newMeter(aggregation = 'SUM', fields: object = {}) {
      const input = { eventName: `meter_${++serial}`, displayName: 'Calls', aggregation, ...fields };
      const { data, errors } = await createMeter(input);
      if (errors) throw new Error(JSON.stringify(errors));
      return data.createMeter.meter as Record<'id' | 'eventName' | 'stripeMeterId', string>;
    },
    async newCustomer() {
      const input = { email: `usage_${++serial}@example.com`, externalId: `usage_${serial}` };
      const { data } = await asked(String(CreateCustomerDocument), { input });
      return data.createCustomer.customer as { id: string; stripeCustomerId: string; externalId: string };
    },
    /** The answers of a batch, each as its status or the code of its rejection. */
    async report(events: Reported[], fields: object = {}): Promise<string[]> {
      const { data, errors } = await reportUsage({ events, ...fields });
      if (errors) throw new Error(JSON.stringify(errors));
      return data.reportUsage.results.map(({ status, code }: Record<string, string>) => code ?? status);
    },
    usage(variables: object, credential?: string | null): Promise<Answer> {
      const args =
        '$customer: CustomerBy, $meter: MeterBy!, $period: UsagePeriod, $range: UsageRange, $groupBy: UsageGrouping';
      const given = 'customer: $customer, meter: $meter, period: $period, range: $range, groupBy: $groupBy';
      const selection = '{ from to value events unit customerId meterId buckets { from to value events } }';
      return asked(`query (${args}) { usage(${given}) ${selection} }`, variables, credential);
    },
    usageEvents(filter: object = {}, credential?: string | null): Promise<Answer> {
      const document = `query ($filter: UsageEventFilter) { usageEvents(first: 100, filter: $filter) { nodes ${event} } }`;
      return asked(document, { filter }, credential);
    },
  };
}

export type UsageOf = ReturnType<typeof usageOf>;
