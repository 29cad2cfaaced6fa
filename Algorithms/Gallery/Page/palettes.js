// How the numbers of a map become colours.

const palettes = Object.fromEntries(gallery.palettes.map(p => [p.name, Uint8Array.from(atob(p.colours), letter => letter.charCodeAt(0))]));

/** The ways to draw a map: 'signed' ones add channels and keep the sign, the others take the largest magnitude. */
const drawings = [
  { name: 'signed', title: 'Sign: blue to red', palette: 'diverging', signed: true },
  { name: 'blue-orange', title: 'Sign: blue to orange', palette: 'blue-orange', signed: true },
  { name: 'heat', title: 'Magnitude: heat', palette: 'heat', signed: false },
  { name: 'grey', title: 'Magnitude: grey', palette: 'grey', signed: false },
  { name: 'rgb', title: 'Channels: red, green, blue', palette: null, signed: true },
];

function drawingNamed(name, map) {
  // A map of one channel has no colours of its own.
  return drawings.find(d => d.name === (name === 'rgb' && map.channels === 1 ? 'signed' : name));
}

/** The planes that a drawing shows: one, or three for colours. */
function planesOf(map, drawing) {
  if (drawing.palette === null || (map.channels === 1 && drawing.signed)) return map.values;
  const plane = map.width * map.height, values = new Float32Array(plane);
  for (let i = 0; i < map.values.length; i++) {
    const at = i % plane, value = map.values[i];
    if (drawing.signed) values[at] += value;
    else values[at] = Math.abs(value) > values[at] || Number.isNaN(value) ? Math.abs(value) : values[at];
  }
  return values;
}

/** Planes of a map and their magnitudes in order, kept with the map: sliders ask for them again and again. */
function preparedFor(map, drawing) {
  const key = drawing.palette === null ? 'all' : drawing.signed ? 'sum' : 'largest';
  map.prepared ??= {};
  map.prepared[key] ??= prepare(planesOf(map, drawing));
  return map.prepared[key];
}

function prepare(values) {
  return { values, ascending: values.filter(Number.isFinite).map(Math.abs).sort() };
}

/** The magnitude at which colours end. */
function limitOf(ascending, percentile) {
  if (ascending.length === 0) return 0;
  const limit = percentileOf(ascending, percentile);
  // A map with fewer bright pixels than the percentile leaves out would be clipped to nothing.
  return limit > 0 ? limit : ascending[ascending.length - 1];
}

/** Draws a map at its own size; a limit given wins over the percentile. */
function painted(map, drawingName, percentile, limit = null) {
  const drawing = drawingNamed(drawingName, map);
  const { values, ascending } = preparedFor(map, drawing);
  const end = limit ?? limitOf(ascending, percentile);
  return { ...paintedValues(values, map.width, map.height, drawing, end), drawing, limit: end, clipped: clippedShare(ascending, end) };
}

function clippedShare(ascending, limit) {
  if (ascending.length === 0) return 0;
  let clipped = 0;
  while (clipped < ascending.length && ascending[ascending.length - 1 - clipped] > limit) clipped++;
  return clipped / ascending.length;
}

/** Draws planes of numbers between a limit and its negative, or between zero and it. */
function paintedValues(values, width, height, drawing, limit) {
  const canvas = element('canvas', { width, height });
  const context = canvas.getContext('2d');
  const image = context.createImageData(width, height);
  const plane = width * height, colours = palettes[drawing.palette];
  const place = value => limit === 0 ? (drawing.signed ? 0.5 : 0) : clamp(drawing.signed ? 0.5 + value / limit / 2 : value / limit, 0, 1);
  for (let i = 0; i < plane; i++) {
    const out = 4 * i;
    image.data[out + 3] = 255;
    const bad = drawing.palette === null ? !(Number.isFinite(values[i] + values[plane + i] + values[2 * plane + i])) : !Number.isFinite(values[i]);
    if (bad) {
      image.data[out] = image.data[out + 2] = 255;
    } else if (drawing.palette === null) {
      for (let c = 0; c < 3; c++) image.data[out + c] = Math.round(255 * place(values[c * plane + i]));
    } else {
      const at = 3 * Math.round(255 * place(values[i]));
      for (let c = 0; c < 3; c++) image.data[out + c] = colours[at + c];
    }
  }
  context.putImageData(image, 0, 0);
  return { canvas, width, height };
}

/** A bar of a drawing's colours with the numbers at its ends. */
function scaleBar(drawing, limit) {
  const low = drawing.signed ? `${numberText(-limit, 3)}` : '0';
  const bar = element('canvas', { width: 256, height: 1, class: 'scale-colours', 'aria-hidden': 'true', 'data-part': 'scale-bar' });
  const context = bar.getContext('2d'), image = context.createImageData(256, 1);
  for (let i = 0; i < 256; i++) {
    for (let c = 0; c < 3; c++) image.data[4 * i + c] = drawing.palette === null ? i : palettes[drawing.palette][3 * i + c];
    image.data[4 * i + 3] = 255;
  }
  context.putImageData(image, 0, 0);
  return element('span', { class: 'scale' }, element('span', {}, low), bar, element('span', {}, numberText(limit, 3)));
}
