// The maps of several classes in a row per method, and how alike they are.

function buildSensitivity(exhibit) {
  const { image, rows } = exhibit, drawn = [];
  const lowest = Math.min(0, ...rows.map(r => r.cosine.low ?? r.cosine.value ?? 0));
  const lines = rows.map((row, number) => ({ row, number, root: line(row) }));
  const body = element('tbody', { role: 'rowgroup' }, lines.map(l => l.root));
  // Roles are said because a narrow window lays the rows out as something that is no table.
  const heading = element('th', { scope: 'col', role: 'columnheader' });
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
      return element('td', { role: 'cell' }, element('span', { class: 'tile-picture' }, canvas, note));
    });
    return element('tr', { role: 'row' }, element('th', { scope: 'row', role: 'rowheader' }, row.method.title), cells, element('td', { class: 'number', role: 'cell' }, measure(row.cosine, lowest, 1)));
  }

  async function show(number, canvas, note, method) {
    if (number === null) {
      note.textContent = 'not computed';
      return;
    }
    const map = await mapOf(number);
    drawSmall(canvas, map, method, image.picture);
    note.textContent = zeroText(map);
  }

  const table = element('table', { class: 'sensitivity', role: 'table', 'data-part': 'table' },
    element('caption', {}, `Maps of ${image.name} for ${image.targets.length} classes`),
    element('thead', { role: 'rowgroup' }, element('tr', { role: 'row' }, element('th', { scope: 'col', role: 'columnheader' }, 'Method'), image.targets.map(t => element('th', { scope: 'col', role: 'columnheader' }, `${t.name} (${t.class})`)), heading)),
    body);
  table.style.setProperty('--classes', image.targets.length);
  const picture = element('figure', { class: 'subject' }, element('img', { src: pictureUrl(image.picture), alt: image.alt }), element('figcaption', {}, image.name));
  return { root: element('div', { class: 'with-subject' }, picture, scrolling(table, `${exhibit.title}, table`)), drawn: Promise.all(drawn) };
}

/** A table in a box that scrolls where the window is narrow; a box that scrolls must be reachable by keyboard. */
function scrolling(table, label) {
  return element('div', { class: 'scrolling', tabindex: 0, role: 'region', 'aria-label': label }, table);
}
