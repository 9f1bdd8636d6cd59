/** A column answers all its twelve decimals: `0.500000000000` is `0.5`, `100.000000000000` is `100`. */
export const viewLimit = (decimal: string | null) => (decimal?.includes('.') ? decimal.replace(/\.?0+$/, '') : decimal);
