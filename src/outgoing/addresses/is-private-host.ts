import { BlockList, isIP } from 'node:net';

const reserved = new BlockList();
for (const network of [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '224.0.0.0/3',
]) {
  const [address, bits] = network.split('/');
  reserved.addSubnet(address!, Number(bits), 'ipv4');
}
// With those that stand for an address of IPv4: by themselves (::/96), translated (64:ff9b::/32) or tunnelled (2002::/16, 2001::/32).
for (const network of [
  '::/96',
  '64:ff9b::/32',
  '100::/64',
  '2001::/32',
  '2002::/16',
  'fc00::/7',
  'fe80::/10',
  'fec0::/10',
  'ff00::/8',
]) {
  const [address, bits] = network.split('/');
  reserved.addSubnet(address!, Number(bits), 'ipv6');
}

/**
 * Whether the host of a URL is plainly private, local or reserved: for an early refusal. What its name leads to is judged with each
 * connection (outgoing-fetch.ts).
 */
export function isPrivateHost({ hostname }: URL): boolean {
  const host = hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
  const family = isIP(host);
  if (family) return reserved.check(host, family === 6 ? 'ipv6' : 'ipv4');
  return host === 'localhost' || host.endsWith('.localhost');
}
