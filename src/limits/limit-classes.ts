/** So many points in so many seconds. The window begins with the first request after the one before has ended. */
type Limit = { points: number; seconds: number };

const hour = 3_600;

/** What is counted together, with its default. Configuration changes the points; teams and keys may have their own. */
export const limitClasses = {
  /** Of a key: `customerState`, `customer`, `subscription`, `hasAccess` and `usage`, which every page of an application may ask. */
  STATE: { points: 1_000, seconds: 1 },
  /** Of a key: `customers`. */
  CUSTOMER_QUERIES: { points: 5_000, seconds: hour },
  /** Of a key: `createCustomer`, `upsertCustomer` and `linkStripeCustomer`. */
  CUSTOMER_CREATES: { points: 1_000, seconds: hour },
  /** Of a key: `reportUsage`, a point for each event; `reserveUsage`, `commitUsage` and `releaseUsage`. */
  USAGE: { points: 10_000, seconds: 1 },
  /** Of a key: `analytics`, `mrrMovements`, `mrrContributors`, `analyticsHistory` and `recomputeAnalytics`, which sum up all that a project has. */
  ANALYTICS: { points: 120, seconds: 60 },
  /** Of a key: every other query, and what is no question at all. */
  READS: { points: 200, seconds: 1 },
  /** Of a key: every other mutation, and `upcomingInvoice` and `previewSubscriptionChange`, which ask Stripe too. Stripe itself allows 100 requests a second. */
  WRITES: { points: 50, seconds: 1 },
  /** Of a customer, whatever his tokens ask. */
  CUSTOMERS: { points: 100, seconds: 60 },
  /** Of an operator: so that none spends what all have together. */
  OPERATOR: { points: 500, seconds: hour },
  /** Of a team, whatever its operators ask. Owners go on when it is spent, by their own. */
  OPERATORS: { points: 1_000, seconds: hour },
  /** Of an IP address: requests, with a credential or without. */
  ADDRESSES: { points: 2_000, seconds: 1 },
  /** Of an IP address: credentials that do not hold. */
  FAILURES: { points: 100, seconds: 60 },
} as const satisfies Record<string, Limit>;

export type LimitClass = keyof typeof limitClasses;

/** The points of each class. */
export type Limits = Readonly<Record<LimitClass, number>>;

/** The classes that a team or a key may have limits of its own for. */
export const ownLimitClasses = [
  'STATE',
  'CUSTOMER_QUERIES',
  'CUSTOMER_CREATES',
  'USAGE',
  'ANALYTICS',
  'READS',
  'WRITES',
  'CUSTOMERS',
  'OPERATOR',
  'OPERATORS',
] as const satisfies LimitClass[];
export type OwnLimitClass = (typeof ownLimitClasses)[number];
export type OwnLimits = { [Class in OwnLimitClass]?: number };
/** By class; null for the limit of the team, or that of the server. Classes that are not named stay as they are. */
export type LimitChanges = { [Class in keyof OwnLimits]?: number | null };

export const mostPoints = 1_000_000_000;

/** The points of every class, where `changed` has none by default. */
export function limitsWith(changed: { [Class in LimitClass]?: number } = {}): Limits {
  const defaults = Object.entries(limitClasses).map(([name, { points }]) => [name, points]);
  return { ...(Object.fromEntries(defaults) as Record<LimitClass, number>), ...changed };
}

/** The root fields that have a class of their own. */
export const classOfRootField: Readonly<Record<string, LimitClass>> = {
  'query customer': 'STATE',
  'query customerState': 'STATE',
  'query hasAccess': 'STATE',
  'query subscription': 'STATE',
  'subscription customerStateChanged': 'STATE',
  'query usage': 'STATE',
  'query customers': 'CUSTOMER_QUERIES',
  'query previewSubscriptionChange': 'WRITES',
  'query upcomingInvoice': 'WRITES',
  'mutation createCustomer': 'CUSTOMER_CREATES',
  'mutation upsertCustomer': 'CUSTOMER_CREATES',
  'mutation linkStripeCustomer': 'CUSTOMER_CREATES',
  'mutation reportUsage': 'USAGE',
  'mutation reserveUsage': 'USAGE',
  'mutation commitUsage': 'USAGE',
  'mutation releaseUsage': 'USAGE',
  'query analytics': 'ANALYTICS',
  'query mrrMovements': 'ANALYTICS',
  'query mrrContributors': 'ANALYTICS',
  'query analyticsHistory': 'ANALYTICS',
  'mutation recomputeAnalytics': 'ANALYTICS',
};

/** Of root fields that are weighed by what they are given: the list in their input of which each one is a point. */
export const weighedList: Readonly<Record<string, string>> = { 'mutation reportUsage': 'events' };

/** What a root field is counted as, where a key asks. */
export const limitClassOf = (operation: string, field: string): LimitClass =>
  classOfRootField[`${operation} ${field}`] ?? (operation === 'mutation' ? 'WRITES' : 'READS');

/** What an operation costs: points by class. */
export type Costs = ReadonlyMap<LimitClass, number>;

/** What a request costs that has no operation: its document does not parse, or does not fit the schema. */
export const costOfNothing: Costs = new Map([['READS', 1]]);

/** A point for each so many objects that a field may answer. */
const objectsOfOnePoint = 500;

export const pointsOf = (objects: number) => Math.max(1, Math.ceil(objects / objectsOfOnePoint));
