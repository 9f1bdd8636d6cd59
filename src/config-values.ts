import { z } from 'zod';
import { isNetwork } from './is-network.ts';
import { type Limits, limitClasses, limitsWith, mostPoints } from './limits/limit-classes.ts';
import { type StreamBoundName, streamBoundNames } from './streams/stream-bounds.ts';

/** How the texts of environment variables are read, each with what is wrong with one that cannot be: see config.ts. */

export const port = (fallback: number) => z.coerce.number().int().min(0).max(65_535).default(fallback);
export const perSecond = (fallback: number) => z.coerce.number().int().min(1).max(10_000).default(fallback);
const list = z
  .string()
  .default('')
  .transform((text) =>
    text
      .split(',')
      .map((part) => part.trim())
      .filter(Boolean),
  );
export const origins = list.transform((all, context) => {
  for (const origin of all)
    if (URL.parse(origin)?.origin !== origin)
      context.addIssue(`${origin} is no origin, such as https://app.example.com`);
  return all;
});
export const httpUrl = z.url({ protocol: /^https?$/ }).transform((url) => url.replace(/\/+$/, ''));

export const databaseUrl = z.url({ protocol: /^postgres(ql)?$/, error: 'must be a postgresql:// URL' });

export const proxies = list.transform((all, context) => {
  for (const network of all)
    if (!['loopback', 'linklocal', 'uniquelocal'].includes(network) && !isNetwork(network))
      context.addIssue(`${network} is no network, such as 10.0.0.0/8`);
  return all;
});

export const rateLimits = list.transform((all, context) => {
  const changed: { -readonly [Class in keyof Limits]?: number } = {};
  for (const text of all) {
    const [name = '', points = ''] = text.split('=').map((part) => part.trim());
    if (
      !Object.hasOwn(limitClasses, name) ||
      !(/^\d+$/.test(points) && Number(points) >= 1 && Number(points) <= mostPoints)
    )
      context.addIssue(`${text} is no limit, such as READS=500. There are ${Object.keys(limitClasses).join(', ')}`);
    else changed[name as keyof Limits] = Number(points);
  }
  return limitsWith(changed);
});

/** Those that are given, by their names. */
export const streamBounds = list.transform((all, context) => {
  const given: Partial<Record<StreamBoundName, number>> = {};
  for (const text of all) {
    const [name = '', value = ''] = text.split('=').map((part) => part.trim());
    if (!Object.hasOwn(streamBoundNames, name) || !/^\d+$/.test(value)) {
      context.addIssue(
        `${text} is no bound, such as PROCESS=20000. There are ${Object.keys(streamBoundNames).join(', ')}`,
      );
      continue;
    }
    const { least, most } = streamBoundNames[name as StreamBoundName];
    if (Number(value) < least || Number(value) > most)
      context.addIssue(`${name} is ${least} to ${most}, and not ${value}`);
    else if (name in given) context.addIssue(`${name} is given twice`);
    else given[name as StreamBoundName] = Number(value);
  }
  return given;
});

export const encryptionKeys = list.transform((keys, context) =>
  keys.map((key) => {
    const bytes = Buffer.from(key, 'base64');
    if (bytes.length !== 32) context.addIssue('must be 32 bytes in base64, such as `openssl rand -base64 32` prints');
    return bytes;
  }),
);
