import { moneyLabel } from '../catalog/price-label.ts';
import type { Stored } from '../objects.ts';
import { type Html, html } from './html.ts';

/** The path of the page on which a payer authenticates a payment or the saving of a card. */
export function authenticationPath(intent: string): string {
  return `/3d-secure/${intent}`;
}

/** The stand-in for the page of the payer's bank. */
export function authenticationPage(intent: Stored<'payment_intent'> | Stored<'setup_intent'>): Html {
  const what = 'amount' in intent ? `pay ${moneyLabel(intent.amount, intent.currency)}` : 'save your card for later';
  return html`
<h1>3-D Secure</h1>
<p>Your bank asks: is it you who wants to ${what}?</p>
<form method="post" action="${authenticationPath(intent.id)}">
<button class="first" name="action" value="complete">Complete</button>
<button class="second" name="action" value="fail">Fail</button>
</form>
<p class="quiet">A real bank would ask for a code or a fingerprint here.</p>`;
}
