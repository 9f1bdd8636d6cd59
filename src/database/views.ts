import { entitlementView, featureAccessView } from '../entitlements/current/entitlement-view.ts';

/**
 * Every view by its name, in an order in which they can be made. Migrations make them, with `security_invoker`: whoever asks a view is under the
 * policies of the tables beneath. MikroORM leaves them alone, since PostgreSQL tells their text in its own words.
 */
export const views: Readonly<Record<string, string>> = {
  entitlement: entitlementView,
  feature_access: featureAccessView,
};
