import type Stripe from 'stripe';
import type { Stored } from '../objects.ts';
import type { AccountTransaction } from '../store/account-transaction.ts';
import { invalidRequest } from '../wire/api-error.ts';
import { mergeMetadata } from '../wire/metadata.ts';
import { operation } from '../wire/operation.ts';
import { boolean, page } from '../wire/parameter-kinds.ts';
import type { Every, Values } from '../wire/parameters.ts';
import { configurationCreateParameters, configurationUpdateParameters } from './configuration-parameters.ts';
import { type Features, newConfiguration, noFeatures } from './new-configuration.ts';

type Configuration = Stored<'billing_portal.configuration'>;

const listed = {
  ...page,
  active: boolean,
  is_default: boolean,
} satisfies Every<Stripe.BillingPortal.ConfigurationListParams>;

export const listConfigurations = operation(listed, (tx, { active, is_default, ...input }) =>
  tx.list('billing_portal.configuration', '/v1/billing_portal/configurations', input, { active, is_default }),
);

export const createConfiguration = operation(configurationCreateParameters, async (tx, input) => {
  const blank = { business_profile: noProfile, features: noFeatures, metadata: {} };
  return newConfiguration(tx, await configurationPatch(tx, blank, input));
});

export const updateConfiguration = operation(configurationUpdateParameters, async (tx, input, id) => {
  const configuration = await tx.get('billing_portal.configuration', id!, 'configuration');
  if (input.active === false && configuration.is_default) {
    throw invalidRequest('The default configuration cannot be deactivated.', 'active');
  }
  const patch = await configurationPatch(tx, configuration, input);
  const previous = tx.update(configuration, { ...patch, active: input.active, updated: tx.now });
  if (previous) tx.emit('billing_portal.configuration.updated', configuration, previous);
  return configuration;
});

const noProfile: Configuration['business_profile'] = {
  headline: null,
  privacy_policy_url: null,
  terms_of_service_url: null,
};

async function configurationPatch(
  tx: AccountTransaction,
  current: Pick<Configuration, 'business_profile' | 'features' | 'metadata'>,
  {
    business_profile,
    default_return_url,
    features,
    login_page,
    metadata,
    name,
  }: Values<typeof configurationUpdateParameters>,
): Promise<Partial<Configuration>> {
  const merged = mergeFeatures(current.features, features);
  await refuseUnknownPrices(tx, merged);
  return {
    business_profile: { ...current.business_profile, ...business_profile },
    default_return_url,
    features: merged,
    login_page: login_page && {
      enabled: login_page.enabled,
      url: login_page.enabled ? `${tx.publicUrl}/p/login` : null,
    },
    metadata: mergeMetadata(current.metadata, metadata),
    name,
  };
}

/** Each feature keeps what a request does not mention. */
function mergeFeatures(current: Features, given: object = {}): Features {
  const changes = given as Partial<Record<keyof Features, object>>;
  const names = Object.keys(current) as (keyof Features)[];
  return Object.fromEntries(names.map((name) => [name, { ...current[name], ...changes[name] }])) as unknown as Features;
}

async function refuseUnknownPrices(tx: AccountTransaction, { subscription_update: { products } }: Features) {
  for (const [index, { product, prices }] of (products ?? []).entries()) {
    const at = `features[subscription_update][products][${index}]`;
    await tx.refer('product', product, `${at}[product]`);
    for (const price of prices) {
      const { product: its } = await tx.refer('price', price, `${at}[prices]`);
      if (its !== product) throw invalidRequest(`The price ${price} does not belong to the product ${product}.`, at);
    }
  }
}
