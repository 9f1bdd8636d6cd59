import { type Html, html } from './html.ts';

/** What was wrong with a form. `field` is the name of the input to blame. */
export interface FormFault {
  message: string;
  field?: string;
}

type Attributes = Record<string, string | number | boolean | undefined>;

/** A labelled input, marked where the fault is about it. */
export function formField(
  name: string,
  label: string,
  fault: FormFault | undefined,
  attributes: Attributes = {},
): Html {
  const isWrong = fault?.field === name;
  const all = {
    type: 'text',
    required: true,
    ...attributes,
    'aria-invalid': isWrong && 'true',
    'aria-describedby': isWrong && 'fault',
    autofocus: isWrong,
  };
  const rendered = Object.entries(all).map(([key, value]) => {
    if (value === false || value === undefined) return '';
    return value === true ? html` ${key}` : html` ${key}="${value}"`;
  });
  return html`<label for="${name}">${label}</label><input id="${name}" name="${name}"${rendered}>`;
}

/** What was wrong, said where a reader looks first. */
export function faultNote(fault: FormFault | undefined): Html | undefined {
  return fault && html`<p class="wrong" role="alert" id="fault">${fault.message}</p>`;
}
