/** One line of text on a page of A4, in points from its upper left corner. */
export interface PdfText {
  x: number;
  y: number;
  size: number;
  text: string;
  bold?: boolean;
}

const [width, height] = [595, 842];

/** A PDF of text: each element of `pages` is a page. Letters outside of Windows-1252 become question marks. */
export function pdf(pages: PdfText[][]): Buffer {
  const font = (name: string) => `<< /Type /Font /Subtype /Type1 /BaseFont /${name} /Encoding /WinAnsiEncoding >>`;
  const kids = pages.map((_page, index) => `${5 + 2 * index} 0 R`).join(' ');
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    `<< /Type /Pages /Kids [${kids}] /Count ${pages.length} >>`,
    font('Helvetica'),
    font('Helvetica-Bold'),
    ...pages.flatMap((texts, index) => {
      const content = texts.map(textOperators).join('\n');
      return [
        `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 ${width} ${height}] /Contents ${6 + 2 * index} 0 R /Resources << /Font << /F1 3 0 R /F2 4 0 R >> >> >>`,
        `<< /Length ${content.length} >>\nstream\n${content}\nendstream`,
      ];
    }),
  ];
  return Buffer.from(assembled(objects), 'latin1');
}

/** The numbered objects, then where each begins. Every character is one byte here. */
function assembled(objects: string[]): string {
  let file = '%PDF-1.4\n';
  const places: number[] = [];
  for (const [index, object] of objects.entries()) {
    places.push(file.length);
    file += `${index + 1} 0 obj\n${object}\nendobj\n`;
  }
  const entries = places.map((place) => `${String(place).padStart(10, '0')} 00000 n \n`).join('');
  const trailer = `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${file.length}\n%%EOF\n`;
  return `${file}xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${entries}${trailer}`;
}

function textOperators({ x, y, size, text, bold }: PdfText): string {
  return `BT /${bold ? 'F2' : 'F1'} ${size} Tf ${x} ${height - y} Td (${escaped(text)}) Tj ET`;
}

/** The characters that Windows-1252 has at 0x80 to 0x9f, where Latin-1 has none. */
const windows = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ';

function escaped(text: string): string {
  const bytes = Array.from(text.normalize('NFC').replaceAll(/\s/g, ' '), (character) => {
    const code = character.codePointAt(0)!;
    const place = windows.indexOf(character);
    if (place >= 0 && code > 0x9f) return String.fromCharCode(0x80 + place);
    return (code >= 0x20 && code < 0x7f) || (code >= 0xa0 && code <= 0xff) ? character : '?';
  });
  return bytes.join('').replaceAll(/[\\()]/g, String.raw`\$&`);
}
