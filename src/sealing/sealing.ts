import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';

export type Sealer = {
  /** Encrypts `secret` for the row `rowId`: sealed text moved to another row does not open. */
  seal(secret: string, rowId: string): string;
  /** @throws where the text was altered, belongs to another row, or its key-encryption key is not configured. */
  open(sealed: string, rowId: string): string;
  /** The same secret sealed by the first key, so that older keys can go; the very same text where it is so already. */
  reseal(sealed: string, rowId: string): string;
};

/**
 * Envelope encryption: each text has a data key of its own (AES-256-GCM), which is wrapped by a key-encryption key.
 * Rotating rewraps the data keys only. The form is `v1.<key id>.<wrapped data key>.<text>`, the last two in base64url.
 * @param keys key-encryption keys of 32 bytes: the first one seals, all of them open.
 */
export function createSealer(keys: Buffer[]): Sealer {
  const ring = new Map(keys.map((key) => [keyId(key), key]));
  const [current] = ring.keys();
  if (!current) throw new Error('Sealing needs at least one key.');
  const sealer: Sealer = {
    seal(secret, rowId) {
      const dataKey = randomBytes(32);
      const wrapped = encrypt(ring.get(current)!, dataKey, rowId);
      const text = encrypt(dataKey, Buffer.from(secret), rowId);
      return ['v1', current, wrapped.toString('base64url'), text.toString('base64url')].join('.');
    },
    open(sealed, rowId) {
      const [version, id = '', wrapped = '', text = ''] = sealed.split('.');
      const key = ring.get(id);
      if (version !== 'v1' || !key) throw new Error(`No configured ENCRYPTION_KEY opens this secret (key id ${id}).`);
      const dataKey = decrypt(key, Buffer.from(wrapped, 'base64url'), rowId);
      return decrypt(dataKey, Buffer.from(text, 'base64url'), rowId).toString();
    },
    reseal(sealed, rowId) {
      return sealed.startsWith(`v1.${current}.`) ? sealed : sealer.seal(sealer.open(sealed, rowId), rowId);
    },
  };
  return sealer;
}

const keyId = (key: Buffer) => createHash('sha256').update(key).digest('hex').slice(0, 8);

/** iv (12 bytes), tag (16), cipher text. */
function encrypt(key: Buffer, plain: Buffer, associated: string): Buffer {
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(associated));
  const text = Buffer.concat([cipher.update(plain), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), text]);
}

function decrypt(key: Buffer, sealed: Buffer, associated: string): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, 12)).setAAD(Buffer.from(associated));
  decipher.setAuthTag(sealed.subarray(12, 28));
  return Buffer.concat([decipher.update(sealed.subarray(28)), decipher.final()]);
}
