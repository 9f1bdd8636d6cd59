import { html } from '../../pages/html.ts';
import type { Page } from '../../pages/page-document.ts';
import type { PortalSubscriptionFragment as Subscription } from '../sessions/documents.generated.ts';
import { action, type Frame, portalPage } from './portal-frame.ts';
import { day, nameOf } from './words.ts';

/** Why somebody leaves, in Stripe's order of words. */
export const cancelReasons = {
  TOO_EXPENSIVE: 'It is too expensive',
  MISSING_FEATURES: 'I need more features',
  SWITCHED_SERVICE: 'I found an alternative',
  UNUSED: 'I no longer need it',
  CUSTOMER_SERVICE: 'Customer service was less than expected',
  TOO_COMPLEX: 'It is too hard to use',
  LOW_QUALITY: 'Quality was less than expected',
  OTHER: 'Another reason',
} as const;

/** Asks whether it is meant. */
export function cancelPage(frame: Frame, { subscription, once }: { subscription: Subscription; once: string }): Page {
  const until = day(subscription.isTrialing ? subscription.trialEnd : subscription.currentPeriodEnd);
  const inside = html`<label class="field" for="feedback">Why are you leaving? <span class="quiet">(optional)</span></label>
<select id="feedback" name="feedback"><option value="">I would rather not say</option>${Object.entries(cancelReasons).map(([value, label]) => html`<option value="${value}">${label}</option>`)}</select>`;
  const main = html`<section>
<h2>${nameOf(subscription)}</h2>
<p>You keep it until <strong>${until}</strong>. After that it is not renewed, and you are not charged again. Until then you can take this back.</p>
${action(frame, { path: `/subscriptions/${subscription.id}/cancel`, label: 'Cancel subscription', look: 'danger', once, inside })}
<p class="actions"><a class="button second" href="${frame.base}">Keep it</a></p>
</section>`;
  return portalPage(frame, { title: 'Cancel your subscription?', main, isInner: true });
}
