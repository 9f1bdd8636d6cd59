import { describe, expect, it } from 'vitest';
import { addMovements, type Worth } from '../../src/analytics/rules/add-movements.ts';
import type { BilledItem, BilledPrice, BilledSubscription } from '../../src/analytics/rules/billed-subscription.ts';
import { fraction, textOf } from '../../src/analytics/rules/fraction.ts';
import { monthlyRevenue, worthOfItems } from '../../src/analytics/rules/monthly-revenue.ts';
import { shownLife } from '../../src/analytics/rules/shown-life.ts';
import { worthsAfter } from '../../src/analytics/rules/worths.ts';
import type { MirroredDiscount } from '../../src/billing/discounts/discount.ts';

const now = new Date('2026-06-01T00:00:00Z');
const day = (text: string) => new Date(`${text}T00:00:00Z`);

const price = (given: Partial<BilledPrice> = {}): BilledPrice => ({
  type: 'RECURRING',
  currency: 'USD',
  unitAmountDecimal: '1000',
  recurringInterval: 'MONTH',
  recurringIntervalCount: 1,
  usageType: 'LICENSED',
  tiersMode: null,
  tiers: null,
  transformQuantity: null,
  currencyOptions: [],
  stripeProductId: 'prod_a',
  ...given,
});

const item = (given: Partial<BilledPrice> = {}, quantity: number | null = 1, discounts: MirroredDiscount[] = []) =>
  ({ price: price(given), quantity, discounts }) satisfies BilledItem;

const subscription = (items: BilledItem[], given: Partial<BilledSubscription> = {}): BilledSubscription => ({
  status: 'ACTIVE',
  isPaused: false,
  currency: 'USD',
  items,
  discounts: [],
  customerDiscount: null,
  ...given,
});

let discounts = 0;
const discount = (given: Partial<MirroredDiscount>): MirroredDiscount => ({
  id: `di_${discounts++}`,
  couponId: 'coupon',
  promotionCodeId: null,
  name: null,
  percentOff: null,
  amountsOff: [],
  duration: 'FOREVER',
  productIds: null,
  start: '2026-01-01T00:00:00.000Z',
  end: null,
  ...given,
});
const usd = (amount: number) => [{ currency: 'USD', amount }];

const mrr = (of: BilledSubscription, at = now) => textOf(monthlyRevenue(of, at).mrr);

describe('the revenue of a month', () => {
  it.each([
    ['10.00 a month', item(), '1000'],
    ['10.00 every 3 months', item({ recurringIntervalCount: 3 }), '1000/3'],
    ['10.00 a year', item({ recurringInterval: 'YEAR' }), '250/3'],
    ['10.00 every 2 years', item({ recurringInterval: 'YEAR', recurringIntervalCount: 2 }), '125/3'],
    ['10.00 a week', item({ recurringInterval: 'WEEK' }), '13000/3'],
    ['10.00 every 2 weeks', item({ recurringInterval: 'WEEK', recurringIntervalCount: 2 }), '6500/3'],
    ['10.00 a day', item({ recurringInterval: 'DAY' }), '91250/3'],
    ['10.00 every 10 days', item({ recurringInterval: 'DAY', recurringIntervalCount: 10 }), '9125/3'],
    ['7 of them', item({}, 7), '7000'],
    ['0.5 minor units for each of 3', item({ unitAmountDecimal: '0.5' }, 3), '3/2'],
    ['metered', item({ usageType: 'METERED' }, null), '0'],
    ['charged once', item({ type: 'ONE_TIME', recurringInterval: null, usageType: null }), '0'],
    ['in packages of 10, rounded up', item({ transformQuantity: { divideBy: 10, round: 'UP' } }, 11), '2000'],
    ['in packages of 10, rounded down', item({ transformQuantity: { divideBy: 10, round: 'DOWN' } }, 19), '1000'],
  ])('%s', (_, one, expected) => {
    expect(mrr(subscription([one]))).toBe(expected);
  });

  const tiers = [
    { upTo: 5, unitAmountDecimal: '100', flatAmountDecimal: '500' },
    { upTo: 10, unitAmountDecimal: '50', flatAmountDecimal: null },
    { upTo: null, unitAmountDecimal: '25.5', flatAmountDecimal: '200' },
  ];
  it.each([
    ['GRADUATED', 0, '500'],
    ['GRADUATED', 5, '1000'],
    ['GRADUATED', 8, '1150'],
    ['GRADUATED', 12, '1501'],
    ['VOLUME', 5, '1000'],
    ['VOLUME', 8, '400'],
    ['VOLUME', 12, '506'],
  ] as const)('%s tiers, %i units', (tiersMode, quantity, expected) => {
    expect(mrr(subscription([item({ tiersMode, tiers, unitAmountDecimal: null }, quantity)]))).toBe(expected);
  });

  it('is in the currency of the subscription, by the price of that currency', () => {
    const currencyOptions = [{ currency: 'EUR', unitAmountDecimal: '900', tiers: null }];
    expect(mrr(subscription([item({ currencyOptions }, 2)], { currency: 'EUR' }))).toBe('1800');
    expect(mrr(subscription([item({ currencyOptions }, 2)], { currency: 'GBP' }))).toBe('0');
  });

  it('adds several items, each by its own interval', () => {
    expect(mrr(subscription([item(), item({ recurringInterval: 'YEAR' })]))).toBe('3250/3');
  });

  it.each([
    ['ACTIVE', false, ['1000', '0']],
    ['PAST_DUE', false, ['1000', '0']],
    ['TRIALING', false, ['0', '1000']],
    ['ACTIVE', true, ['0', '0']],
    ['TRIALING', true, ['0', '0']],
    ...['PAUSED', 'UNPAID', 'INCOMPLETE', 'INCOMPLETE_EXPIRED', 'CANCELED', 'UNKNOWN'].map(
      (status) => [status, false, ['0', '0']] as const,
    ),
  ] as const)('%s, collection paused: %s', (status, isPaused, expected) => {
    const revenue = monthlyRevenue(subscription([item()], { status: status as 'ACTIVE', isPaused }), now);
    expect([textOf(revenue.mrr), textOf(revenue.trialMrr)]).toEqual(expected);
  });
});

