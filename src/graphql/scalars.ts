import { GraphQLError, GraphQLScalarType, Kind, type ValueNode } from 'graphql';
import { GraphQLCurrency } from 'graphql-scalars';

export const DateTimeScalar = new GraphQLScalarType<Date, string>({
  name: 'DateTime',
  description: 'An instant, as RFC 3339 writes it: `2026-11-21T09:30:00.000Z`. Answers are in UTC, to the millisecond.',
  specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc3339',
  serialize: (value) => (value as Date).toISOString(),
  parseValue: parseInstant,
  parseLiteral: (node) => parseInstant(textOf(node)),
});

export const BigIntScalar = new GraphQLScalarType<bigint, string>({
  name: 'BigInt',
  description:
    'A whole number of up to 64 bits. Answers are always strings of digits, which no JSON parser rounds; input may be a whole number or such a string.',
  serialize: String,
  parseValue: parseBigInt,
  parseLiteral: (node) => parseBigInt(node.kind === Kind.INT ? node.value : textOf(node)),
});

export const DecimalScalar = new GraphQLScalarType<string, string>({
  name: 'Decimal',
  description:
    'An exact decimal number. Answers are always strings of digits, `"12.5"`, without zeros that say nothing; input is such a string or a whole number, since what JSON writes as a fraction is rounded on its way.',
  serialize: (value) => withoutTrailingZeros(String(value)),
  parseValue: parseDecimal,
  parseLiteral: (node) => parseDecimal(node.kind === Kind.INT ? node.value : textOf(node)),
});

export const CurrencyCodeScalar = new GraphQLScalarType<string, string>({
  name: 'CurrencyCode',
  description: 'A currency as ISO 4217 names it, in upper case: `USD`.',
  specifiedByURL: 'https://www.iso.org/iso-4217-currency-codes.html',
  serialize: String,
  parseValue: parseCurrencyCode,
  parseLiteral: (node) => parseCurrencyCode(textOf(node)),
});

export const MetadataScalar = new GraphQLScalarType<Record<string, string>>({
  name: 'Metadata',
  description:
    'Your own notes on an object, kept in Stripe too: a flat JSON object of strings, at most 40 keys of 40 characters with values of 500 characters.',
  parseValue: parseMetadata,
  parseLiteral: (node, variables) => parseMetadata(objectOf(node, variables)),
});

export const scalarsMap = [{ type: Date, scalar: DateTimeScalar }];

const longest = 2n ** 63n;
const earliest = Date.parse('0001-01-01T00:00:00Z');
const latest = Date.parse('9999-12-31T23:59:59.999Z');

function parseBigInt(value: unknown): bigint {
  const isWhole = typeof value === 'string' ? /^-?\d{1,19}$/.test(value) : Number.isSafeInteger(value);
  const number = isWhole ? BigInt(value as string | number) : longest;
  if (number >= longest || number < -longest)
    throw new GraphQLError('A BigInt is a whole number of up to 64 bits, or a string of its digits: "1999".');
  return number;
}

/** Whether it is a number at all says the field that takes it: one wrong number of a batch is not the whole batch's fault. */
function parseDecimal(value: unknown): string {
  const isExact = typeof value === 'string' ? value.length <= 100 : Number.isSafeInteger(value);
  if (!isExact) throw new GraphQLError('A Decimal is a string of decimal digits, "12.5", or a whole number: 12.');
  return String(value);
}

const withoutTrailingZeros = (decimal: string) => decimal.replace(/(\.\d*?)0+$/, '$1').replace(/\.$/, '');

function parseInstant(value: unknown): Date {
  const form = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/;
  const [text, plain] = (typeof value === 'string' && value.match(form)) || [];
  // JavaScript reads 31 February as 3 March: only a date that comes back unchanged exists.
  const read = new Date(`${plain}Z`);
  const exists = !Number.isNaN(read.getTime()) && read.toISOString().startsWith(plain!);
  const instant = new Date(exists ? text! : Number.NaN);
  // In UTC too: PostgreSQL has no year 0, and what comes after 9999 is written otherwise.
  if (!(instant.getTime() >= earliest && instant.getTime() <= latest))
    throw new GraphQLError(
      'A DateTime is an instant with its zone: "2026-11-21T09:30:00Z" or "2026-11-21T10:30:00+01:00".',
    );
  return instant;
}

function parseCurrencyCode(value: unknown): string {
  if (typeof value !== 'string' || !/^[A-Z]{3}$/.test(value))
    throw new GraphQLError('A CurrencyCode is three letters in upper case, as in ISO 4217: "USD".');
  return GraphQLCurrency.parseValue(value) as string;
}

function parseMetadata(value: unknown): Record<string, string> {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  const entries = isObject ? Object.entries(value) : [];
  if (!isObject || entries.some(([, text]) => typeof text !== 'string'))
    throw new GraphQLError('Metadata is a flat object of strings: { "plan": "gold" }.');
  return Object.fromEntries(entries);
}

function textOf(node: ValueNode): string | undefined {
  return node.kind === Kind.STRING ? node.value : undefined;
}

/** Validation asks before there are variables: any string will do then. */
function objectOf(node: ValueNode, variables: Record<string, unknown> | null | undefined): unknown {
  if (node.kind !== Kind.OBJECT) return undefined;
  const held = (value: ValueNode) => {
    if (value.kind !== Kind.VARIABLE) return textOf(value);
    return variables ? variables[value.name.value] : '';
  };
  return Object.fromEntries(node.fields.map(({ name, value }) => [name.value, held(value)]));
}
