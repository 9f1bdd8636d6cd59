import { v7 } from 'uuid';

/** Every kind of row that has an id of ours, by its prefix. */
export type IdPrefix =
  | 'team'
  | 'prj'
  | 'conn'
  | 'key'
  | 'sig'
  | 'op' // operator
  | 'opses' // operator's session
  | 'opacc' // operator's account
  | 'opver' // better-auth's verification
  | 'oprl' // better-auth's rate limit
  | 'mem' // member of a team
  | 'invite'
  | 'pc' // customer
  | 'ptx' // tax id of a customer
  | 'pp' // product
  | 'pri' // price
  | 'plan'
  | 'ps' // subscription
  | 'psi' // subscription item
  | 'psc' // pending change of a subscription
  | 'pcs' // checkout session
  | 'pos' // portal session
  | 'pay' // payment
  | 'pch' // charge
  | 'pdi' // dispute
  | 'ppm' // payment method
  | 'psu' // setup intent
  | 'pes' // entitlements of a customer
  | 'pae' // active entitlement
  | 'fea' // feature
  | 'pfe' // feature of a product
  | 'fgr' // grant or override of a feature
  | 'mer' // error report of a meter
  | 'ufw' // what Stripe is told of a usage event
  | 'met' // meter
  | 'ue' // usage event
  | 'rmv' // movement of revenue
  | 'inv' // invoice
  | 'il' // line of an invoice
  | 'ipy' // link of an invoice to a payment
  | 'fxr' // exchange rate
  | 'rsv' // reservation of usage
  | 'rco' // referral code
  | 'ref' // referral
  | 'rew' // reward of a referral
  | 'be' // billing event
  | 'oep' // outgoing endpoint
  | 'msg' // outgoing message
  | 'odl' // outgoing delivery
  | 'led' // entry of the ledger of referral credit
  | 'ltx' // transaction of it
  | 'rpo' // what Stripe does to a customer's balance for a reward
  | 'mut' // operation: an execution of a mutation
  | 'aud' // entry of the audit log
  | 'bf' // backfill
  | 'bff' // failure of a backfill
  | 'drift'; // finding of the reconciler

const digits = (uuid: bigint) => uuid.toString(32).padStart(26, '0');

/** A new id such as `pc_06bq…`: the prefix and a UUIDv7 in 26 base-32 digits, so that ids sort by the time they were made. */
export function newId(prefix: IdPrefix): string {
  return `${prefix}_${digits(BigInt(`0x${v7().replaceAll('-', '')}`))}`;
}

/** What the id of every row that is made from this time on comes after. */
export const leastId = (prefix: IdPrefix, from: Date) => `${prefix}_${digits(BigInt(from.getTime()) << 80n)}`;

/** Whether a text can be the id of such a row. What cannot is asked of nobody: PostgreSQL breaks on U+0000. */
export const isId = (prefix: IdPrefix, text: string) => new RegExp(`^${prefix}_[0-9a-v]{26}$`).test(text);
