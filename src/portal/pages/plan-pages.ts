import { type Html, html } from '../../pages/html.ts';
import type { Page } from '../../pages/page-document.ts';
import type {
  PortalPreviewLinesFragment as Lines,
  PortalPreviewQuery,
  PortalPriceFragment,
  PortalSubscriptionFragment as Subscription,
} from '../sessions/documents.generated.ts';
import { action, type Frame, portalPage } from './portal-frame.ts';
import { costOf, day, nameOf } from './words.ts';

type Preview = NonNullable<PortalPreviewQuery['previewSubscriptionChange']>;

/** A price that a subscription can change to, as the graph would say it. */
export type Offer = PortalPriceFragment & { id: string };

const planPath = ({ id }: Subscription) => `/subscriptions/${id}/plan`;

/** What there is to choose. */
export function planPage(
  frame: Frame,
  { subscription, offers }: { subscription: Subscription; offers: Offer[] },
): Page {
  const [item] = subscription.items.nodes;
  const choices = offers.map(
    (offer, at) =>
      html`<label class="choice"><input type="radio" name="price" value="${offer.id}" required${at === 0 && html` checked`}><span><strong>${offer.product.name}</strong> ${costOf(offer, item?.quantity)}</span></label>`,
  );
  const main = html`<section>
<p>Now: <strong>${nameOf(subscription)}</strong>${item?.price && `, ${costOf(item.price, item.quantity)}`}</p>
<form method="get" action="${frame.base}${planPath(subscription)}/confirm">
<fieldset><legend>Change to</legend>
${choices}
</fieldset>
<div class="actions"><button>See what it costs</button><a class="button second" href="${frame.base}">Keep it as it is</a></div>
</form>
</section>`;
  return portalPage(frame, { title: 'Change your plan', main, isInner: true });
}

/** What a choice costs, before it is made. */
export function confirmPage(
  frame: Frame,
  { subscription, offer, preview, once }: { subscription: Subscription; offer: Offer; preview: Preview; once: string },
): Page {
  const { dueNow, invoice, nextInvoice, nextBillingAt, prorationDate } = preview;
  const [item] = subscription.items.nodes;
  const inside = html`<input type="hidden" name="price" value="${offer.id}">
<input type="hidden" name="prorationDate" value="${prorationDate ?? ''}">`;
  const main = html`<section aria-labelledby="change">
<h2 id="change">${nameOf(subscription)} → ${offer.product.name}</h2>
<p>From now on: <strong>${costOf(offer, item?.quantity)}</strong></p>
${invoice && lines(invoice)}
<dl>
<div><dt>To be paid now</dt><dd>${dueNow.formatted}</dd></div>
${nextInvoice && html`<div><dt>Next invoice${nextBillingAt !== null && `, ${day(nextBillingAt)}`}</dt><dd>${nextInvoice.amountDue.formatted}</dd></div>`}
</dl>
<p class="quiet">What you have paid already and do not use any more is credited.</p>
<div class="actions">
${action(frame, { path: planPath(subscription), label: 'Change plan', once, inside })}
<a class="button second" href="${frame.base}${planPath(subscription)}">Choose another</a>
</div>
</section>`;
  return portalPage(frame, { title: 'Change your plan?', main, isInner: true });
}

function lines({ lines, hasMoreLines, discount, tax, startingBalance }: Lines): Html {
  const row = (label: string | null, amount: string) => html`<div><dt>${label ?? 'Other'}</dt><dd>${amount}</dd></div>`;
  return html`<h3>Billed now</h3>
<dl>${lines.map(({ description, amount }) => row(description, amount.formatted))}
${hasMoreLines && row('More lines', 'on the invoice')}
${discount.amount !== '0' && row('Discounts', discount.formatted)}
${tax.amount !== '0' && row('Taxes', tax.formatted)}
${startingBalance.amount !== '0' && row('Your balance', startingBalance.formatted)}</dl>`;
}
