import { moneyLabel, priceLabel } from '../catalog/price-label.ts';
import type { Stored } from '../objects.ts';
import { dateLabel } from '../pages/date-label.ts';
import { type Html, html } from '../pages/html.ts';
import { type PortalView, payingCard, planName } from './portal-view.ts';

/** The first page of the portal: what the customer has, and what may be done about it. */
export function homePage(view: PortalView): Html {
  const { session, configuration, customer, subscriptions } = view;
  const { features, business_profile: profile } = configuration;
  return html`
<h1>${profile.headline ?? 'Manage your billing'}</h1>
<p class="quiet">${[customer.name, customer.email].filter(Boolean).join(' · ')}</p>
<section><h2>${subscriptions.length > 1 ? 'Current plans' : 'Current plan'}</h2>
${subscriptions.map((subscription) => plan(subscription, view))}
${!subscriptions.length && html`<p class="quiet">There is no plan.</p>`}
</section>
${features.payment_method_update.enabled && cards(view)}
${features.customer_update.enabled && details(view)}
${features.invoice_history.enabled && invoices(view)}
${session.return_url && html`<p><a href="${session.return_url}">← Go back</a></p>`}
<p class="quiet small">${legal('Terms', profile.terms_of_service_url)} ${legal('Privacy', profile.privacy_policy_url)}</p>`;
}

function plan(subscription: Stored<'subscription'>, view: PortalView): Html {
  const { features } = view.configuration;
  const at = `/p/session/${view.session.id}/subscriptions/${subscription.id}`;
  const isEnding = subscription.cancel_at_period_end || subscription.cancel_at !== null;
  const card = payingCard(view, subscription);
  return html`<div class="item">
<p><strong>${planName(subscription, view)}</strong> ${badge(isEnding ? 'canceling' : subscription.status)}<br>
${subscription.items.data.map(({ price }) => html`<span>${priceLabel(price, subscription.currency)}</span><br>`)}
<span class="quiet">${period(subscription)}</span></p>
${card && html`<p class="quiet">${cardName(card)}</p>`}
<div class="actions">
${features.subscription_update.enabled && !isEnding && html`<a class="button second" href="${at}/update">Change plan</a>`}
${
  features.subscription_cancel.enabled &&
  (isEnding
    ? html`<form method="post" action="${at}/resume"><button class="first">Don’t cancel</button></form>`
    : html`<a class="button second" href="${at}/cancel">Cancel plan</a>`)
}
</div></div>`;
}

function period({ cancel_at, items, status, trial_end }: Stored<'subscription'>): string {
  if (cancel_at) return `Ends on ${dateLabel(cancel_at)}`;
  if (status === 'trialing' && trial_end) return `Free until ${dateLabel(trial_end)}`;
  if (status === 'paused') return 'Paused';
  const end = items.data[0]?.current_period_end;
  return end ? `Renews on ${dateLabel(end)}` : '';
}

function cards(view: PortalView): Html {
  const paying = payingCard(view);
  return html`<section><h2>Payment method</h2>
<ul class="lines">${view.cards.map(
    (card) => html`
<li><span>${cardName(card)}<br><span class="quiet">Expires ${card.card?.exp_month} / ${card.card?.exp_year}</span></span>
${card === paying && badge('default')}</li>`,
  )}</ul>
${!view.cards.length && html`<p class="quiet">There is no card.</p>`}
<a class="button second" href="/p/session/${view.session.id}/payment_method">${view.cards.length ? 'Use another card' : 'Add a card'}</a></section>`;
}

function details({ session, customer }: PortalView): Html {
  return html`<section><h2>Your details</h2>
<p>${customer.name}<br>${customer.email}</p>
<a class="button second" href="/p/session/${session.id}/details">Change your details</a></section>`;
}

function invoices({ invoices }: PortalView): Html {
  return html`<section><h2>Invoices</h2>
<ul class="lines">${invoices.map(
    (invoice) => html`
<li><span><a href="/i/${invoice.id}">${dateLabel(invoice.created)}</a><br><span class="quiet">${invoice.number}</span></span>
<span class="right">${moneyLabel(invoice.total, invoice.currency)}<br>${badge(String(invoice.status))}</span></li>`,
  )}</ul>
${!invoices.length && html`<p class="quiet">There is no invoice.</p>`}</section>`;
}

export function cardName({ card }: Stored<'payment_method'>): string {
  const brand = card?.brand ?? 'card';
  return `${brand[0]!.toUpperCase()}${brand.slice(1)} •••• ${card?.last4}`;
}

/** A status, as a small label. */
export function badge(status: string): Html {
  return html`<span class="badge ${status}">${status.replaceAll('_', ' ')}</span>`;
}

function legal(name: string, url: string | null) {
  return url && html`<a href="${url}">${name}</a>`;
}
