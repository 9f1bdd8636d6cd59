import { checkText } from '../../check-input.ts';
import { badInput } from '../../errors.ts';

const keyForm = /^[a-z][a-z0-9_]{0,79}$/;

/** @throws Refusal BAD_USER_INPUT. */
export function checkKey(key: string): string {
  if (!keyForm.test(key) || key.startsWith('fea_'))
    throw badInput(
      'A key begins with a letter, and has lower case letters, digits and underscores: at most 80 characters, such as custom_domains. It does not begin with fea_.',
      'key',
    );
  return key;
}

const mostOptions = 50;

/** @throws Refusal BAD_USER_INPUT for no option or more than 50, for one that is empty or too long, and for one that is there twice. */
export function checkOptions(options: readonly string[]): string[] {
  if (!options.length || options.length > mostOptions)
    throw badInput(`Give 1 to ${mostOptions} options, from least to most.`, 'options');
  const checked = options.map((option, index) => checkText(option, `options.${index}`, { max: 80 }));
  const twice = checked.findIndex((option, index) => checked.indexOf(option) !== index);
  if (twice >= 0) throw badInput('This option is there twice.', `options.${twice}`);
  return checked;
}

/** What a caller says of a feature's value. What is undefined or null was not said. */
export type GivenValue = {
  limit?: string | null;
  unlimited?: boolean | null;
  option?: string | null;
};

export type FeatureValue = { limitValue: string | null; option: string | null };

type Kind = { type: 'BOOLEAN' | 'LIMIT' | 'ENUMERATED'; options: readonly string[] };

/**
 * The value, as it fits the feature: nothing for BOOLEAN, a limit or none for LIMIT, one of its options for ENUMERATED.
 * @throws Refusal BAD_USER_INPUT with the field that does not fit, or is missing.
 */
export function checkValue({ type, options }: Kind, { limit, unlimited, option }: GivenValue): FeatureValue {
  if (type !== 'LIMIT' && limit != null) throw badInput(`A feature of the type ${type} has no limit.`, 'limit');
  if (type !== 'LIMIT' && unlimited) throw badInput(`A feature of the type ${type} has no limit.`, 'unlimited');
  if (type !== 'ENUMERATED' && option != null)
    throw badInput(`A feature of the type ${type} has no options.`, 'option');
  if (type === 'ENUMERATED') {
    if (option == null || !options.includes(option))
      throw badInput(`Give one of the options of the feature: ${options.join(', ')}.`, 'option');
    return { limitValue: null, option };
  }
  if (type === 'BOOLEAN') return { limitValue: null, option: null };
  if (unlimited && limit != null) throw badInput('Give a limit, or say that there is none, not both.', 'unlimited');
  if (!unlimited && limit == null) throw badInput('Give a limit, or say `unlimited: true`.', 'limit');
  return { limitValue: limit == null ? null : checkLimit(limit), option: null };
}

/** @returns the decimal without zeros that say nothing: equal limits are equal texts. */
function checkLimit(limit: string): string {
  const [, whole, fraction = ''] = limit.match(/^(\d{1,15})(?:\.(\d{1,12}))?$/) ?? [];
  if (whole === undefined)
    throw badInput('A limit is a decimal of 0 or more, with at most 15 digits and 12 decimals: "100", "0.5".', 'limit');
  const decimals = fraction.replace(/0+$/, '');
  return `${BigInt(whole)}${decimals && `.${decimals}`}`;
}
