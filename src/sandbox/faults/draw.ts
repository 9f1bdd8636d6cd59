import { createHash } from 'node:crypto';
import type { Fault } from './fault.ts';

/** A number in [0, 1) that is always the same for the same text. */
export function fraction(text: string): number {
  return createHash('sha256').update(text).digest().readUIntBE(0, 6) / 2 ** 48;
}

/** Whether a fault strikes `subject` (an event's type, or `POST /v1/customers`); the fault counts what it was asked. */
export function draw(fault: Fault, subject: string): boolean {
  if (fault.remaining === 0 || !covers(fault.only, subject)) return false;
  const chance = fraction(`${fault.seed} ${fault.drawn}`);
  fault.drawn += 1;
  if (chance >= fault.probability) return false;
  fault.struck += 1;
  if (fault.remaining !== null) fault.remaining -= 1;
  return true;
}

function covers(only: string | null, subject: string): boolean {
  if (only === null) return true;
  const pattern = only
    .split('*')
    .map((text) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    .join('.*');
  return new RegExp(`^([A-Z]+ )?${pattern}$`).test(subject);
}
