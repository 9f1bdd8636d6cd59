import type { EntityManager } from '@mikro-orm/core';
import Fraction from 'fraction.js';
import { runStatement } from '../../database/run-statement.ts';
import { badInput } from '../../errors.ts';
import { decimalsOf } from '../../minor-units.ts';
import type { Side } from '../../tenancy/teams/side.ts';

export type UsedRate = { from: string; to: string; day: string; rate: string };

/**
 * What a minor unit of each currency is worth in minor units of another one, on a day: by the rate of the pair with the latest day that is
 * not after it.
 * @throws Refusal BAD_USER_INPUT that names the pair which has no rate. None is guessed, and none is derived from its reverse.
 */
export async function findFactors(
  { em }: { em: EntityManager },
  { projectId, environment }: Side,
  { from, to, asOf }: { from: string[]; to: string; asOf: Date },
): Promise<{ factors: Map<string, Fraction>; rates: UsedRate[] }> {
  const day = asOf.toISOString().slice(0, 10);
  const others = from.filter((currency) => currency !== to);
  const rates = others.length
    ? await runStatement<UsedRate>(
        em,
        `select distinct on (from_currency) from_currency as from, to_currency as to, day::text, rate::text from exchange_rate
         where project_id = $1 and environment = $2 and to_currency = $3 and from_currency = any ($4) and day <= $5::date
         order by from_currency, day desc`,
        [projectId, environment, to, others, day],
      )
    : [];
  const missing = others.find((currency) => !rates.some((rate) => rate.from === currency));
  if (missing !== undefined)
    throw badInput(
      `There is no exchange rate from ${missing} to ${to} for ${day} or a day before it: set one with setExchangeRate.`,
      'convertTo',
    );
  const factors = new Map(from.map((currency) => [currency, new Fraction(1)]));
  for (const { from: currency, rate } of rates)
    factors.set(currency, new Fraction(rate).mul(powerOfTen(decimalsOf(to))).div(powerOfTen(decimalsOf(currency))));
  return { factors, rates };
}

const powerOfTen = (exponent: number) => new Fraction(10n ** BigInt(exponent));
