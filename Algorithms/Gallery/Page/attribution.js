// One image, one class, one method: the picture and its map side by side, with everything that can be said about them.

/** What is chosen in an exhibit; its parts listen to 'change'. */
class Chosen extends EventTarget {
  constructor(exhibit) {
    super();
    this.exhibit = exhibit;
    this.image = exhibit.images[0];
    this.target = this.image.targets[0];
    this.method = exhibit.methods[0];
    this.numbers = new Map(exhibit.maps.map(number => [mapKey(gallery.maps[number]), number]));
  }

  /** Chooses by name; what is not there stays as it is. */
  choose({ image, target, method }) {
    const before = [this.image, this.target, this.method];
    this.image = this.exhibit.images.find(i => i.name === image) ?? this.image;
    // Another image has other classes: the same one where it has it, else its first.
    const wanted = target === undefined ? String(this.target.class) : target;
    this.target = this.image.targets.find(t => String(t.class) === wanted) ?? (this.image.targets.includes(this.target) ? this.target : this.image.targets[0]);
    this.method = this.exhibit.methods.find(m => m.name === method) ?? this.method;
    if ([this.image, this.target, this.method].some((now, i) => now !== before[i])) this.dispatchEvent(new Event('change'));
  }

  /** The map of a method and class for the chosen image, or null where the gallery has none. */
  async map(method = this.method, target = this.target) {
    const number = this.numbers.get(mapKey({ image: this.image.name, class: target.class, method: method.name }));
    return number === undefined ? null : mapOf(number);
  }
}

function mapKey({ image, class: target, method }) {
  return JSON.stringify([image, target, method]);
}

function targetTitle(target) {
  return `${target.name} (${target.class}${target.probability === null ? '' : `, p = ${numberText(target.probability, 3)}`})`;
}

function targetOptions(image) {
  return image.targets.map(t => ({ value: String(t.class), title: targetTitle(t) }));
}

function methodOptions(exhibit) {
  return exhibit.methods.map(m => ({ value: m.name, title: m.title }));
}

function buildAttribution(exhibit) {
  const chosen = new Chosen(exhibit);
  const explorer = buildExplorer(exhibit, chosen), methods = buildMethods(exhibit, chosen), compare = buildCompare(exhibit, chosen);
  followAddress(exhibit.id, chosen);
  return { root: element('div', {}, explorer.root, methods.root, compare.root), drawn: Promise.all([explorer.drawn, methods.drawn, compare.drawn]) };
}

