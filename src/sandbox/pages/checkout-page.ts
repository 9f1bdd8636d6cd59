import { moneyLabel, priceLabel } from '../catalog/price-label.ts';
import { asksForCard } from '../checkout/asks-for-card.ts';
import type { Stored } from '../objects.ts';
import { cardFields, cardHints } from './card-fields.ts';
import { questions } from './checkout-questions.ts';
import { type FormFault, faultNote, formField } from './form-field.ts';
import { type Html, html } from './html.ts';

type Session = Stored<'checkout.session'>;

/** What the reader typed before, and what was wrong with it. */
export interface CheckoutFault extends FormFault {
  typed?: Record<string, unknown>;
}

/** The form of an open session. It works without script: it posts to its own address. */
export function checkoutPage(session: Session, fault?: CheckoutFault): Html {
  const knownEmail = session.customer_details?.email ?? session.customer_email;
  const isFixed = Boolean(session.customer && knownEmail);
  return html`
<h1>${title(session)}</h1>
${session.amount_total !== null && html`<p class="total">${moneyLabel(session.amount_total, session.currency!)}</p>`}
${faultNote(fault)}
<form method="post" action="/c/pay/${session.id}"${session.payment_method_types.length > 1 && html` novalidate`}>
<button class="default" name="action" value="pay" tabindex="-1" aria-hidden="true"></button>
${lines(session)}
${promotionField(session, fault)}
${formField('email', 'Email', fault, { type: 'email', autocomplete: 'email', value: String(fault?.typed?.email ?? knownEmail ?? ''), readonly: isFixed })}
${questions(session, fault)}
${session.automatic_tax.status === 'requires_location_inputs' && html`<p>Tax is added as it is where you are.</p>`}
${asksForCard(session) && methodFields(session, fault)}
<button class="first" name="action" value="pay">${payLabel(session)}</button>
${session.cancel_url && html`<button class="second" name="action" value="cancel" formnovalidate>Cancel</button>`}
</form>
${asksForCard(session) && takesCards(session) && cardHints}`;
}

function takesCards({ payment_method_types }: Session): boolean {
  return payment_method_types.includes('card');
}

function methodFields(session: Session, fault: CheckoutFault | undefined): Html {
  const takesIban = session.payment_method_types.includes('sepa_debit');
  const iban = { autocomplete: 'off', placeholder: 'AT61 1904 3002 3457 3201', maxlength: 42 };
  return html`${takesCards(session) && cardFields(fault)}
${takesIban && formField('iban', takesCards(session) ? 'or IBAN' : 'IBAN', fault, { ...iban, required: !takesCards(session) })}`;
}

/** A code is checked by its own button, which asks for nothing else yet. */
function promotionField(session: Session, fault: CheckoutFault | undefined): Html | undefined {
  const { amount_discount = 0 } = session.total_details ?? {};
  const off = amount_discount > 0 && html`<p>${moneyLabel(amount_discount, session.currency!)} off</p>`;
  if (!session.allow_promotion_codes) return off || undefined;
  const value = String(fault?.typed?.promotion_code ?? '');
  return html`${off}
<div class="joined"><div>${formField('promotion_code', 'Promotion code', fault, { autocomplete: 'off', required: false, value })}</div>
<button class="second" name="action" value="apply" formnovalidate>Apply</button></div>`;
}

function lines(session: Session): Html {
  const items = session.line_items?.data ?? [];
  return html`<ul class="lines">${items.map(
    ({ adjustable_quantity, description, quantity, amount_total, price, currency }, index) => html`
<li><span>${description}${quantity !== null && quantity > 1 && html` × ${quantity}`}<br>${adjustable_quantity && quantityField(index, quantity, adjustable_quantity)}<span class="quiet">${price && priceLabel(price, currency)}</span></span>
<span>${moneyLabel(amount_total, currency)}</span></li>`,
  )}</ul>${trialNote(session)}`;
}

function quantityField(
  index: number,
  quantity: number | null,
  { minimum, maximum }: { minimum?: number | null; maximum?: number | null },
): Html {
  const label = `Quantity of line ${index + 1}`;
  return html`<input class="quantity" type="number" name="quantity_${index}" aria-label="${label}" value="${quantity}" min="${minimum ?? 0}" max="${maximum ?? 99}">
<button class="second small" name="action" value="quantity" formnovalidate>Update</button>`;
}

function trialNote({ _sandbox: { order } }: Session): Html | undefined {
  const { trial } = order.subscription;
  if (!trial) return undefined;
  if ('days' in trial) return html`<p>${trial.days} days free, then the price above.</p>`;
  return html`<p>Free until ${new Date(trial.end * 1_000).toISOString().slice(0, 10)}, then the price above.</p>`;
}

function title({ mode }: Session): string {
  return { payment: 'Pay', setup: 'Save a card', subscription: 'Subscribe' }[mode];
}

function payLabel({ mode, amount_total, currency, _sandbox: { order } }: Session): string {
  if (mode === 'setup') return 'Save card';
  if (mode === 'subscription') return order.subscription.trial ? 'Start trial' : 'Subscribe';
  return `Pay ${moneyLabel(amount_total ?? 0, currency!)}`;
}
