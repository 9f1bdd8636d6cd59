import { registerEnumType } from 'type-graphql';

/** Publishes an enum from its values, each with its description. Use the result as a field's type. */
export function enumOf<Value extends string>(name: string, description: string, values: Record<Value, string>) {
  const names = Object.keys(values) as Value[];
  const type = Object.fromEntries(names.map((value) => [value, value])) as { [V in Value]: V };
  const valuesConfig = Object.fromEntries(names.map((value) => [value, { description: values[value] }]));
  registerEnumType(type, { name, description, valuesConfig: valuesConfig as Record<Value, { description: string }> });
  return type;
}
