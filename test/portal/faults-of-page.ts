/** Runs in a page: what of it has no name, is too small for a finger, or cannot be read (WCAG's level AA asks for a contrast of 4.5). */
export const faultsOfPage = `(() => {
  const faults = [];
  const parts = (color) => (color.match(/[\\d.]+/g) ?? []).map(Number);
  const light = (color) => {
    const [r, g, b] = parts(color).map((part) => {
      const share = part / 255;
      return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05;
  };
  const behind = (element) => {
    if (!element) return 'rgb(255, 255, 255)';
    const { backgroundColor } = getComputedStyle(element);
    return (parts(backgroundColor)[3] ?? 1) === 0 ? behind(element.parentElement) : backgroundColor;
  };
  for (const element of document.querySelectorAll('a, button, select, input:not([type=hidden])')) {
    const name = element.textContent.trim() || element.closest('label')?.textContent || element.labels?.length;
    if (!name) faults.push(element.outerHTML + ' has no name');
    const { height } = element.getBoundingClientRect();
    if (element.matches('button, .button, select, .choice') && height < 44)
      faults.push(element.outerHTML + ' is ' + height + ' high');
  }
  for (const element of document.querySelectorAll('body *')) {
    const isText = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
    if (!isText || element.closest('.hidden, .skip, thead, option, style')) continue;
    const pair = [light(getComputedStyle(element).color), light(behind(element))];
    const contrast = Math.max(...pair) / Math.min(...pair);
    if (contrast < 4.5) faults.push(element.outerHTML + ' has a contrast of ' + contrast);
  }
  return faults;
})()`;
