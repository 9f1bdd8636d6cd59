import { domainToASCII } from 'node:url';

const gmail = ['gmail.com', 'googlemail.com'];

/**
 * The mailbox that an address leads to, as far as it shows: without a tag (`+…`), and at Gmail without dots. Letters of other widths are the
 * same letters, and a domain is the same in its own script and as the DNS spells it.
 */
export function normalizedEmail(email: string): string {
  const address = email.normalize('NFKC').toLowerCase();
  const at = address.lastIndexOf('@');
  const [name, written] = [address.slice(0, at), address.slice(at + 1)];
  const domain = domainToASCII(written) || written;
  const [untagged = name] = name.split('+');
  // A tag alone is the whole name.
  const mailbox = untagged || name;
  return gmail.includes(domain) ? `${mailbox.replaceAll('.', '')}@gmail.com` : `${mailbox}@${domain}`;
}
