import type { EntityManager } from '@mikro-orm/core';
import { runStatement } from '../../database/run-statement.ts';
import { badInput } from '../../errors.ts';
import { newId } from '../../ids.ts';
import type { Note } from '../../operations/operation.ts';
import type { Side } from '../../tenancy/teams/side.ts';
import { checkDay } from '../metrics/check-window.ts';

export type SaidRate = { from: string; to: string; day: string; rate: string };

/**
 * Says what a currency is worth in another from a day on, in place of what was said of that day before. One statement, so that of two
 * who say it at once the later one stands.
 * @param note tells the audit log, which sees no statement.
 * @returns the id of the row.
 * @throws Refusal BAD_USER_INPUT with the field.
 */
export async function setExchangeRate(
  { em, note }: { em: EntityManager; note: Note },
  { projectId, environment }: Side,
  { from, to, ...said }: SaidRate,
): Promise<string> {
  if (from === to) throw badInput('A currency is worth itself: give two different ones.', 'to');
  const day = checkDay(said.day, 'day');
  const rate = checkRate(said.rate);
  const pair = [projectId, environment, from, to, day];
  const [before] = await runStatement<{ rate: string }>(
    em,
    `select rate from exchange_rate
     where (project_id, environment, from_currency, to_currency, day) = ($1, $2, $3, $4, $5::date) for update`,
    pair,
  );
  const [row] = await runStatement<{ id: string }>(
    em,
    `insert into exchange_rate (project_id, environment, from_currency, to_currency, day, rate, id, created_at, updated_at)
     values ($1, $2, $3, $4, $5, $6, $7, now(), now())
     on conflict (project_id, environment, from_currency, to_currency, day)
     do update set rate = excluded.rate, updated_at = case when exchange_rate.rate = excluded.rate then exchange_rate.updated_at else now() end
     returning id`,
    [...pair, rate, newId('fxr')],
  );
  const { id } = row!;
  note({
    subjectType: 'ExchangeRate',
    subjectId: id,
    before: before ? { rate: before.rate } : null,
    after: { from, to, day, rate },
  });
  return id;
}

/** @returns the decimal, which is above zero and fits its column. */
function checkRate(rate: string): string {
  const [, whole = '', decimals = ''] = /^0*(\d{1,12})(?:\.(\d+))?$/.exec(rate) ?? [];
  if (!whole || decimals.replace(/0+$/, '').length > 12 || !/[1-9]/.test(rate))
    throw badInput(
      'A rate is a decimal above zero, with at most 12 digits before the point and 12 behind it: "0.92".',
      'rate',
    );
  return rate;
}