describe('discounts', () => {
  const third = discount({ percentOff: '33.33' });
  it.each([
    ['a share', { discounts: [discount({ percentOff: '25' })] }, '1500'],
    ['a share with decimals', { discounts: [third] }, '6667/5'],
    ['an amount', { discounts: [discount({ amountsOff: usd(300) })] }, '1700'],
    ['an amount above the price', { discounts: [discount({ amountsOff: usd(5000) })] }, '0'],
    [
      'an amount in another currency',
      { discounts: [discount({ amountsOff: [{ currency: 'EUR', amount: 300 }] })] },
      '2000',
    ],
    [
      'a share, then an amount',
      { discounts: [discount({ percentOff: '50' }), discount({ amountsOff: usd(300) })] },
      '700',
    ],
    [
      'an amount, then a share',
      { discounts: [discount({ amountsOff: usd(300) }), discount({ percentOff: '50' })] },
      '850',
    ],
    ['for one product', { discounts: [discount({ percentOff: '50', productIds: ['prod_b'] })] }, '1500'],
    ['for no product of it', { discounts: [discount({ percentOff: '50', productIds: ['prod_c'] })] }, '2000'],
    ['good once', { discounts: [discount({ percentOff: '50', duration: 'ONCE' })] }, '2000'],
    ["the customer's", { customerDiscount: discount({ percentOff: '10' }) }, '1800'],
    [
      "the customer's beside one of its own",
      { customerDiscount: discount({ percentOff: '10' }), discounts: [discount({ percentOff: '50' })] },
      '1000',
    ],
    [
      "the customer's beside one that is good once",
      {
        customerDiscount: discount({ percentOff: '10' }),
        discounts: [discount({ percentOff: '50', duration: 'ONCE' })],
      },
      '1800',
    ],
  ])('%s', (_, given, expected) => {
    expect(mrr(subscription([item(), item({ stripeProductId: 'prod_b' })], given))).toBe(expected);
  });

  it("takes an item's own off first", () => {
    const own = item({}, 1, [discount({ amountsOff: usd(200) })]);
    const given = { discounts: [discount({ percentOff: '50' })] };
    expect(worthOfItems(subscription([own, item()], given), now).map(textOf)).toEqual(['400', '500']);
  });

  it('spreads an amount in proportion to what is left of each item', () => {
    const half = discount({ percentOff: '50', productIds: ['prod_b'] });
    const items = [item({ unitAmountDecimal: '3000' }), item({ stripeProductId: 'prod_b' })];
    const of = subscription(items, { discounts: [discount({ amountsOff: usd(400) }), half] });
    expect(worthOfItems(of, now).map(textOf)).toEqual(['2700', '450']);
  });

  it('takes an amount off each invoice: of the items that are billed most often, by their interval', () => {
    const yearly = { recurringInterval: 'YEAR', unitAmountDecimal: '12000' } as const;
    const off = { discounts: [discount({ amountsOff: usd(600) })] };
    expect(mrr(subscription([item(yearly)], off))).toBe('950');
    expect(mrr(subscription([item(yearly), item()], off))).toBe('1400');
  });

  it('ends with the instant that it names, and is told before', () => {
    const end = '2026-07-01T00:00:00.000Z';
    const of = subscription([item()], { discounts: [discount({ percentOff: '50', duration: 'REPEATING', end })] });
    expect(mrr(of)).toBe('500');
    expect(mrr(of, new Date(end))).toBe('1000');
    expect(worthsAfter(of, now).map(({ at, mrr }) => [at.toISOString(), textOf(mrr)])).toEqual([[end, '1000']]);
    expect(worthsAfter(of, new Date(end))).toEqual([]);
  });

  it("lets the customer's count when the subscription's own has ended", () => {
    const own = discount({ percentOff: '50', duration: 'REPEATING', end: '2026-07-01T00:00:00.000Z' });
    const of = subscription([item()], { discounts: [own], customerDiscount: discount({ percentOff: '10' }) });
    expect(worthsAfter(of, now).map(({ mrr }) => textOf(mrr))).toEqual(['900']);
  });
});

