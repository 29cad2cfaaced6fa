// The maps of several classes in a row per method, and how alike they are.

function buildSensitivity(exhibit) {
  const { image, rows } = exhibit, drawn = [];
  const lowest = Math.min(0, ...rows.map(r => r.cosine.low ?? r.cosine.value ?? 0));
  const lines = rows.map((row, number) => ({ row, number, root: line(row) }));
  const body = element('tbody', {}, lines.map(l => l.root));
  const heading = element('th', { scope: 'col' });
  let order = 'none';
  heading.append(button('Cosine between classes', { name: 'sort-cosine', label: 'Sort by the cosine between classes', changes: 'table' }, () => {
    order = order === 'descending' ? 'ascending' : 'descending';
    heading.setAttribute('aria-sort', order);
    body.append(...sorted(lines, l => l.row.cosine.value, order).map(l => l.root));
    announce(`Sorted by cosine, ${order}`);
  }));

  function line(row) {
    const cells = row.maps.map((number, i) => {
      const target = image.targets[i], canvas = element('canvas', { role: 'img', 'aria-label': `${row.method.title} for ${target.name}` }), note = element('span', { class: 'tile-note' });
      drawn.push(show(number, canvas, note, row.method));
      return element('td', {}, element('span', { class: 'tile-picture' }, canvas, note));
    });
    return element('tr', {}, element('th', { scope: 'row' }, row.method.title), cells, element('td', { class: 'number' }, measure(row.cosine, lowest, 1)));
  }

  async function show(number, canvas, note, method) {
    if (number === null) {
      note.textContent = 'not computed';
      return;
    }
    const map = await mapOf(number);
    copyInto(canvas, painted(map, method.drawing, method.percentile).canvas);
    if (map.scale === 0) note.textContent = 'zero everywhere';
  }

  const table = element('table', { class: 'sensitivity', 'data-part': 'table' },
    element('caption', {}, `Maps of ${image.name} for ${image.targets.length} classes`),
    element('thead', {}, element('tr', {}, element('th', { scope: 'col' }, 'Method'), image.targets.map(t => element('th', { scope: 'col' }, `${t.name} (${t.class})`)), heading)),
    body);
  const picture = element('figure', { class: 'subject' }, element('img', { src: pictureUrl(image.picture), alt: image.alt }), element('figcaption', {}, image.name));
  return { root: element('div', { class: 'with-subject' }, picture, scrolling(table, `${exhibit.title}, table`)), drawn: Promise.all(drawn) };
}

/** A table in a box that scrolls where the window is narrow; a box that scrolls must be reachable by keyboard. */
function scrolling(table, label) {
  return element('div', { class: 'scrolling', tabindex: 0, role: 'region', 'aria-label': label }, table);
}
