import { type FormFault, formField } from './form-field.ts';
import { type Html, html } from './html.ts';

/** The inputs for a card. */
export function cardFields(fault: FormFault | undefined): Html {
  return html`
${formField('number', 'Card number', fault, { inputmode: 'numeric', autocomplete: 'cc-number', placeholder: '4242 4242 4242 4242', maxlength: 23 })}
<div class="pair">
<div>${formField('expiry', 'Expiry (MM / YY)', fault, { inputmode: 'numeric', autocomplete: 'cc-exp', placeholder: '12 / 34', maxlength: 9 })}</div>
<div>${formField('cvc', 'CVC', fault, { inputmode: 'numeric', autocomplete: 'cc-csc', placeholder: '123', maxlength: 4 })}</div>
</div>`;
}

export const cardHints = html`
<details><summary>Test cards</summary>
<dl class="hints">
<dt>4242 4242 4242 4242</dt><dd>pays</dd>
<dt>4000 0000 0000 0002</dt><dd>is declined</dd>
<dt>4000 0000 0000 9995</dt><dd>has insufficient funds</dd>
<dt>4000 0000 0000 0341</dt><dd>is saved, then declined</dd>
<dt>4000 0027 6000 3184</dt><dd>asks for 3-D Secure</dd>
</dl>
<p class="quiet">Any date to come and any three digits will do.</p>
</details>`;