describe('movements', () => {
  const worth = (at: string, mrr: number | string, given: Partial<Worth> = {}): Worth => ({
    at: day(at),
    status: 'ACTIVE',
    currency: 'USD',
    mrr: fraction(mrr),
    trialMrr: fraction(0),
    ...given,
  });
  const told = (worths: Worth[]) =>
    addMovements(null, worths).movements.map(({ type, currency, change, occurredAt }) => [
      type,
      currency,
      textOf(change),
      occurredAt.toISOString().slice(0, 10),
    ]);

  it('are new, grow, shrink, go and come back', () => {
    const life = [
      worth('2026-01-01', 1000),
      worth('2026-01-15', 1000),
      worth('2026-02-01', '2500/3'),
      worth('2026-03-01', 2000),
      worth('2026-04-01', 0, { status: 'CANCELED' }),
      worth('2026-05-01', 500),
    ];
    expect(told(life)).toEqual([
      ['NEW', 'USD', '1000', '2026-01-01'],
      ['CONTRACTION', 'USD', '-500/3', '2026-02-01'],
      ['EXPANSION', 'USD', '3500/3', '2026-03-01'],
      ['CHURN', 'USD', '-2000', '2026-04-01'],
      ['REACTIVATION', 'USD', '500', '2026-05-01'],
    ]);
  });

  it('of a trial have no type, until it is over', () => {
    const life = [
      worth('2026-01-01', 0, { status: 'TRIALING', trialMrr: fraction(700) }),
      worth('2026-01-15', 700),
      worth('2026-02-01', 700, { status: 'PAST_DUE' }),
    ];
    expect(told(life)).toEqual([
      [null, 'USD', '0', '2026-01-01'],
      ['NEW', 'USD', '700', '2026-01-15'],
      [null, 'USD', '0', '2026-02-01'],
    ]);
  });

  it('end in one currency and begin in the other', () => {
    expect(told([worth('2026-01-01', 1000), worth('2026-02-01', 900, { currency: 'EUR' })])).toEqual([
      ['NEW', 'USD', '1000', '2026-01-01'],
      ['CHURN', 'USD', '-1000', '2026-02-01'],
      ['NEW', 'EUR', '900', '2026-02-01'],
    ]);
  });

  it('never occur before the one before', () => {
    expect(told([worth('2026-02-01', 1000), worth('2026-01-01', 500)])).toEqual([
      ['NEW', 'USD', '1000', '2026-02-01'],
      ['CONTRACTION', 'USD', '-500', '2026-02-01'],
    ]);
  });

  it('of a life that is seen late begin with it, and end with it', () => {
    const life = {
      createdAt: day('2024-01-01'),
      trialStart: day('2024-01-01'),
      trialEnd: day('2024-01-15'),
      canceledAt: day('2025-03-01'),
      endedAt: day('2025-04-01'),
    };
    const half = discount({ percentOff: '50', duration: 'REPEATING', end: '2024-07-01T00:00:00.000Z' });
    const canceled = subscription([item()], { status: 'CANCELED', discounts: [half] });
    expect(told(shownLife(canceled, life, now))).toEqual([
      [null, 'USD', '0', '2024-01-01'],
      ['NEW', 'USD', '500', '2024-01-15'],
      ['EXPANSION', 'USD', '500', '2024-07-01'],
      ['CHURN', 'USD', '-1000', '2025-04-01'],
    ]);
    const inTrial = { ...life, endedAt: day('2024-01-10') };
    expect(told(shownLife(canceled, inTrial, now))).toEqual([
      [null, 'USD', '0', '2024-01-01'],
      [null, 'USD', '0', '2024-01-10'],
    ]);
  });

  it.each([
    ['UNPAID', false, ['NEW', 'CHURN']],
    ['ACTIVE', true, ['NEW', 'CHURN']],
    ['PAST_DUE', false, ['NEW']],
    ['INCOMPLETE', false, [null]],
    ['INCOMPLETE_EXPIRED', false, [null, null]],
  ] as const)('of one that is %s when it is first seen, paused: %s', (status, isPaused, types) => {
    const life = { createdAt: day('2024-01-01'), trialStart: null, trialEnd: null, canceledAt: null, endedAt: null };
    const worths = shownLife(subscription([item()], { status, isPaused }), life, now);
    expect(addMovements(null, worths).movements.map(({ type }) => type)).toEqual(types);
  });
});
