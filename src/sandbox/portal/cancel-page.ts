import type { Stored } from '../objects.ts';
import { dateLabel } from '../pages/date-label.ts';
import { type FormFault, faultNote } from '../pages/form-field.ts';
import { type Html, html } from '../pages/html.ts';
import { backLink, type PortalView, planName } from './portal-view.ts';

const reasons: Record<string, string> = {
  customer_service: 'Customer service was less than expected',
  low_quality: 'Quality was less than expected',
  missing_features: 'I need more features',
  other: 'Another reason',
  switched_service: 'I found an alternative',
  too_complex: 'It is too complex',
  too_expensive: 'It is too expensive',
  unused: 'I do not use it enough',
};

/** Asks once more, and why. */
export function cancelPage(view: PortalView, subscription: Stored<'subscription'>, fault?: FormFault): Html {
  const { mode, cancellation_reason: reason } = view.configuration.features.subscription_cancel;
  const end = subscription.items.data[0]!.current_period_end;
  const when =
    mode === 'immediately' ? 'It ends at once.' : `It stays yours until ${dateLabel(end)}, and is not renewed.`;
  return html`
<h1>Cancel your plan?</h1>
<p><strong>${planName(subscription, view)}</strong><br>${when}</p>
${faultNote(fault)}
<form method="post" action="/p/session/${view.session.id}/subscriptions/${subscription.id}/cancel">
${reason.enabled && whyFields(reason.options)}
<button class="first danger">Cancel plan</button>
</form>
${backLink(view, 'Keep it')}`;
}

function whyFields(options: string[]): Html {
  return html`
<label for="feedback">Why do you leave?</label>
<select id="feedback" name="feedback"><option value="">I would rather not say</option>${options.map(
    (option) => html`<option value="${option}">${reasons[option] ?? option}</option>`,
  )}</select>
<label for="comment">Anything else?</label><textarea id="comment" name="comment" rows="3" maxlength="1000"></textarea>`;
}
