import { cardFields, cardHints } from '../pages/card-fields.ts';
import { type FormFault, faultNote } from '../pages/form-field.ts';
import { type Html, html } from '../pages/html.ts';
import { backLink, type PortalView } from './portal-view.ts';

export function cardPage(view: PortalView, fault?: FormFault): Html {
  return html`
<h1>Add a card</h1>
<p class="quiet">It will pay from now on.</p>
${faultNote(fault)}
<form method="post" action="/p/session/${view.session.id}/payment_method">
${cardFields(fault)}
<button class="first">Save card</button>
</form>
${backLink(view)}
${cardHints}`;
}
