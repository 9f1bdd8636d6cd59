import type { Stored } from '../objects.ts';
import { invalidRequest } from '../wire/api-error.ts';
import type { Value } from '../wire/parameters.ts';
import type { customFields } from './custom-field-parameters.ts';

type CustomField = Stored<'checkout.session'>['custom_fields'][number];

/** The merchant's inputs as the session shows them, still empty. */
export function newCustomFields(inputs: Value<typeof customFields> = []): CustomField[] {
  return inputs.map(({ key, label, optional = false, type, ...details }, index) => {
    const bounds = { default_value: null, maximum_length: null, minimum_length: null, value: null };
    if (type === 'dropdown') {
      if (!details.dropdown) {
        const at = `custom_fields[${index}][dropdown]`;
        throw invalidRequest(`Missing required param: ${at}.`, at, 'parameter_missing');
      }
      const dropdown = { default_value: null, value: null, ...details.dropdown };
      return { key, label, optional, type, dropdown };
    }
    return { key, label, optional, type, [type]: { ...bounds, ...details[type] } };
  });
}

/** The inputs with what the payer put in. */
export function filledFields(fields: CustomField[], values: Record<string, string> = {}): CustomField[] {
  return fields.map((field) => {
    const value = values[field.key];
    if (!value) return field;
    if (field.dropdown) return { ...field, dropdown: { ...field.dropdown, value } };
    if (field.numeric) return { ...field, numeric: { ...field.numeric, value } };
    return { ...field, text: { ...field.text!, value } };
  });
}

/** Why a value does not do for an input, if it does not. */
export function fieldFault(field: CustomField, value: string): string | undefined {
  const name = field.label.custom ?? field.key;
  if (!value) return field.optional ? undefined : `Fill in “${name}”.`;
  if (field.dropdown) {
    return field.dropdown.options.some((option) => option.value === value) ? undefined : `Choose one for “${name}”.`;
  }
  if (field.numeric && !/^\d+$/.test(value)) return `“${name}” takes digits only.`;
  const { minimum_length, maximum_length } = field.numeric ?? field.text!;
  if (value.length < (minimum_length ?? 0)) return `“${name}” needs at least ${minimum_length} characters.`;
  if (value.length > (maximum_length ?? 255)) return `“${name}” takes at most ${maximum_length ?? 255} characters.`;
  return undefined;
}
