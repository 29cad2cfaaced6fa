// Numbers with their confidence intervals, sorted by any column.

const BETTER = { higher: '\u2191 higher is better', lower: '\u2193 lower is better', neither: '' };

function buildTable(exhibit) {
  const lines = exhibit.rows.map(row => ({ row }));
  const ranges = exhibit.columns.map((_, c) => rangeOf(exhibit.rows.map(r => r.cells[c])));
  const headings = [heading(exhibit.rowHeader, '', '', line => line.row.name, 'name'), ...exhibit.columns.map((column, c) =>
    heading(column.header, column.unit, BETTER[column.better], line => line.row.cells[c].value ?? (ranges[c] ? null : line.row.cells[c].text), `column-${c + 1}`, column.meaning))];
  for (const line of lines) {
    line.root = element('tr', {}, element('th', { scope: 'row' }, line.row.name),
      line.row.cells.map((cell, c) => ranges[c] ? element('td', { class: 'number' }, measure(cell, ...ranges[c])) : element('td', {}, cell.text ?? '')));
  }
  const body = element('tbody', {}, lines.map(l => l.root));

  function heading(text, unit, better, value, name, meaning = '') {
    const root = element('th', { scope: 'col' });
    // Sorts what it can first by what is better.
    const first = better.startsWith('\u2191') ? 'descending' : 'ascending', second = first === 'ascending' ? 'descending' : 'ascending';
    root.append(button(unit === '' ? text : `${text} (${unit})`, { name: `sort-${name}`, label: `Sort by ${text}${better === '' ? '' : `, ${better}`}`, changes: 'table' }, () => {
      const order = root.getAttribute('aria-sort') === first ? second : first;
      for (const other of headings) other.removeAttribute('aria-sort');
      root.setAttribute('aria-sort', order);
      body.append(...sorted(lines, value, order).map(l => l.root));
      announce(`Sorted by ${text}, ${order}`);
    }));
    if (better !== '') root.append(element('span', { class: 'better' }, better));
    if (meaning !== '') root.append(element('span', { class: 'meaning' }, meaning));
    return root;
  }

  const hasIntervals = exhibit.rows.some(r => r.cells.some(c => c.low !== null));
  return {
    root: element('div', {},
      scrolling(element('table', { class: 'measures', 'data-part': 'table' }, element('thead', {}, element('tr', {}, headings)), body), `${exhibit.title}, table`),
      hasIntervals ? element('p', { class: 'hint' }, 'The tick is the mean, the dark line around it its confidence interval; the bars of a column share one scale.') : null),
    drawn: Promise.resolve(),
  };
}

/** Lines in ascending or descending order of a value; those without one come last either way. */
function sorted(lines, value, order) {
  const sign = order === 'ascending' ? 1 : -1;
  return [...lines].sort((a, b) => {
    const first = value(a), second = value(b);
    if (first === null || second === null) return (first === null) - (second === null);
    return sign * (typeof first === 'string' ? first.localeCompare(second) : first - second);
  });
}

/** The ends of the scale that a column's bars share, or null where it has no numbers. */
function rangeOf(cells) {
  const numbers = cells.flatMap(c => [c.value, c.low, c.high]).filter(n => n !== null);
  if (numbers.length === 0) return null;
  const low = Math.min(0, ...numbers), high = Math.max(0, ...numbers);
  return high > low ? [low, high] : [low, low + 1];
}

/** A number, its interval in words, and both as a small bar from low to high. */
function measure(cell, low, high) {
  if (cell.value === null) return element('span', { class: 'unmeasured' }, cell.text ?? 'not measured');
  const at = value => 4 + 92 * clamp((value - low) / (high - low), 0, 1);
  const interval = cell.low !== null && cell.high !== null;
  return element('span', { class: 'measure' },
    element('span', { class: 'measure-text' }, numberText(cell.value), interval ? element('span', { class: 'interval' }, ` [${numberText(cell.low, 3)}, ${numberText(cell.high, 3)}]`) : '',
      cell.text ? element('span', { class: 'interval' }, ` ${cell.text}`) : ''),
    drawing('svg', { viewBox: '0 0 100 12', preserveAspectRatio: 'none', class: 'bar', 'aria-hidden': 'true' },
      drawing('line', { x1: 0, x2: 100, y1: 6, y2: 6, class: 'bar-axis' }),
      drawing('line', { x1: at(0), x2: at(0), y1: 1, y2: 11, class: 'bar-zero' }),
      drawing('rect', { x: Math.min(at(0), at(cell.value)), y: 3.5, width: Math.abs(at(cell.value) - at(0)), height: 5, class: 'bar-value' }),
      interval ? drawing('line', { x1: at(cell.low), x2: at(cell.high), y1: 6, y2: 6, class: 'bar-interval' }) : null,
      drawing('line', { x1: at(cell.value), x2: at(cell.value), y1: 2, y2: 10, class: 'bar-mean' })));
}