function buildExplorer(exhibit, chosen) {
  const viewport = new Viewport();
  const photo = new View(viewport, 'photo', 'photo map readout'), map = new View(viewport, 'map', 'photo map readout');
  const caption = element('figcaption', { 'data-part': 'map-caption' }), photoCaption = element('figcaption', {});
  const readout = element('output', { class: 'readout', 'data-part': 'readout' }), details = element('div', { class: 'details', 'data-part': 'details' });
  let shown = null, asked = 0, colours = null, percentile = null;

  const images = choice('Image', { name: 'image', changes: 'photo map' }, exhibit.images.map(i => ({ value: i.name, title: i.name })), chosen.image.name, image => chosen.choose({ image }));
  const methods = choice('Method', { name: 'method', changes: 'map map-caption details' }, methodOptions(exhibit), chosen.method.name, method => chosen.choose({ method }));
  const targetPlace = element('div', { class: 'field-place' });
  let targets = null;
  function offerTargets() {
    targets = choice('Class explained', { name: 'class', changes: 'map map-caption' }, targetOptions(chosen.image), String(chosen.target.class), target => chosen.choose({ target }));
    targetPlace.replaceChildren(targets.root);
    targetPlace.image = chosen.image;
  }

  const palette = choice('Colours', { name: 'colours', changes: 'map scale-bar' },
    drawings.map(d => ({ value: d.name, title: d.title })), chosen.method.drawing, value => {
      colours = value;
      paint();
    });
  const clip = slider('Colours end at percentile', { name: 'clip', changes: 'map scale' },
    { min: 90, max: 100, step: 0.1, value: chosen.method.percentile, text: p => p.toFixed(1) }, value => {
      percentile = value;
      paint();
    });
  const scale = element('div', { class: 'scale-place', 'data-part': 'scale' });
  const tools = element('div', { class: 'toolbar' }, zoomButtons(viewport, 'explore', 'photo map'), palette.root, clip.root);

  function paint() {
    if (!shown) return;
    const { method, target, image } = chosen;
    const paint = painted(shown, colours ?? method.drawing, percentile ?? method.percentile);
    map.show(paint, image.picture, `${method.title} of ${image.name} for ${target.name}. Arrow keys read values, plus and minus zoom, zero shows everything`, zeroText(shown));
    scale.replaceChildren(scaleBar(paint.drawing, paint.limit), element('span', { class: 'hint' }, `${shareText(paint.clipped)} of the values lie beyond the ends`));
  }

  async function update() {
    const turn = ++asked, { image, target, method } = chosen;
    images.set(image.name);
    methods.set(method.name);
    if (targetPlace.image !== image) offerTargets();
    targets.set(String(target.class));
    const [picture, values] = await Promise.all([pictureOf(image.picture), chosen.map()]);
    // Somebody chose something else meanwhile.
    if (turn !== asked) return;
    // Another method is drawn as suits it, until the reader chooses otherwise again.
    if (shown?.method !== method.name) {
      colours = percentile = null;
      clip.set(method.percentile);
    }
    shown = values;
    if (shown) palette.set(drawingNamed(colours ?? method.drawing, shown).name, name => name !== 'rgb' || shown.channels === 3);
    photo.show(picture, image.picture, `${image.name}: ${image.alt}. Arrow keys read values, plus and minus zoom`);
    photoCaption.textContent = image.name;
    caption.textContent = `${method.title} for ${targetTitle(target)}`;
    if (values) paint();
    else map.show(null, image.picture, method.title, 'This map was not computed.');
    if (!values) scale.replaceChildren();
    details.replaceChildren(...describe(method, values));
    read();
  }

  async function read() {
    const { cursor } = viewport;
    if (!cursor) {
      readout.textContent = 'Point at a picture to read values; or focus one and use the arrow keys.';
      return;
    }
    const picture = await pictureOf(chosen.image.picture);
    const text = [placeText(picture, cursor), `picture ${pixelText(picture, cursor)}`];
    if (shown) text.push(`map ${valueText(shown, cursor)} (\u00b1 ${numberText(errorAt(shown, cursor), 2)})`);
    readout.textContent = text.join(' \u00b7 ');
    if (cursor.by === 'keys') announce(readout.textContent);
  }

  viewport.addEventListener('read', read);
  chosen.addEventListener('change', update);
  offerTargets();
  const root = element('div', { class: 'explore' },
    element('div', { class: 'toolbar' }, images.root, targetPlace, methods.root),
    element('div', { class: 'stage' },
      element('div', {},
        element('div', { class: 'views' }, element('figure', {}, photo.root, photoCaption), element('figure', {}, map.root, caption)),
        readout, tools,
        element('p', { class: 'hint' }, 'After a click on a picture the wheel zooms and dragging pans. Keys: + and \u2212 zoom, arrows move the point that is read, Shift and arrows pan, 0 shows everything.')),
      element('div', {}, scale, details)));
  return { root, drawn: update() };
}

/** What a map without signal says of itself: one colour alone could be a fault of the page. */
function zeroText(map) {
  return map.scale === 0 ? 'zero everywhere' : '';
}

/** What there is to say about a method and its map. */
function describe(method, map) {
  const facts = [...method.settings];
  if (map) {
    facts.push(['Smallest value', numberText(map.lowest)], ['Largest value', numberText(map.highest)], ['Size', `${map.width} \u00d7 ${map.height}, ${map.channels === 1 ? 'one number a pixel' : 'red, green and blue'}`]);
    facts.push(['Stored with', `${map.bits} bits: within ${numberText(map.error, 2)} of the value computed`]);
    if (map.notFinite > 0) facts.push(['Not finite', `${map.notFinite} values, drawn in magenta`]);
  }
  return [
    element('p', { class: 'explanation' }, method.explanation),
    noteList(map ? map.notes : ['This map was not computed.']),
    factList(facts),
    map?.command ? commandLine(map.command, 'copy-map') : null,
  ].filter(part => part !== null);
}

function indexAt({ width, height }, { x, y }) {
  return { column: Math.floor(x * width), row: Math.floor(y * height), at: Math.floor(y * height) * width + Math.floor(x * width) };
}

function placeText(picture, cursor) {
  const { column, row } = indexAt(picture, cursor);
  return `x ${column}, y ${row}`;
}

function pixelText(picture, cursor) {
  const { at } = indexAt(picture, cursor);
  return `rgb ${[0, 1, 2].map(c => picture.pixels[4 * at + c]).join(' ')}`;
}

/** The value of a map under the cursor, or its three. */
function valueText(map, cursor) {
  const { at } = indexAt(map, cursor), plane = map.width * map.height;
  return Array.from({ length: map.channels }, (_, c) => numberText(map.values[c * plane + at])).join(' ');
}

/** How far a stored value can be from the one computed. With 8 bits that depends on the value. */
function errorAt(map, cursor) {
  if (map.bits === 16 || map.scale === 0) return map.error;
  const { at } = indexAt(map, cursor), plane = map.width * map.height;
  const largest = Math.max(...Array.from({ length: map.channels }, (_, c) => Math.abs(map.values[c * plane + at]) || 0));
  return (Math.sqrt(largest / map.scale) * 127 + 0.25) / 127 / 127 * map.scale;
}
