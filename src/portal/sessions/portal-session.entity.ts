import { defineEntity, p } from '@mikro-orm/core';
import { Customer } from '../../billing/customers/customer.entity.ts';
import { Subscription } from '../../billing/subscriptions/subscription.entity.ts';
import { createdAt, instant } from '../../database/columns.ts';
import { rowsOfCustomers } from '../../tenancy/teams/policies.ts';
import { tenant } from '../../tenancy/teams/tenant-columns.ts';

export const portalFlows = ['CANCEL', 'UPDATE_PAYMENT_METHOD', 'CHANGE_PLAN'] as const;
export type PortalFlow = (typeof portalFlows)[number];

/**
 * Whoever opens the link first may use our own portal as the customer, until `expiresAt`. The link's token, and the secret of the
 * browser's cookie, which nobody can tell from it, are kept as hashes.
 */
const schema = defineEntity({
  name: 'PortalSession',
  policies: rowsOfCustomers(),
  indexes: [{ properties: ['expiresAt'] }],
  properties: {
    id: p.text().primary(),
    ...tenant,
    customer: () => p.manyToOne(Customer),
    returnUrl: p.text(),
    /** Null: it opens on the first page. */
    flow: p.enum(portalFlows).columnType('text').nullable(),
    /** What the flow is about. */
    subscription: () => p.manyToOne(Subscription).nullable(),
    tokenHash: p.text().unique(),
    /** One for each time the link was opened: a double click opens it twice. */
    secretHashes: p.array().default([]),
    /** When the link was opened first. Null: it was not yet. */
    openedAt: instant().nullable(),
    /** SHA-256 of who opened it: see openPortalSession. */
    openedBy: p.text().nullable(),
    /** The API key that asked for it, or minted the token that did: with the key it ends. Null where there is none. */
    apiKeyId: p.text().nullable(),
    expiresAt: instant(),
    createdAt: createdAt(),
  },
});

export class PortalSession extends schema.class {}
schema.setClass(PortalSession);
