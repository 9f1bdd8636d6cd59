import type { AccountTransaction } from '../store/account-transaction.ts';
import { texts } from './parameter-kinds.ts';
import { hash, type Parameter, type Shape, type Values } from './parameters.ts';

/** One thing the API can do: the parameters it takes, and how. `ids` are those in the address, from left to right. */
export interface Operation {
  parameters: Parameter<{ expand?: string[] }>;
  run(tx: AccountTransaction, input: never, ...ids: string[]): Promise<object>;
}

/** Declares an operation; every one takes `expand` besides its own parameters. */
export function operation<S extends Shape>(
  shape: S,
  run: (tx: AccountTransaction, input: Values<S>, ...ids: string[]) => Promise<object>,
): Operation {
  return { parameters: hash({ ...shape, expand: texts }) as Operation['parameters'], run };
}

export type Method = 'GET' | 'POST' | 'DELETE';
export type Route = readonly [Method, path: string, Operation];
