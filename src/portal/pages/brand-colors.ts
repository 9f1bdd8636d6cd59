/** The portal's own colour, where a project has none. */
const ownColor = '#0b5cad';

/**
 * The colour of a project, and what is legible on it: black or white, whichever stands out more. One of them always has a contrast of 4.5
 * and more, as WCAG's level AA asks.
 */
export function brandColors(color: string | null): { brand: string; onBrand: string } {
  const brand = /^#[0-9a-f]{6}$/i.test(color ?? '') ? color! : ownColor;
  const luminance = luminanceOf(brand);
  return { brand, onBrand: 1.05 / (luminance + 0.05) >= (luminance + 0.05) / 0.05 ? '#ffffff' : '#000000' };
}

/** Relative luminance, 0 to 1: https://www.w3.org/TR/WCAG22/#dfn-relative-luminance */
function luminanceOf(color: string): number {
  const [red, green, blue] = [1, 3, 5].map((at) => linear(Number.parseInt(color.slice(at, at + 2), 16) / 255));
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
}

const linear = (channel: number) => (channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4);
