import type { Stored } from '../objects.ts';
import { html } from '../pages/html.ts';
import type { AccountTransaction } from '../store/account-transaction.ts';

/** What the portal's pages show: one customer's, as far as the configuration offers it. */
export interface PortalView {
  session: Stored<'billing_portal.session'>;
  configuration: Stored<'billing_portal.configuration'>;
  customer: Stored<'customer'>;
  /** Those that have not ended, newest first. */
  subscriptions: Stored<'subscription'>[];
  cards: Stored<'payment_method'>[];
  invoices: Stored<'invoice'>[];
  /** The names of products, by id. */
  productNames: Map<string, string>;
}

export async function portalView(tx: AccountTransaction, id: string): Promise<PortalView> {
  const session = await tx.get('billing_portal.session', id);
  const customer = await tx.get('customer', session.customer);
  const subscriptions = await tx.all('subscription', { customer: customer.id });
  const invoices = await tx.all('invoice', {
    customer: customer.id,
    status: ['open', 'paid', 'uncollectible', 'void'],
  });
  return {
    session,
    configuration: await tx.get('billing_portal.configuration', String(session.configuration)),
    customer,
    subscriptions: subscriptions.filter(({ ended_at }) => !ended_at),
    cards: await tx.all('payment_method', { customer: customer.id, type: 'card' }),
    invoices: invoices.slice(0, 24),
    productNames: new Map((await tx.all('product', {})).map((product) => [product.id, product.name])),
  };
}

/** The card that pays: the subscription's own, or the customer's. */
export function payingCard({ customer, cards }: PortalView, subscription?: Stored<'subscription'>) {
  const id = subscription?.default_payment_method ?? customer.invoice_settings.default_payment_method;
  return cards.find((card) => card.id === id);
}

/** `2 × Pro`, `Pro and Support`. */
export function planName({ items }: Stored<'subscription'>, { productNames }: PortalView): string {
  const names = items.data.map(({ price, quantity = 1 }) => {
    const name = productNames.get(price.product) ?? price.product;
    return quantity > 1 ? `${quantity} × ${name}` : name;
  });
  return new Intl.ListFormat('en').format(names);
}

/** Where `Back` leads: to the first page, or out of a session that is for one thing. */
export function backLink({ session }: PortalView, label = 'Back') {
  const to = session.flow ? session.return_url : `/p/session/${session.id}`;
  return to && html`<a class="button second" href="${to}">${label}</a>`;
}
