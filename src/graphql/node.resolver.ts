import type { GraphQLResolveInfo } from 'graphql';
import { Arg, type ClassType, Ctx, ID, Info, Query, Resolver } from 'type-graphql';
import { ExchangeRate } from '../analytics/exchange-rates/exchange-rate.entity.ts';
import { Price } from '../billing/catalog/price.entity.ts';
import { Product } from '../billing/catalog/product.entity.ts';
import { CheckoutSession } from '../billing/checkout/checkout-session.entity.ts';
import { Customer } from '../billing/customers/customer.entity.ts';
import { Invoice } from '../billing/invoices/invoice.entity.ts';
import { InvoiceLine } from '../billing/invoices/invoice-line.entity.ts';
import { PaymentMethod } from '../billing/payment-methods/payment-method.entity.ts';
import { Charge } from '../billing/payments/charge.entity.ts';
import { Dispute } from '../billing/payments/dispute.entity.ts';
import { Payment } from '../billing/payments/payment.entity.ts';
import { Subscription } from '../billing/subscriptions/subscription.entity.ts';
import { SubscriptionItem } from '../billing/subscriptions/subscription-item.entity.ts';
import { TaxId } from '../billing/tax-ids/tax-id.entity.ts';
import { Feature } from '../entitlements/features/feature.entity.ts';
import { ProductFeature } from '../entitlements/features/product-feature.entity.ts';
import { FeatureGrant } from '../entitlements/grants/feature-grant.entity.ts';
import { forbidden } from '../errors.ts';
import { missingScopes, type Scope } from '../identity/access/scopes.ts';
import { type IdPrefix, isId } from '../ids.ts';
import { ReferralCode } from '../referrals/codes/referral-code.entity.ts';
import { LedgerEntry } from '../referrals/ledger/ledger-entry.entity.ts';
import { Referral } from '../referrals/life/referral.entity.ts';
import { ReferralPayout } from '../referrals/payouts/referral-payout.entity.ts';
import { ReferralReward } from '../referrals/rewards/referral-reward.entity.ts';
import { UsageEvent } from '../usage/events/usage-event.entity.ts';
import { Meter } from '../usage/meters/meter.entity.ts';
import { UsageReservation } from '../usage/reservations/usage-reservation.entity.ts';
import type { GuardedContext } from './graph-context.ts';
import { NodeType } from './node.type.ts';
import { Authenticated } from './requires-scopes.ts';

type Noun = { entity: ClassType; alternatives: Scope[][] };

/** Every published noun by the prefix of its ids, with the scopes of the field that answers it otherwise. */
export const nouns: Partial<Record<IdPrefix, Noun>> = {
  pc: { entity: Customer, alternatives: [['customers:read']] },
  pp: { entity: Product, alternatives: [['products:read']] },
  pri: { entity: Price, alternatives: [['products:read']] },
  ps: { entity: Subscription, alternatives: [['subscriptions:read']] },
  psi: { entity: SubscriptionItem, alternatives: [['subscriptions:read']] },
  pcs: { entity: CheckoutSession, alternatives: [['checkout:read'], ['checkout:write']] },
  inv: { entity: Invoice, alternatives: [['invoices:read']] },
  il: { entity: InvoiceLine, alternatives: [['invoices:read']] },
  pay: { entity: Payment, alternatives: [['payments:read']] },
  pch: { entity: Charge, alternatives: [['payments:read']] },
  pdi: { entity: Dispute, alternatives: [['payments:read']] },
  ptx: { entity: TaxId, alternatives: [['customers:read']] },
  met: { entity: Meter, alternatives: [['meters:read']] },
  ue: { entity: UsageEvent, alternatives: [['usage:read']] },
  fea: { entity: Feature, alternatives: [['features:read'], ['entitlements:read']] },
  pfe: { entity: ProductFeature, alternatives: [['features:read'], ['entitlements:read']] },
  fgr: { entity: FeatureGrant, alternatives: [['features:read']] },
  fxr: { entity: ExchangeRate, alternatives: [['analytics:read']] },
  rsv: { entity: UsageReservation, alternatives: [['usage:read']] },
  rco: { entity: ReferralCode, alternatives: [['referrals:read']] },
  ref: { entity: Referral, alternatives: [['referrals:read']] },
  rew: { entity: ReferralReward, alternatives: [['referrals:read']] },
  led: { entity: LedgerEntry, alternatives: [['referrals:read']] },
  rpo: { entity: ReferralPayout, alternatives: [['referrals:read']] },
  ppm: { entity: PaymentMethod, alternatives: [['payment_methods:read']] },
};

@Resolver()
export class NodeResolver {
  @Query(() => NodeType, {
    nullable: true,
    description:
      "Whatever has this id: the prefix says what it is, and needs the scope of that noun (`FORBIDDEN`). Null where there is none, or the id is no id. A customer token finds what is its own customer's, and the catalog.",
  })
  @Authenticated()
  node(
    @Arg('id', () => ID, { description: 'Our id: `pc_…`, `inv_…`.' }) id: string,
    @Ctx() { read, principal }: GuardedContext,
    @Info() info: GraphQLResolveInfo,
  ) {
    const prefix = id.slice(0, id.indexOf('_')) as IdPrefix;
    const noun = Object.hasOwn(nouns, prefix) && isId(prefix, id) ? nouns[prefix] : undefined;
    if (!noun) return null;
    const missing = missingScopes(noun.alternatives, principal.scopes);
    if (missing.length)
      throw forbidden(`An id that begins with ${prefix}_ needs the scope ${missing.join(', ')}.`, {
        requiredScopes: noun.alternatives,
        missingScopes: missing,
      });
    return read.one(noun.entity, { id }, info);
  }
}
