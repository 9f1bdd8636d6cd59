import { checkMetadata, checkRedirectUrl, checkText } from '../../check-input.ts';
import { badInput } from '../../errors.ts';

/** What a caller says of a product. What is undefined stays as it is; null takes it away. */
export type ProductInput = {
  name?: string | null;
  description?: string | null;
  unitLabel?: string | null;
  url?: string | null;
  metadata?: Record<string, unknown> | null;
};

/** The same in Stripe's words: an empty text takes away. */
export type ProductChanges = {
  name?: string;
  description?: string;
  unit_label?: string;
  url?: string;
  metadata?: Record<string, string>;
};

/** @throws Refusal BAD_USER_INPUT with the field. */
export function checkProduct({ name, description, unitLabel, url, metadata }: ProductInput): ProductChanges {
  if (name === null) throw badInput('A product needs a name. Leave the field out to keep it.', 'name');
  const text = (given: string | null, field: string, max: number) =>
    given === null ? '' : checkText(given, field, { max });
  return {
    ...(name === undefined ? {} : { name: checkText(name, 'name', { max: 250 }) }),
    ...(description === undefined ? {} : { description: text(description, 'description', 5_000) }),
    ...(unitLabel === undefined ? {} : { unit_label: text(unitLabel, 'unitLabel', 12) }),
    ...(url === undefined ? {} : { url: url === null ? '' : checkRedirectUrl(url, 'url') }),
    ...(metadata === undefined ? {} : { metadata: checkMetadata(metadata ?? {}, 'metadata') }),
  };
}
