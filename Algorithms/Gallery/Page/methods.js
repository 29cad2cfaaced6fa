// One image and class under every method: a grid of small maps of which one is chosen.

function buildMethods(exhibit, chosen) {
  const heading = freshId('all-methods'), title = element('p', { class: 'hint printed', 'data-part': 'methods-title' });
  const tiles = exhibit.methods.map(method => tileOf(method));
  const grid = element('div', { class: 'tiles', role: 'radiogroup', 'aria-labelledby': heading, 'data-control': 'methods', 'data-kind': 'grid', 'data-changes': 'map map-caption details', keydown: key }, tiles.map(t => t.root));
  let asked = 0;

  function tileOf(method) {
    const canvas = element('canvas', { 'aria-hidden': 'true' }), missing = element('span', { class: 'tile-note' });
    const root = element('button', { type: 'button', class: 'tile', role: 'radio', 'data-part': `tile-${method.name}`, click: () => chosen.choose({ method: method.name }) },
      element('span', { class: 'tile-picture' }, canvas, missing), element('span', { class: 'tile-title' }, method.title));
    return { method, canvas, missing, root };
  }

  function key(event) {
    const at = tiles.findIndex(t => t.root === document.activeElement);
    const columns = getComputedStyle(grid).gridTemplateColumns.split(' ').length;
    const to = { ArrowLeft: at - 1, ArrowRight: at + 1, ArrowUp: at - columns, ArrowDown: at + columns, Home: 0, End: tiles.length - 1 }[event.key];
    if (at < 0 || to === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    if (!tiles[to]) return;
    tiles[to].root.focus();
    chosen.choose({ method: tiles[to].method.name });
  }

  async function update() {
    const turn = ++asked;
    title.textContent = `${chosen.image.name}, explained for ${targetTitle(chosen.target)}. Choose one to see it above.`;
    for (const { method, root } of tiles) {
      const isChosen = method === chosen.method;
      root.setAttribute('aria-checked', String(isChosen));
      root.tabIndex = isChosen ? 0 : -1;
    }
    if (grid.image === chosen.image && grid.target === chosen.target) return;
    [grid.image, grid.target] = [chosen.image, chosen.target];
    for (const tile of tiles) {
      const map = await chosen.map(tile.method);
      if (turn !== asked && (grid.image !== chosen.image || grid.target !== chosen.target)) return;
      tile.missing.textContent = map === null ? 'not computed' : zeroText(map);
      if (map) drawSmall(tile.canvas, map, tile.method, chosen.image.picture);
      else tile.canvas.width = tile.canvas.height = 0;
    }
  }

  chosen.addEventListener('change', update);
  return {
    root: element('div', { class: 'part' }, element('h3', { id: heading }, 'The same image under every method'), title, grid),
    drawn: update(),
  };
}

/** Draws a map as its method asks, over the extent of its image. */
function drawSmall(canvas, map, method, picture) {
  copyInto(canvas, painted(map, method.drawing, method.percentile).canvas);
  shapeAs(canvas, picture);
  canvas.classList.toggle('pixels', map.width < 64);
}

/** Makes one canvas like another. */
function copyInto(canvas, source) {
  Object.assign(canvas, { width: source.width, height: source.height });
  canvas.getContext('2d').drawImage(source, 0, 0);
}
