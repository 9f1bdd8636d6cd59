import { type Html, html } from '../../pages/html.ts';
import type { Page } from '../../pages/page-document.ts';
import type { PortalHomeQuery, PortalSubscriptionFragment as Subscription } from '../sessions/documents.generated.ts';
import { invoiceTable, olderInvoices } from './invoices-page.ts';
import { action, type Frame, notice, portalPage } from './portal-frame.ts';
import { costOf, day, methodOf, nameOf, stateOf } from './words.ts';

type Customer = NonNullable<PortalHomeQuery['customer']>;

type Home = {
  customer: Customer;
  /** Those that last, a page of them, and the last that are over; the oldest first. */
  live: PortalHomeQuery['live'];
  ended: PortalHomeQuery['ended'];
  /** Whether there is a plan to change to, by the subscription's id. */
  canChange(id: string): boolean;
  done?: string;
  once(): string;
};

/** Everything at a glance. */
export function homePage(frame: Frame, { customer, live, ended, canChange, done, once }: Home): Page {
  const { hasPreviousPage, startCursor } = live.pageInfo;
  const subscriptions = [...live.nodes.toReversed(), ...ended.nodes.toReversed()];
  const main = html`${done && notice(done, 'good')}
<section aria-labelledby="subscriptions">
<h2 id="subscriptions">Subscriptions</h2>
${subscriptions.length > 0 ? html`<ul>${subscriptions.map((one) => html`<li>${subscription(frame, one, canChange, once)}</li>`)}</ul>` : html`<p class="quiet">You have no subscription.</p>`}
${hasPreviousPage && startCursor !== null && html`<p><a href="${frame.base}?before=${encodeURIComponent(startCursor)}">Older subscriptions</a></p>`}
</section>
${paymentSection(frame, customer, once)}
<section aria-labelledby="invoices">
<h2 id="invoices">Invoices</h2>
${invoiceTable(customer.invoices)}
${olderInvoices(frame, customer.invoices)}
</section>`;
  return portalPage(frame, { title: 'Billing', main, who: customer.name ?? customer.email });
}

function subscription(frame: Frame, one: Subscription, canChange: Home['canChange'], once: () => string): Html {
  const { word, look, says } = stateOf(one);
  const path = `/subscriptions/${one.id}`;
  // An end that the seller set by a date is not the customer's to take back.
  const isOwnEnd = one.cancelAt !== null && (one.cancelAtPeriodEnd || one.cancelAt === one.currentPeriodEnd);
  const isResumable = !one.endedAt && (one.cancelAt === null ? one.status === 'PAUSED' : isOwnEnd);
  const name = nameOf(one);
  return html`<div class="row"><h3>${name}</h3><p class="state ${look}">${word}</p></div>
${one.items.nodes.map(({ price, quantity }) => price !== null && html`<p>${one.items.nodes.length > 1 && `${price.product.name}: `}${costOf(price, quantity)}</p>`)}
<p class="quiet">${says}</p>
${one.pendingChange && html`<p>From ${day(one.pendingChange.appliesAt)} on: <strong>${one.pendingChange.price.product.name}</strong>, ${costOf(one.pendingChange.price, one.pendingChange.quantity)}.</p>`}
${
  !one.endedAt &&
  html`<div class="actions">
${isResumable && action(frame, { path: `${path}/resume`, label: 'Resume', once: once(), look: '' })}
${one.pendingChange && action(frame, { path: `${path}/keep`, label: 'Keep the plan as it is', look: 'second', once: once() })}
${canChange(one.id) && html`<a class="button second" href="${frame.base}${path}/plan">Change plan<span class="hidden"> of ${name}</span></a>`}
${!one.cancelAt && html`<a class="button danger" href="${frame.base}${path}/cancel">Cancel<span class="hidden"> ${name}</span></a>`}
</div>`
}`;
}

function paymentSection(
  frame: Frame,
  { paymentMethods, defaultPaymentMethod: pays }: Customer,
  once: () => string,
): Html {
  const others = paymentMethods.nodes.filter(({ id }) => id !== pays?.id);
  const methods = pays ? [pays, ...others] : others;
  return html`<section aria-labelledby="payment">
<h2 id="payment">Payment method</h2>
${methods.length > 0 ? html`<ul>${methods.map((method) => html`<li class="row"><span>${methodOf(method)}</span>${method === pays && html`<span class="state good">Pays your invoices</span>`}</li>`)}</ul>` : html`<p class="quiet">None is saved.</p>`}
<div class="actions">${action(frame, { path: '/payment-method', label: 'Update payment method', look: 'second', once: once() })}</div>
</section>`;
}
