import { priceLabel } from '../catalog/price-label.ts';
import type { Stored } from '../objects.ts';
import { type FormFault, faultNote, formField } from '../pages/form-field.ts';
import { type Html, html } from '../pages/html.ts';
import { backLink, type PortalView } from './portal-view.ts';

/** The plans to choose from, as one form. */
export function planPage(
  view: PortalView,
  subscription: Stored<'subscription'>,
  prices: Stored<'price'>[],
  fault?: FormFault,
): Html {
  const item = subscription.items.data[0]!;
  const { default_allowed_updates: allowed } = view.configuration.features.subscription_update;
  const choices = allowed.includes('price') ? prices : prices.filter(({ id }) => id === item.price.id);
  return html`
<h1>Change plan</h1>
${faultNote(fault)}
<form method="post" action="/p/session/${view.session.id}/subscriptions/${subscription.id}/update">
${choices.map((price) => choice(price, subscription.currency, price.id === item.price.id, view))}
${!choices.length && html`<p class="quiet">There is no other plan.</p>`}
${
  allowed.includes('quantity') &&
  formField('quantity', 'Quantity', fault, { inputmode: 'numeric', value: item.quantity ?? 1 })
}
<button class="first">Change plan</button>
</form>
${backLink(view)}`;
}

function choice(price: Stored<'price'>, currency: string, isCurrent: boolean, { productNames }: PortalView): Html {
  return html`<label class="choice"><input type="radio" name="price" value="${price.id}" required${isCurrent && html` checked`}>
<span><strong>${productNames.get(price.product)}</strong>${price.nickname && html` · ${price.nickname}`}<br>
<span class="quiet">${priceLabel(price, currency)}${isCurrent && ' · your plan'}</span></span></label>`;
}
