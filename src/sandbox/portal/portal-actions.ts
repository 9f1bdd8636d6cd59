import { updateCustomer } from '../customers/update-customer.ts';
import type { Stored } from '../objects.ts';
import { readCard, typed } from '../pages/payer-form.ts';
import { newCard } from '../payment-methods/new-card.ts';
import { createSetupIntent } from '../setup/create-setup-intent.ts';
import type { AccountTransaction } from '../store/account-transaction.ts';
import { cancelSubscription } from '../subscriptions/cancel-subscription.ts';
import { updateSubscription } from '../subscriptions/update-subscription.ts';
import { invalidRequest } from '../wire/api-error.ts';
import type { Form } from '../wire/form-body.ts';
import { perform } from '../wire/perform.ts';
import { changeable } from './details-page.ts';
import { offeredPrices } from './offered-prices.ts';
import type { PortalView } from './portal-view.ts';

type Fields = { [name: string]: Form };

/** Switches a subscription to a price that the configuration offers. */
export async function changePlan(tx: AccountTransaction, view: PortalView, id: string, fields: Fields): Promise<void> {
  const subscription = openSubscription(view, id);
  const { subscription_update: feature } = view.configuration.features;
  const item = subscription.items.data[0]!;
  const confirmed = view.session.flow?.subscription_update_confirm?.items[0];
  const price = confirmed?.price ?? (typed(fields, 'price') || item.price.id);
  const offered = await offeredPrices(tx, view.configuration, subscription);
  if (!offered.some((one) => one.id === price)) throw invalidRequest('Choose one of the plans.', 'price');
  const typedQuantity = feature.default_allowed_updates.includes('quantity') ? typed(fields, 'quantity') : '';
  const quantity = confirmed?.quantity ?? typedQuantity;
  const change = { id: item.id, price, ...(quantity !== '' && { quantity: String(quantity) }) };
  await perform(tx, updateSubscription, { items: [change], proration_behavior: feature.proration_behavior }, id);
}

/** Ends a subscription at once or with its period, as the configuration says. */
export async function cancelPlan(tx: AccountTransaction, view: PortalView, id: string, fields: Fields): Promise<void> {
  openSubscription(view, id);
  const { mode } = view.configuration.features.subscription_cancel;
  const why = Object.fromEntries(
    ['comment', 'feedback'].map((name) => [name, typed(fields, name)]).filter(([, value]) => value),
  );
  const details: Fields = Object.keys(why).length ? { cancellation_details: why } : {};
  if (mode === 'immediately') await perform(tx, cancelSubscription, details, id);
  else await perform(tx, updateSubscription, { cancel_at_period_end: 'true', ...details }, id);
}

export async function keepPlan(tx: AccountTransaction, view: PortalView, id: string): Promise<void> {
  const subscription = openSubscription(view, id);
  const change: Fields = subscription.cancel_at_period_end ? { cancel_at_period_end: 'false' } : { cancel_at: '' };
  await perform(tx, updateSubscription, change, id);
}

/** Saves a card, and has it pay for everything from now on. */
export async function replaceCard(tx: AccountTransaction, { customer, subscriptions }: PortalView, fields: Fields) {
  const card = readCard(fields, tx.now);
  if ('message' in card) throw invalidRequest(card.message, card.field);
  const method = newCard(tx, card, { email: customer.email, name: customer.name ?? null });
  const setup = { customer: customer.id, payment_method: method.id, confirm: 'true', usage: 'off_session' };
  const { status } = (await perform(tx, createSetupIntent, setup)) as Stored<'setup_intent'>;
  if (status !== 'succeeded') {
    throw invalidRequest('This card asks for 3-D Secure, which this page does not offer: use another.', 'number');
  }
  await perform(tx, updateCustomer, { invoice_settings: { default_payment_method: method.id } }, customer.id);
  for (const { id, default_payment_method } of subscriptions) {
    if (default_payment_method) await perform(tx, updateSubscription, { default_payment_method: method.id }, id);
  }
}

export async function changeDetails(tx: AccountTransaction, { configuration, customer }: PortalView, fields: Fields) {
  const allowed: string[] = configuration.features.customer_update.allowed_updates;
  const names = Object.keys(changeable).filter((name) => allowed.includes(name) && typeof fields[name] === 'string');
  await perform(tx, updateCustomer, Object.fromEntries(names.map((name) => [name, typed(fields, name)])), customer.id);
}

/** A subscription of the customer that has not ended. */
export function openSubscription({ subscriptions }: PortalView, id: string) {
  const found = subscriptions.find((subscription) => subscription.id === id);
  if (!found) throw invalidRequest('There is no such plan any more.');
  return found;
}
