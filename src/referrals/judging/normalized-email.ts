const gmail = ['gmail.com', 'googlemail.com'];

/** The mailbox that an address leads to, as far as it shows: without a tag (`+…`), and at Gmail without dots. */
export function normalizedEmail(email: string): string {
  const at = email.lastIndexOf('@');
  const [name, domain] = [email.slice(0, at).toLowerCase(), email.slice(at + 1).toLowerCase()];
  const [untagged = name] = name.split('+');
  // A tag alone is the whole name.
  const mailbox = untagged || name;
  return gmail.includes(domain) ? `${mailbox.replaceAll('.', '')}@gmail.com` : `${mailbox}@${domain}`;
}
