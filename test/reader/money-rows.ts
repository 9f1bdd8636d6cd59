import type { Row, Tables } from './tenants.ts';

export type Making = {
  random: (below: number) => number;
  pick: <T>(values: readonly T[]) => T;
  maybe: <T>(value: T) => T | null;
  instant: () => string;
  add(table: keyof Tables, prefix: string, tenant: Pick<Row, 'project_id' | 'environment'>, values: object): Row;
  tables: Tables;
};

type Owner = {
  tenant: Pick<Row, 'project_id' | 'environment'>;
  mirrored: object;
  customer: Row;
  prices: Row[];
};

/** A customer's invoices, payments and payment methods, and a guest's payment now and then. */
export function addMoney(making: Making, owner: Owner) {
  addInvoices(making, owner);
  addPayments(making, owner);
  const { random, pick, maybe, instant, add, tables } = making;
  for (let n = random(3); n > 0; n--) {
    const value = maybe(`DE${tables.tax_id.length}`);
    add('tax_id', 'ptx', owner.tenant, {
      connection_id: 'conn_x',
      evidence: '0',
      customer_id: owner.customer.id,
      stripe_tax_id: `txi_${tables.tax_id.length}`,
      type: 'eu_vat',
      value,
      country: value && 'DE',
      status: value && maybe(pick(['PENDING', 'VERIFIED'])),
      deleted_at: value === null || !random(4) ? instant() : null,
    });
  }
  for (let n = random(3); n > 0; n--) {
    const serial = tables.payment_method.length;
    add('payment_method', 'ppm', owner.tenant, {
      ...owner.mirrored,
      customer_id: random(5) ? owner.customer.id : null,
      stripe_payment_method_id: `pm_${serial}`,
      type: pick(['card', 'sepa_debit']),
      brand: maybe('visa'),
      last4: maybe('4242'),
      expiry_month: maybe(1 + random(12)),
      expiry_year: maybe(2030),
      detached_at: maybe(instant()),
    });
    if (random(2)) owner.customer.stripe_default_payment_method_id = `pm_${serial}`;
  }
}

function addInvoices(
  { random, pick, maybe, instant, add, tables }: Making,
  { tenant, mirrored, customer, prices }: Owner,
) {
  const subscriptions = tables.subscription.filter(({ customer_id }) => customer_id === customer.id);
  const amount = () => pick(['0', '2900', '-1', '9007199254740993']);
  for (let n = random(5); n > 0; n--) {
    const serial = tables.invoice.length;
    const currency = pick(['USD', 'JPY', 'KWD']);
    const invoice = add('invoice', 'inv', tenant, {
      ...mirrored,
      customer_id: customer.id,
      subscription_id: subscriptions.length ? maybe(pick(subscriptions).id) : null,
      stripe_invoice_id: `in_${serial}`,
      number: maybe(`A-${serial}`),
      status: pick(['DRAFT', 'OPEN', 'OPEN', 'PAID', 'VOID', 'UNCOLLECTIBLE', 'UNKNOWN']),
      stripe_status: 'whatever',
      billing_reason: maybe('SUBSCRIPTION_CYCLE'),
      collection_method: pick(['CHARGE_AUTOMATICALLY', 'SEND_INVOICE']),
      currency,
      subtotal: amount(),
      tax: amount(),
      total: amount(),
      amount_due: amount(),
      amount_paid: amount(),
      amount_remaining: amount(),
      attempt_count: random(4),
      next_payment_attempt: maybe(instant()),
      period_start: instant(),
      period_end: instant(),
      due_date: random(2) ? null : instant(),
      finalized_at: maybe(instant()),
      paid_at: maybe(instant()),
      voided_at: null,
      marked_uncollectible_at: maybe(instant()),
      hosted_invoice_url: maybe('https://example.com/i'),
      invoice_pdf: null,
      description: maybe('Danke "sehr"'),
    });
    for (let line = random(4); line > 0; line--)
      add('invoice_line', 'il', tenant, {
        invoice_id: invoice.id,
        price_id: maybe(pick(prices).id),
        stripe_line_id: `il_${tables.invoice_line.length}`,
        stripe_subscription_item_id: null,
        description: maybe('1 × Pro'),
        amount: amount(),
        currency,
        quantity: maybe('12345678901'),
        tax: amount(),
        proration: random(2) > 0,
        period_start: instant(),
        period_end: instant(),
      });
  }
}

function addPayments({ random, pick, maybe, instant, add, tables }: Making, { tenant, mirrored, customer }: Owner) {
  const invoices = tables.invoice.filter(({ customer_id }) => customer_id === customer.id);
  for (let n = random(4); n > 0; n--) {
    const customer_id = random(6) ? customer.id : null;
    const money = { currency: pick(['USD', 'JPY']), amount: pick(['1', '9007199254740993']) };
    const payment = add('payment', 'pay', tenant, {
      ...mirrored,
      ...money,
      customer_id,
      invoice_id: customer_id && invoices.length ? maybe(pick(invoices).id) : null,
      stripe_latest_charge_id: null,
      stripe_payment_intent_id: `pi_${tables.payment.length}`,
      status: pick(['REQUIRES_ACTION', 'SUCCEEDED', 'CANCELED', 'UNKNOWN']),
      stripe_status: 'whatever',
      amount_received: pick(['0', '1']),
      description: null,
      receipt_email: maybe('ada@example.com'),
      last_error_code: maybe('card_declined'),
      last_error_decline_code: null,
      last_error_message: random(3) ? null : 'No.',
      canceled_at: maybe(instant()),
      cancellation_reason: null,
    });
    for (let attempt = random(4); attempt > 0; attempt--) {
      const charge = add('charge', 'pch', tenant, {
        ...mirrored,
        ...money,
        customer_id,
        payment_id: random(8) ? payment.id : null,
        stripe_charge_id: `ch_${tables.charge.length}`,
        status: pick(['PENDING', 'SUCCEEDED', 'FAILED', 'UNKNOWN']),
        stripe_status: 'whatever',
        amount_captured: '1',
        amount_refunded: pick(['0', '1', '9007199254740993']),
        captured: true,
        paid: random(2) > 0,
        refunded: false,
        disputed: random(2) > 0,
        failure_code: maybe('card_declined'),
        failure_message: null,
        receipt_url: null,
        payment_method_type: maybe('card'),
        payment_method_brand: maybe('visa'),
        payment_method_last4: maybe('4242'),
        description: null,
      });
      payment.stripe_latest_charge_id = maybe(charge.stripe_charge_id);
      if (random(2))
        add('dispute', 'pdi', tenant, {
          ...mirrored,
          ...money,
          customer_id,
          charge_id: charge.id,
          stripe_dispute_id: `du_${tables.dispute.length}`,
          status: pick(['NEEDS_RESPONSE', 'LOST', 'UNKNOWN']),
          stripe_status: 'whatever',
          reason: 'fraudulent',
          evidence_due_by: maybe(instant()),
          has_evidence: random(2) > 0,
        });
    }
  }
}
