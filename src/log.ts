import type { FastifyBaseLogger } from 'fastify';
import { pino } from 'pino';

/** Credentials by their look, wherever they stand in a line: Stripe's keys and signing secrets, our keys, bearer tokens, passwords in URLs. */
const credentials =
  /\b(?:(?:sk|rk)_(?:test|live)_|whsec_|bs_(?:test|live)_)[0-9A-Za-z]+|\bBearer +[\w.~+/=-]+|\beyJ[\w-]+\.[\w-]+\.[\w-]+|(?<=:\/\/[^\s:/@]*:)[^\s@/]+(?=@)/g;

/** The beginnings of all that: what has none of them needs no search, and almost no line has. */
const beginnings = ['sk_', 'rk_', 'whsec_', 'bs_', 'Bearer ', 'eyJ', '://'];

export const scrub = (text: string) =>
  beginnings.some((beginning) => text.includes(beginning)) ? text.replace(credentials, '[secret]') : text;

/** Structured logs, a line of JSON each, scrubbed as they leave: no caller can forget. */
export function createLog(
  level: string,
  write: (line: string) => void = (line) => process.stdout.write(line),
): FastifyBaseLogger {
  return pino(
    { level, base: undefined, timestamp: pino.stdTimeFunctions.isoTime },
    { write: (line: string) => write(scrub(line)) },
  );
}
