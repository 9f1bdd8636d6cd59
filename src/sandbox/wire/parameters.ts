import { invalidRequest } from './api-error.ts';
import type { Form } from './form-body.ts';

/** Where a parameter stands (`items[0][price]`), and the API version of its request. */
export interface Place {
  name: string;
  version: string;
}

/** One parameter: reads its value from a form, or refuses in Stripe's words. Optional unless `required`. */
export interface Parameter<T> {
  read(form: Form, place: Place): T;
}
export interface RequiredParameter<T> extends Parameter<T> {
  required: true;
}

export type Shape = Record<string, Parameter<unknown>>;
export type Value<P> = P extends Parameter<infer T> ? T : never;
export type Values<S extends Shape> = {
  [K in keyof S as S[K] extends RequiredParameter<unknown> ? K : never]: Value<S[K]>;
} & { [K in keyof S as S[K] extends RequiredParameter<unknown> ? never : K]?: Value<S[K]> };

/** `satisfies Of<Stripe.CustomerCreateParams>`: only parameters that Stripe has. */
export type Of<Params> = { [K in keyof Params]?: Parameter<unknown> };

/** `satisfies Every<Stripe.CouponCreateParams>`: each parameter that Stripe has, honoured or refused by name, and no other. */
export type Every<Params> = { [K in keyof Omit<Params, 'expand'>]-?: Parameter<unknown> };

export function required<T>(parameter: Parameter<T>): RequiredParameter<T> {
  return { ...parameter, required: true };
}

/** A parameter that an empty string unsets: read as `null`. */
export function unsettable<T>(parameter: Parameter<T>): Parameter<T | null> {
  return { read: (form, place) => (form === '' ? null : parameter.read(form, place)) };
}

/** A parameter that Stripe removed in `version`. */
export function removedIn<T>(version: string, parameter: Parameter<T>): Parameter<T> {
  return {
    read(form, place) {
      if (place.version >= version) throw unknownParameter(place.name);
      return parameter.read(form, place);
    },
  };
}

/** Parameters that Stripe has and the sandbox does nothing with: refused, so that nobody counts on them. */
export function notModelled<const N extends string>(...names: N[]): Record<N, Parameter<undefined>> {
  const refuse: Parameter<undefined> = {
    read(_form, { name }) {
      throw invalidRequest(`The sandbox does not model the parameter ${name}. Remove it.`, name, 'parameter_unknown');
    },
  };
  return Object.fromEntries(names.map((name) => [name, refuse])) as Record<N, Parameter<undefined>>;
}

/** Several named parameters: a whole request, or a hash inside one. Names that are not in the shape are refused. */
export function hash<S extends Shape>(shape: S): Parameter<Values<S>> {
  return {
    read(form, place) {
      if (typeof form === 'string' || Array.isArray(form)) throw invalidRequest('Invalid object', place.name);
      const values: Record<string, unknown> = {};
      for (const name of Object.keys(form)) {
        const inside = { ...place, name: nested(place.name, name) };
        if (!Object.hasOwn(shape, name)) throw unknownParameter(inside.name);
        values[name] = shape[name]!.read(form[name]!, inside);
      }
      for (const [name, parameter] of Object.entries(shape)) {
        if ('required' in parameter && values[name] === undefined) throw missingParameter(nested(place.name, name));
      }
      return values as Values<S>;
    },
  };
}

/** A hash by names that the caller chooses, as far as `key` reads them. */
export function keyed<T>(key: Parameter<string>, value: Parameter<T>): Parameter<Record<string, T>> {
  return {
    read(form, place) {
      if (typeof form === 'string' || Array.isArray(form)) throw invalidRequest('Invalid object', place.name);
      return Object.fromEntries(
        Object.entries(form).map(([name, content]) => {
          const inside = { ...place, name: nested(place.name, name) };
          return [key.read(name, inside), value.read(content, inside)];
        }),
      );
    },
  };
}

export function list<T>(item: Parameter<T>, { max = 100 } = {}): Parameter<T[]> {
  return {
    read(form, place) {
      if (form === '') return [];
      const items = Array.isArray(form) ? form : typeof form === 'object' ? Object.values(form) : undefined;
      if (!items) throw invalidRequest('Invalid array', place.name);
      if (items.length > max) throw invalidRequest(`Array must have at most ${max} elements`, place.name);
      return items.map((form, index) => item.read(form, { ...place, name: nested(place.name, String(index)) }));
    },
  };
}

export function missingParameter(name: string) {
  return invalidRequest(`Missing required param: ${name}.`, name, 'parameter_missing');
}

function unknownParameter(name: string) {
  const message = `Received unknown parameter: ${name}. (Stripe has no such parameter here, or the sandbox does not support it.)`;
  return invalidRequest(message, name, 'parameter_unknown');
}

export function nested(outer: string, name: string): string {
  return outer ? `${outer}[${name}]` : name;
}
