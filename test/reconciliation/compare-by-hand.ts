import type { Billgraph, TestTenant } from '../rig/billgraph.ts';
import { rowsOf } from './reconciliation.rig.ts';

/** Compares what is read off Stripe, object by object, with our rows: by hand, not by the code that writes them. */
export async function compareByHand(
  billgraph: Billgraph,
  tenant: TestTenant,
): Promise<{ compared: number; different: string[] }> {
  const { stripe, connectionId } = tenant;
  const clocks = (await stripe.testHelpers.testClocks.list()).data.map(({ id }) => id);
  const seconds = (value: string | null) => (value === null ? null : Date.parse(value) / 1000);
  const ours = new Map<string, unknown>();
  const theirs = new Map<string, unknown>();
  const read = async (sql: string, view: (row: any) => unknown) => {
    for (const row of await rowsOf(billgraph, sql, [connectionId])) ours.set(row.stripe_id, view(row));
  };

  for await (const { id, name, active } of stripe.products.list({ limit: 100 })) theirs.set(id, { name, active });
  await read(
    'select stripe_product_id as stripe_id, name, active from product where connection_id = $1',
    ({ name, active }) => ({ name, active }),
  );
  for await (const { id, nickname, unit_amount } of stripe.prices.list({ limit: 100 }))
    theirs.set(id, { nickname, amount: unit_amount });
  await read(
    'select stripe_price_id as stripe_id, nickname, unit_amount from price where connection_id = $1',
    ({ nickname, unit_amount }) => ({ nickname, amount: Number(unit_amount) }),
  );

  const lists = [{}, ...clocks.map((test_clock) => ({ test_clock }))];
  for (const list of lists) {
    for await (const { id, email, name } of stripe.customers.list({ ...list, limit: 100 }))
      theirs.set(id, { email, name: name ?? null });
    for await (const one of stripe.subscriptions.list({ ...list, status: 'all', limit: 100 }))
      theirs.set(one.id, {
        status: one.status,
        customer: one.customer,
        metadata: one.metadata,
        atEnd: one.cancel_at_period_end,
        canceled: one.canceled_at,
        trialEnd: one.trial_end,
        ended: one.ended_at,
        items: one.items.data.map((item) => [
          item.id,
          item.price.id,
          item.quantity,
          item.current_period_start,
          item.current_period_end,
        ]),
      });
  }
  await read(
    'select stripe_customer_id as stripe_id, email, name from customer where connection_id = $1',
    ({ email, name }) => ({ email, name }),
  );
  await read(
    `select stripe_subscription_id as stripe_id, s.*, c.stripe_customer_id,
       (select json_agg(json_build_array(i.stripe_subscription_item_id, p.stripe_price_id, i.quantity,
          extract(epoch from i.current_period_start)::bigint, extract(epoch from i.current_period_end)::bigint) order by i.created_at)
        from subscription_item i join price p on p.id = i.price_id where i.subscription_id = s.id) as items
     from subscription s join customer c on c.id = s.customer_id where s.connection_id = $1`,
    (row) => ({
      status: row.stripe_status,
      customer: row.stripe_customer_id,
      metadata: row.metadata,
      atEnd: row.cancel_at_period_end,
      canceled: seconds(row.canceled_at),
      trialEnd: seconds(row.trial_end),
      ended: seconds(row.ended_at),
      items: row.items,
    }),
  );
  for await (const one of stripe.invoices.list({ limit: 100 }))
    theirs.set(one.id, {
      status: one.status,
      customer: one.customer,
      subscription: one.parent?.subscription_details?.subscription ?? null,
      number: one.number,
      amounts: [one.subtotal, one.total, one.amount_due, one.amount_paid, one.amount_remaining],
      attempts: [one.attempt_count, one.next_payment_attempt],
      times: Object.values(one.status_transitions).filter(Boolean).sort(),
      description: one.description,
      lines: one.lines.data.map(({ id, amount, quantity, pricing }) => [
        id,
        amount,
        quantity,
        pricing?.price_details?.price ?? null,
      ]),
    });
  await read(
    `select stripe_invoice_id as stripe_id, i.*, c.stripe_customer_id, s.stripe_subscription_id,
       (select json_agg(json_build_array(l.stripe_line_id, l.amount, l.quantity, p.stripe_price_id) order by l.id)
        from invoice_line l left join price p on p.id = l.price_id where l.invoice_id = i.id) as lines
     from invoice i join customer c on c.id = i.customer_id left join subscription s on s.id = i.subscription_id
     where i.connection_id = $1`,
    (row) => ({
      status: row.stripe_status,
      customer: row.stripe_customer_id,
      subscription: row.stripe_subscription_id,
      number: row.number,
      amounts: [row.subtotal, row.total, row.amount_due, row.amount_paid, row.amount_remaining].map(Number),
      attempts: [row.attempt_count, seconds(row.next_payment_attempt)],
      times: [row.finalized_at, row.paid_at, row.voided_at, row.marked_uncollectible_at]
        .flatMap((time) => seconds(time) ?? [])
        .sort(),
      description: row.description,
      lines: row.lines ?? [],
    }),
  );
  for await (const one of stripe.paymentIntents.list({ limit: 100 }))
    theirs.set(one.id, {
      status: one.status,
      customer: one.customer,
      amounts: [one.amount, one.amount_received],
      charge: one.latest_charge,
      error: one.last_payment_error?.code ?? null,
    });
  await read(
    `select stripe_payment_intent_id as stripe_id, t.*, c.stripe_customer_id
     from payment t join customer c on c.id = t.customer_id where t.connection_id = $1`,
    (row) => ({
      status: row.stripe_status,
      customer: row.stripe_customer_id,
      amounts: [row.amount, row.amount_received].map(Number),
      charge: row.stripe_latest_charge_id,
      error: row.last_error_code,
    }),
  );
  for await (const one of stripe.charges.list({ limit: 100 }))
    theirs.set(one.id, {
      status: one.status,
      payment: one.payment_intent,
      amounts: [one.amount, one.amount_captured, one.amount_refunded],
      is: [one.paid, one.captured, one.refunded, one.disputed],
      failure: one.failure_code,
    });
  await read(
    `select stripe_charge_id as stripe_id, t.*, p.stripe_payment_intent_id
     from charge t left join payment p on p.id = t.payment_id where t.connection_id = $1`,
    (row) => ({
      status: row.stripe_status,
      payment: row.stripe_payment_intent_id,
      amounts: [row.amount, row.amount_captured, row.amount_refunded].map(Number),
      is: [row.paid, row.captured, row.refunded, row.disputed],
      failure: row.failure_code,
    }),
  );
  for await (const { id, status, amount, charge } of stripe.disputes.list({ limit: 100 }))
    theirs.set(id, { status, amount, charge });
  await read(
    `select stripe_dispute_id as stripe_id, t.stripe_status, t.amount, c.stripe_charge_id
     from dispute t join charge c on c.id = t.charge_id where t.connection_id = $1`,
    (row) => ({ status: row.stripe_status, amount: Number(row.amount), charge: row.stripe_charge_id }),
  );
  for (const customer of [...theirs.keys()].filter((id) => id.startsWith('cus_')))
    for await (const { id, card, metadata } of stripe.customers.listPaymentMethods(customer, { limit: 100 }))
      theirs.set(id, { customer, last4: card!.last4, metadata });
  await read(
    `select stripe_payment_method_id as stripe_id, t.last4, t.metadata, c.stripe_customer_id
     from payment_method t join customer c on c.id = t.customer_id where t.connection_id = $1 and detached_at is null`,
    ({ stripe_customer_id: customer, last4, metadata }) => ({ customer, last4, metadata }),
  );
  const ids = new Set([...ours.keys(), ...theirs.keys()]);
  const textOf = (value: unknown) =>
    JSON.stringify(value, (_, part) =>
      part && typeof part === 'object' && !Array.isArray(part) ? Object.fromEntries(Object.entries(part).sort()) : part,
    );
  return {
    compared: ids.size,
    different: [...ids]
      .filter((id) => textOf(ours.get(id)) !== textOf(theirs.get(id)))
      .map((id) => `${id} ${textOf(ours.get(id))} ${textOf(theirs.get(id))}`),
  };
}
