import { newId } from '../ids.ts';
import type { Stored } from '../objects.ts';
import type { AccountTransaction } from '../store/account-transaction.ts';
import { mergeMetadata } from '../wire/metadata.ts';
import type { Values } from '../wire/parameters.ts';
import type { productCreateParameters } from './product-parameters.ts';

/** Adds a product; the caller says so by `product.created`. */
export function newProduct(
  tx: AccountTransaction,
  input: Partial<Values<typeof productCreateParameters>> & { name: string },
): Stored<'product'> {
  return tx.add<Stored<'product'>>({
    id: input.id ?? newId('prod_', 14),
    object: 'product',
    active: input.active ?? true,
    created: tx.now,
    default_price: null,
    description: input.description ?? null,
    images: input.images ?? [],
    livemode: false,
    marketing_features: input.marketing_features ?? [],
    metadata: mergeMetadata({}, input.metadata),
    name: input.name,
    package_dimensions: null,
    shippable: input.shippable ?? null,
    statement_descriptor: input.statement_descriptor ?? null,
    tax_code: input.tax_code ?? null,
    tax_details: null,
    type: input.type ?? 'service',
    unit_label: input.unit_label ?? null,
    updated: tx.now,
    url: input.url ?? null,
  });
}
