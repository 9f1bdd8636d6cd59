/**
 * What a call names Stripe's parameters in its own input, where that is not Stripe's word in our spelling: `{ 'items[*][id]':
 * 'items.*.subscriptionItemId' }`. `*` stands for the place in a list; a key may name a place as well. Null: no field of the input says it.
 */
export type InputFields = Readonly<Record<string, string | null>>;

/** Stripe's words for objects, which our inputs name by id. `id` is the object in the address. */
const references: InputFields = {
  customer: 'customerId',
  id: null,
  invoice: 'invoiceId',
  payment_method: 'paymentMethodId',
  price: 'priceId',
  product: 'productId',
  subscription: 'subscriptionId',
};

type Named = { fields: InputFields; given: readonly string[] | null };

const named = new WeakMap<object, Named>();

/**
 * Keeps with a failure of Stripe's how the call that met it names Stripe's parameters.
 * @param given what the call's input says; null where that is not known.
 */
export function nameFields<Failure>(
  failure: Failure,
  fields: InputFields | undefined,
  given: readonly string[] | null = null,
): Failure {
  if (typeof failure === 'object' && failure !== null) named.set(failure, { fields: fields ?? {}, given });
  return failure;
}

/** Whether the input of the call that met the failure may have this field. */
export const isGiven = (failure: object, field: string): boolean => named.get(failure)?.given?.includes(field) ?? true;

/** The field of our input that a failure is about: `items[0][price]` is `items.0.priceId` unless the call names it otherwise. */
export function inputFieldOf(failure: { param?: string }): string | undefined {
  const { param } = failure;
  if (!param) return undefined;
  const places: string[] = [];
  const pattern = param.replace(/\[(\d+)\]/g, (_, place) => {
    places.push(place);
    return '[*]';
  });
  const names = named.get(failure)?.fields;
  const own = names?.[param] !== undefined ? names[param] : names?.[pattern];
  if (own !== undefined) return own?.replace(/\*/g, () => places.shift() ?? '*');
  const words = param.split(/[[\]]+/).filter(Boolean);
  const last = words.pop()!;
  const reference = references[last];
  if (reference === null) return undefined;
  return [...words.map(camelCase), reference ?? camelCase(last)].join('.');
}

const camelCase = (word: string) => word.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
