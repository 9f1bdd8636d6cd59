import type { Aggregation } from '../meters/aggregation.ts';
import type { UsageRejection } from './usage-answer.ts';

/** Something that a customer used, as a caller tells it. */
export type ReportedUsage = {
  /** Our id of the meter, or its event name. */
  meter: string;
  customerId?: string | null;
  externalId?: string | null;
  /** Decimal digits. */
  value?: string | null;
  uniqueValue?: string | null;
  timestamp?: Date | null;
  identifier?: string | null;
};

export type KnownMeter = { id: string; aggregation: Aggregation; isArchived: boolean };

/** What is recorded of it. */
export type CheckedUsage = {
  meterId: string;
  customerId: string;
  identifier: string | null;
  /** Without zeros that say nothing: equal values are equal texts. */
  value: string | null;
  uniqueValue: string | null;
  /** Null: now. */
  occurredAt: Date | null;
};

/** Thrown for an event that cannot count, and caught where its batch is answered. */
export class UsageRejected extends Error {
  readonly code: UsageRejection;
  constructor(code: UsageRejection, message: string) {
    super(message);
    this.code = code;
  }
}

/** As Stripe takes events. In milliseconds. */
const longestAgo = 35 * 86_400_000;
const furthestAhead = 5 * 60_000;
export const longestIdentifier = 100;
const longestUniqueValue = 200;

/**
 * @param known what the names in `reported` stand for in the caller's tenant; undefined where they stand for nothing.
 * @throws UsageRejected
 */
export function checkUsage(
  reported: ReportedUsage,
  known: { meter: KnownMeter | undefined; customerId: string | undefined },
  now: Date,
): CheckedUsage {
  const { meter, customerId } = known;
  if (!meter)
    throw new UsageRejected(
      'UNKNOWN_METER',
      'There is no such meter in this project and environment: create it first.',
    );
  if (meter.isArchived)
    throw new UsageRejected('ARCHIVED_METER', 'This meter is archived. Take it up again first (reactivateMeter).');
  if (!customerId)
    throw new UsageRejected(
      'UNKNOWN_CUSTOMER',
      'There is no such customer in this project and environment. Give one of customerId and externalId.',
    );
  return {
    meterId: meter.id,
    customerId,
    identifier: checkIdentifier(reported.identifier ?? null),
    ...checkValues(reported, meter.aggregation),
    occurredAt: checkTimestamp(reported.timestamp ?? null, now),
  };
}

export function checkIdentifier(identifier: string | null): string | null {
  if (identifier === null || isPlain(identifier, longestIdentifier)) return identifier;
  throw new UsageRejected('IDENTIFIER_INVALID', `An identifier is a text of 1 to ${longestIdentifier} characters.`);
}

export function checkTimestamp(timestamp: Date | null, now: Date): Date | null {
  if (timestamp === null) return null;
  if (timestamp.getTime() < now.getTime() - longestAgo)
    throw new UsageRejected('TIMESTAMP_TOO_OLD', 'A timestamp is at most 35 days back.');
  if (timestamp.getTime() > now.getTime() + furthestAhead)
    throw new UsageRejected('TIMESTAMP_IN_FUTURE', 'A timestamp is at most 5 minutes ahead.');
  return timestamp;
}

/** By what the meter does with it: a number, nothing, or a text of which different ones are counted. */
export function checkValues(
  { value = null, uniqueValue = null }: Pick<ReportedUsage, 'value' | 'uniqueValue'>,
  aggregation: Aggregation,
): Pick<CheckedUsage, 'value' | 'uniqueValue'> {
  if (aggregation === 'UNIQUE_COUNT') {
    if (value !== null)
      throw new UsageRejected('VALUE_NOT_TAKEN', 'This meter counts different `uniqueValue`s: leave `value` out.');
    if (uniqueValue === null)
      throw new UsageRejected('VALUE_MISSING', 'This meter counts different values: give `uniqueValue`.');
    if (isPlain(uniqueValue, longestUniqueValue)) return { value: null, uniqueValue };
    throw new UsageRejected('VALUE_TOO_LARGE', `A \`uniqueValue\` is a text of 1 to ${longestUniqueValue} characters.`);
  }
  if (uniqueValue !== null)
    throw new UsageRejected('VALUE_NOT_TAKEN', 'This meter takes a `value`: leave `uniqueValue` out.');
  if (aggregation === 'COUNT') {
    if (value === null || checkNumber(value) === '1') return { value: '1', uniqueValue: null };
    throw new UsageRejected('VALUE_NOT_TAKEN', 'This meter counts events, each as one: leave `value` out.');
  }
  if (value === null) throw new UsageRejected('VALUE_MISSING', 'This meter needs a `value`.');
  return { value: checkNumber(value), uniqueValue: null };
}

/** @returns the number without zeros that say nothing. */
function checkNumber(text: string): string {
  const [, sign, digits, decimals = ''] = text.match(/^([+-]?)0*(\d+)(?:\.(?=\d)(\d*?)0*)?$/) ?? [];
  if (digits === undefined)
    throw new UsageRejected('VALUE_NOT_A_NUMBER', 'A value is written in decimal digits, such as "12.5".');
  const number = decimals ? `${digits}.${decimals}` : digits;
  if (sign === '-' && number !== '0')
    throw new UsageRejected('VALUE_NEGATIVE', 'A value is not negative. What was wrong is voided or replaced.');
  if (digits.length > 15) throw new UsageRejected('VALUE_TOO_LARGE', 'A value has at most 15 digits.');
  if (decimals.length > 12 || significant(digits, decimals) > 15)
    throw new UsageRejected('VALUE_TOO_PRECISE', 'A value has at most 15 digits that count, and 12 decimals.');
  return number;
}

/** Without the zeros in front. Stripe's meters take no more than 15. */
const significant = (digits: string, decimals: string) => `${digits}${decimals}`.replace(/^0+/, '').length;

/** PostgreSQL cannot store U+0000, nor a half of a surrogate pair. */
const isPlain = (text: string, longest: number) =>
  text.length >= 1 && text.length <= longest && !text.includes('\0') && text.isWellFormed();
