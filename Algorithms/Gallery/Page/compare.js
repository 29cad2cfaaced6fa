// Any two maps of the chosen image side by side, zoomed together, and their difference.

function buildCompare(exhibit, chosen) {
  const viewport = new Viewport();
  const sides = [0, 1].map(number => sideOf(number)), difference = new View(viewport, 'difference', 'map-a map-b difference compare-readout');
  const caption = element('figcaption', { 'data-part': 'difference-caption' }), readout = element('output', { class: 'readout', 'data-part': 'compare-readout' });
  let oneScale = false, asked = 0, subtracted = null;
  const both = checkbox('The same colours for the same values in A and B', { name: 'one-scale', changes: 'compare-scale difference' }, checked => {
    oneScale = checked;
    paint();
  });
  const swap = button('Swap A and B', { name: 'swap', label: 'Swap A and B', changes: 'caption-a caption-b' }, () => {
    const [a, b] = sides;
    [a.method, b.method, a.target, b.target] = [b.method, a.method, b.target, a.target];
    update();
  });

  function sideOf(number) {
    const letter = 'ab'[number], changes = `map-${letter} caption-${letter} difference-caption`;
    const side = {
      letter, view: new View(viewport, `map-${letter}`, 'map-a map-b difference compare-readout'), caption: element('figcaption', { 'data-part': `caption-${letter}` }),
      method: firstMethods(exhibit, chosen)[number], target: null, targetPlace: element('div', { class: 'field-place' }), map: null,
    };
    side.methodChoice = choice('Method', { name: `method-${letter}`, changes }, methodOptions(exhibit), side.method.name, name => {
      side.method = exhibit.methods.find(m => m.name === name);
      update();
    });
    side.root = element('fieldset', {}, element('legend', {}, `Map ${letter.toUpperCase()}`), side.methodChoice.root, side.targetPlace);
    return side;
  }

  function offerTargets(side, number) {
    const { targets } = chosen.image;
    side.target = targets[exhibit.methods.length === 1 ? Math.min(number, targets.length - 1) : 0];
    side.targetChoice = choice('Class', { name: `class-${side.letter}`, changes: `map-${side.letter} caption-${side.letter} difference-caption` }, targetOptions(chosen.image), String(side.target.class), value => {
      side.target = targets.find(t => String(t.class) === value);
      update();
    });
    side.targetPlace.replaceChildren(side.targetChoice.root);
  }

  async function update() {
    const turn = ++asked;
    for (const [number, side] of sides.entries()) {
      if (side.image !== chosen.image) offerTargets(side, number);
      side.image = chosen.image;
      side.methodChoice.set(side.method.name);
      side.targetChoice.set(String(side.target.class));
    }
    const maps = await Promise.all(sides.map(s => chosen.map(s.method, s.target)));
    if (turn !== asked) return;
    sides.forEach((side, i) => { side.map = maps[i]; });
    paint();
  }

  function paint() {
    const { picture } = chosen.image, limits = sides.map(s => s.map ? painted(s.map, s.method.drawing, s.method.percentile).limit : 0), common = Math.max(...limits);
    for (const [i, side] of sides.entries()) {
      const name = `${side.letter.toUpperCase()}: ${side.method.title} for ${side.target.name}`;
      const paint = side.map ? painted(side.map, side.method.drawing, side.method.percentile, oneScale ? common : limits[i]) : null;
      side.view.show(paint, picture, name, paint ? zeroText(side.map) : 'This map was not computed.');
      side.caption.replaceChildren(element('span', {}, name), paint ? element('span', { 'data-part': 'compare-scale' }, scaleBar(paint.drawing, paint.limit)) : '');
    }
    subtracted = sides.every(s => s.map) ? differenceOf(sides, oneScale) : null;
    if (subtracted) {
      const { values, width, height, cosine } = subtracted;
      // The same colours for every pair: maps that are alike must look it.
      difference.show(paintedValues(values, width, height, drawings[0], 1), picture, 'A minus B');
      const alike = cosine === null ? 'no cosine: one of them is zero' : `cosine ${numberText(cosine, 3)}`;
      caption.replaceChildren(element('span', {}, `A \u2212 B, ${oneScale ? 'both' : 'each'} divided by ${oneScale ? 'the larger end of their' : 'the end of its'} scale (${alike})`), scaleBar(drawings[0], 1));
    } else {
      difference.show(null, picture, 'A minus B', 'There is nothing to subtract.');
      caption.textContent = '';
    }
    read();
  }

  function read() {
    const { cursor } = viewport;
    readout.textContent = !cursor ? 'Point at a map to read both values.' : [
      ...sides.filter(s => s.map).map(s => `${s.letter.toUpperCase()} ${valueText(s.map, cursor)}`),
      subtracted ? `A \u2212 B ${numberText(subtracted.values[indexAt(subtracted, cursor).at])}` : null,
    ].filter(text => text !== null).join(' \u00b7 ');
    if (cursor?.by === 'keys') announce(readout.textContent);
  }

  viewport.addEventListener('read', read);
  chosen.addEventListener('change', () => {
    if (sides[0].image !== chosen.image) update();
  });
  const drawn = update();
  const root = element('div', { class: 'part compare' },
    element('h3', {}, 'Compare two maps'),
    element('p', { class: 'hint' }, 'Choose two methods, or one method and two classes: what differs shows in the third picture.'),
    element('div', { class: 'toolbar' }, sides.map(s => s.root), swap),
    element('div', { class: 'views three' },
      sides.map(s => element('figure', {}, s.view.root, s.caption)), element('figure', {}, difference.root, caption)),
    readout,
    element('div', { class: 'toolbar' }, zoomButtons(viewport, 'compare', 'map-a map-b difference'), both));
  return { root, drawn };
}

/** Two methods to compare at first: those whose maps have a signal, where there are as many; with one method, two classes of it. */
function firstMethods(exhibit, chosen) {
  const hasSignal = method => gallery.maps[chosen.numbers.get(mapKey({ image: chosen.image.name, class: chosen.target.class, method: method.name }))]?.scale > 0;
  const [first = exhibit.methods[0], second = exhibit.methods.find(m => m !== first) ?? first] = exhibit.methods.filter(hasSignal);
  return [first, second];
}

/** A minus B, one number a pixel (channels are added), each divided by where its colours end, at the size of the larger map. */
function differenceOf(sides, oneScale) {
  const [a, b] = sides.map(s => s.map), [wide, narrow] = a.width * a.height >= b.width * b.height ? [a, b] : [b, a];
  const { width, height } = wide, ends = sides.map(s => limitOf(preparedFor(s.map, drawings[0]).ascending, s.method.percentile)), common = Math.max(...ends);
  const parts = [a, b].map((map, i) => scaledSum(map, oneScale ? common : ends[i], width, height));
  const values = parts[0].map((value, i) => value - parts[1][i]);
  // Of all channels where both have the same, else of the sums that are subtracted.
  const same = wide.width === narrow.width && wide.height === narrow.height && a.channels === b.channels;
  return { values, width, height, cosine: same ? cosineOf(a.values, b.values) : cosineOf(parts[0], parts[1]) };
}

function scaledSum(map, end, width, height) {
  const { values } = preparedFor(map, drawings[0]);
  const scaled = new Float32Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = Math.floor((y + 0.5) / height * map.height) * map.width + Math.floor((x + 0.5) / width * map.width);
      scaled[y * width + x] = end === 0 ? 0 : values[at] / end;
    }
  }
  return scaled;
}
