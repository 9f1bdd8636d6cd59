import { p } from '@mikro-orm/core';
import { environments } from '../environment.ts';

/** An instant, to the microsecond, always with its zone. */
export const instant = () => p.datetime().columnType('timestamptz');

export const createdAt = () => instant().onCreate(() => new Date());

export const timestamps = {
  createdAt: createdAt(),
  updatedAt: instant()
    .onCreate(() => new Date())
    .onUpdate(() => new Date()),
};

export const environmentColumn = () => p.enum(environments).columnType('text');

export const metadata = () => p.json<Record<string, string>>().default('{}');
