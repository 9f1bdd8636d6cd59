import { badInput } from '../../errors.ts';
import { isPrivateHost } from '../addresses/is-private-host.ts';
import { outgoingEventPatterns } from './outgoing-event-types.ts';

/** @throws Refusal BAD_USER_INPUT for an address that is not https, or leads to this server's own network. */
export function checkEndpointUrl(url: string, allowPrivateAddresses: boolean): string {
  const parsed = URL.parse(url);
  const isSecure = parsed?.protocol === 'https:' || (allowPrivateAddresses && parsed?.protocol === 'http:');
  if (!parsed || !isSecure || parsed.username || parsed.password || !url.isWellFormed() || url.length > 2_048)
    throw badInput(
      'This must be an https URL of at most 2,048 characters, without a user name, such as https://app.example.com/webhooks.',
      'url',
    );
  if (!allowPrivateAddresses && isPrivateHost(parsed))
    throw badInput('This address is private or reserved: give one that the internet reaches.', 'url');
  return parsed.href;
}

/** @throws Refusal BAD_USER_INPUT where there is none, or one that is no type. */
export function checkEventTypes(types: readonly string[]): string[] {
  if (!types.length) throw badInput('Name a type at least, or leave the field out for all.', 'eventTypes');
  for (const [index, type] of types.entries())
    if (!outgoingEventPatterns.includes(type))
      throw badInput(`There is no such type. There are ${outgoingEventPatterns.join(', ')}.`, `eventTypes.${index}`);
  return [...new Set(types)];
}
