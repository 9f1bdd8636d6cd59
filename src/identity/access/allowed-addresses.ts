import { BlockList, isIP } from 'node:net';

/** The networks of a key, to be asked whether an address is in one; null where any address is. */
export function allowedAddresses(networks: readonly string[]): BlockList | null {
  if (!networks.length) return null;
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', bits] = network.split('/');
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    if (bits === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(bits), family);
  }
  return list;
}

/** Node writes the IPv4 address of a client as IPv6 where it listens on both. */
export function isAllowed(list: BlockList | null, address: string): boolean {
  if (!list) return true;
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '');
  const family = isIP(plain);
  return family !== 0 && list.check(plain, family === 6 ? 'ipv6' : 'ipv4');
}
