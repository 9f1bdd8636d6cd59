import { moneyLabel, priceLabel } from '../catalog/price-label.ts';
import { asksForCard } from '../checkout/asks-for-card.ts';
import type { Stored } from '../objects.ts';
import { type Html, html } from './html.ts';

type Session = Stored<'checkout.session'>;

/** What the reader typed before, and what was wrong with it. `field` is the name of the input to blame. */
export interface CheckoutFault {
  message: string;
  field?: string;
  email?: string;
}

/** The form of an open session. It works without script: it posts to its own address. */
export function checkoutPage(session: Session, fault?: CheckoutFault): Html {
  const knownEmail = session.customer_details?.email ?? session.customer_email;
  const isFixed = Boolean(session.customer && knownEmail);
  return html`
<h1>${title(session)}</h1>
${session.amount_total !== null && html`<p class="total">${moneyLabel(session.amount_total, session.currency!)}</p>`}
${lines(session)}
${fault && html`<p class="wrong" role="alert" id="fault">${fault.message}</p>`}
<form method="post" action="/c/pay/${session.id}">
${field('email', 'Email', fault, { type: 'email', autocomplete: 'email', value: fault?.email ?? knownEmail ?? '', readonly: isFixed })}
${asksForCard(session) && cardFields(fault)}
<button class="first" name="action" value="pay">${payLabel(session)}</button>
${session.cancel_url && html`<button class="second" name="action" value="cancel" formnovalidate>Cancel</button>`}
</form>
${asksForCard(session) && cardHints}`;
}

function cardFields(fault: CheckoutFault | undefined): Html {
  return html`
${field('number', 'Card number', fault, { inputmode: 'numeric', autocomplete: 'cc-number', placeholder: '4242 4242 4242 4242', maxlength: 23 })}
<div class="pair">
<div>${field('expiry', 'Expiry (MM / YY)', fault, { inputmode: 'numeric', autocomplete: 'cc-exp', placeholder: '12 / 34', maxlength: 9 })}</div>
<div>${field('cvc', 'CVC', fault, { inputmode: 'numeric', autocomplete: 'cc-csc', placeholder: '123', maxlength: 4 })}</div>
</div>`;
}

const cardHints = html`
<details open><summary>Test cards</summary>
<p class="quiet"><code>4242 4242 4242 4242</code> pays.<br>
<code>4000 0000 0000 0002</code> is declined.<br>
<code>4000 0000 0000 9995</code> has insufficient funds.<br>
Any date to come and any three digits will do.</p>
</details>`;

type Attributes = Record<string, string | number | boolean>;

function field(name: string, label: string, fault: CheckoutFault | undefined, attributes: Attributes): Html {
  const isWrong = fault?.field === name;
  const all = {
    type: 'text',
    ...attributes,
    required: true,
    'aria-invalid': isWrong && 'true',
    'aria-describedby': isWrong && 'fault',
    autofocus: isWrong,
  };
  const rendered = Object.entries(all).map(([key, value]) => {
    if (value === false) return '';
    return value === true ? html` ${key}` : html` ${key}="${value}"`;
  });
  return html`<label for="${name}">${label}</label><input id="${name}" name="${name}"${rendered}>`;
}

function lines(session: Session): Html {
  const items = session.line_items?.data ?? [];
  return html`<ul class="lines">${items.map(
    ({ description, quantity, amount_total, price, currency }) => html`
<li><span>${description}${quantity !== null && quantity > 1 && html` × ${quantity}`}<br><span class="quiet">${price && priceLabel(price)}</span></span>
<span>${moneyLabel(amount_total, currency)}</span></li>`,
  )}</ul>${trialNote(session)}`;
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
