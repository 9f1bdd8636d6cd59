import { checkText } from '../../check-input.ts';
import { badInput } from '../../errors.ts';
import { isId } from '../../ids.ts';

/** A name that is no id: what names a meter may be either. Shorter than Stripe's 100, so that a project's mark fits behind it. */
export function checkEventName(name: string): string {
  if (!/^[a-z][a-z0-9_]{0,79}$/.test(name) || isId('met', name))
    throw badInput(
      'An event name begins with a letter a to z, and goes on with letters, digits and underscores, at most 80: `api_calls`.',
      'eventName',
    );
  return name;
}

export const checkDisplayName = (name: string) => checkText(name, 'displayName', { max: 250 });

/** @returns null where it is taken away. */
export const checkUnit = (unit: string | null) => (unit === null ? null : checkText(unit, 'unit', { max: 30 }));
