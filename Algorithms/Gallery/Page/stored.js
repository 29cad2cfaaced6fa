// The document and what is stored beside it: pictures as PNG, maps as quantised, deflated numbers.

const gallery = JSON.parse(document.getElementById('document').textContent);

function storedBytes(id) {
  return Uint8Array.from(atob(document.getElementById(id).textContent), letter => letter.charCodeAt(0));
}

/** Calls a function once for an argument and keeps what it gave. */
function kept(make) {
  const made = new Map();
  return key => {
    if (!made.has(key)) made.set(key, make(key));
    return made.get(key);
  };
}

const pictureBlob = kept(number => new Blob([storedBytes(`picture-${number}`)], { type: 'image/png' }));

/** An address of a stored picture within this page. */
const pictureUrl = kept(number => URL.createObjectURL(pictureBlob(number)));

/** Gives a canvas the shape of a stored picture: a map of fewer pixels covers all of its image. */
function shapeAs(canvas, number) {
  const { width, height } = gallery.pictures[number];
  canvas.style.aspectRatio = `${width} / ${height}`;
}

/** The pixels of a stored picture, once they are decoded: something to draw, and its RGBA bytes. */
const pictureOf = kept(async number => {
  const bitmap = await createImageBitmap(pictureBlob(number));
  const canvas = element('canvas', { width: bitmap.width, height: bitmap.height });
  const context = canvas.getContext('2d', { willReadFrequently: true });
  context.drawImage(bitmap, 0, 0);
  return { canvas, width: bitmap.width, height: bitmap.height, pixels: context.getImageData(0, 0, bitmap.width, bitmap.height).data };
});

/** A stored map with its values, once they are unpacked: planes of channels, rows from the top; NaN is what was not finite. */
const mapOf = kept(async number => {
  const map = gallery.maps[number];
  const unpacked = new Blob([storedBytes(`map-${number}`)]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
  const bytes = new Uint8Array(await new Response(unpacked).arrayBuffer());
  const count = map.width * map.height * map.channels;
  const values = new Float32Array(count);
  for (let i = 0; i < count; i++) values[i] = map.bits === 16 ? value16(bytes[i] << 8 | bytes[count + i], map.scale) : value8(bytes[i], map.scale);
  return { ...map, number, values };
});

function value16(stored, scale) {
  return stored === 0 ? NaN : (stored - 32768) / 32767 * scale;
}

function value8(stored, scale) {
  const code = stored - 128, part = code / 127;
  return code === -128 ? NaN : Math.sign(code) * part * part * scale;
}
