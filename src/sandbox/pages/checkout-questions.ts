import type { Stored } from '../objects.ts';
import type { CheckoutFault } from './checkout-page.ts';
import { formField } from './form-field.ts';
import { type Html, html } from './html.ts';

type Session = Stored<'checkout.session'>;
type CustomField = Session['custom_fields'][number];

/** What a session asks besides how to pay: phone, address, the merchant's own fields, consent. */
export function questions(session: Session, fault: CheckoutFault | undefined): Html {
  const value = (name: string) => String(fault?.typed?.[name] ?? '');
  const ask = (name: string, label: string, autocomplete: string, required = true) =>
    formField(name, label, fault, { autocomplete, required, value: value(name) });
  const { billing_address_collection, consent_collection, custom_fields, phone_number_collection } = session;
  return html`
${phone_number_collection?.enabled && ask('phone', 'Phone', 'tel')}
${
  billing_address_collection === 'required' &&
  html`
${ask('name', 'Name', 'name')}
${ask('line1', 'Street and number', 'address-line1')}
${ask('line2', 'Flat, floor (optional)', 'address-line2', false)}
<div class="pair">
<div>${ask('postal_code', 'Postal code', 'postal-code')}</div>
<div>${ask('city', 'City', 'address-level2')}</div>
</div>
${ask('country', 'Country', 'country')}`
}
${custom_fields.map((field) => customField(field, fault, value(`custom_${field.key}`)))}
${consent_collection?.terms_of_service === 'required' && checkbox('terms', 'I accept the terms of service', true)}
${consent_collection?.promotions === 'auto' && checkbox('promotions', 'Send me news and offers', false)}`;
}

function customField(field: CustomField, fault: CheckoutFault | undefined, value: string): Html {
  const name = `custom_${field.key}`;
  const label = `${field.label.custom}${field.optional ? ' (optional)' : ''}`;
  if (!field.dropdown) {
    const inputmode = field.numeric ? 'numeric' : 'text';
    return formField(name, label, fault, { inputmode, required: !field.optional, value });
  }
  return html`<label for="${name}">${label}</label><select id="${name}" name="${name}">
<option value="">Choose…</option>${field.dropdown.options.map(
    (option) =>
      html`<option value="${option.value}"${option.value === value && html` selected`}>${option.label}</option>`,
  )}</select>`;
}

function checkbox(name: string, label: string, required: boolean): Html {
  return html`<label class="check"><input type="checkbox" name="${name}"${required && html` required`}> ${label}</label>`;
}
