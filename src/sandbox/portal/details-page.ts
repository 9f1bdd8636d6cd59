import { type FormFault, faultNote, formField } from '../pages/form-field.ts';
import { type Html, html } from '../pages/html.ts';
import { backLink, type PortalView } from './portal-view.ts';

/** Which of a customer's fields the page can change, where the configuration allows it. */
export const changeable = { email: 'Email', name: 'Name', phone: 'Phone' } as const;

export function detailsPage(view: PortalView, fault?: FormFault): Html {
  const { configuration, customer } = view;
  const allowed: string[] = configuration.features.customer_update.allowed_updates;
  const fields = Object.entries(changeable).filter(([field]) => allowed.includes(field));
  return html`
<h1>Your details</h1>
${faultNote(fault)}
<form method="post" action="/p/session/${view.session.id}/details">
${fields.map(([field, label]) =>
  formField(field, label, fault, {
    type: field === 'email' ? 'email' : 'text',
    value: customer[field as keyof typeof changeable] ?? '',
    required: field === 'email',
  }),
)}
<button class="first">Save</button>
</form>
${backLink(view)}`;
}
