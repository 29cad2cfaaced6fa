// A canvas that shows a part of a picture or map, zoomed and panned with the other views of its viewport.

class View {
  #source = null;
  #viewport;
  #drag = null;

  constructor(viewport, part, changes) {
    this.#viewport = viewport;
    this.canvas = element('canvas', {
      class: 'view', tabindex: 0, role: 'application', 'aria-roledescription': 'zoomable picture', 'data-part': part,
      'data-control': `view-${part}`, 'data-kind': 'view', 'data-changes': changes,
      pointermove: e => this.#pointerMoved(e), pointerdown: e => this.#pressed(e), pointerup: () => this.#released(), pointercancel: () => this.#released(),
      pointerleave: () => this.#left(), keydown: e => this.#key(e),
    });
    // Not passive: a wheel that zooms must not scroll as well.
    this.canvas.addEventListener('wheel', e => this.#wheel(e), { passive: false });
    this.message = element('span', {});
    this.root = element('div', { class: 'view-frame' }, this.canvas, element('p', { class: 'view-message' }, this.message));
    viewport.addEventListener('change', () => this.draw());
    new ResizeObserver(() => this.draw()).observe(this.canvas);
  }

  /** Shows something drawable over the extent of a picture, or a message where there is nothing. */
  show(source, picture, label, message = '') {
    this.#source = source;
    this.message.textContent = message;
    this.canvas.setAttribute('aria-label', message === '' ? label : `${label}: ${message}`);
    shapeAs(this.canvas, picture);
    this.draw();
  }

  draw() {
    const { canvas } = this, box = canvas.getBoundingClientRect();
    // A canvas that is not laid out keeps what it has.
    if (box.width === 0) return;
    const width = Math.round(box.width * devicePixelRatio), height = Math.round(box.height * devicePixelRatio);
    if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
    const context = canvas.getContext('2d');
    context.clearRect(0, 0, width, height);
    canvas.classList.toggle('zoomed', !this.#viewport.isWhole);
    if (!this.#source) return;
    const { width: columns, height: rows } = this.#source, { zoom, left, top } = this.#viewport;
    // Enlarged pixels stay pixels: smooth ones would be values that nobody computed.
    context.imageSmoothingEnabled = width * zoom < columns;
    context.imageSmoothingQuality = 'high';
    context.drawImage(this.#source.canvas, left * columns, top * rows, columns / zoom, rows / zoom, 0, 0, width, height);
    if (this.#viewport.cursor) this.#drawCursor(context, width, height);
  }

  #drawCursor(context, width, height) {
    const { width: columns, height: rows } = this.#source, { zoom, left, top, cursor } = this.#viewport;
    const pixelWidth = width * zoom / columns, pixelHeight = height * zoom / rows;
    const x = (Math.floor(cursor.x * columns) / columns - left) * zoom * width, y = (Math.floor(cursor.y * rows) / rows - top) * zoom * height;
    // Small pixels get a box around them that can be seen.
    const spareX = Math.max(0, (10 - pixelWidth) / 2), spareY = Math.max(0, (10 - pixelHeight) / 2);
    for (const [colour, thickness] of [['#000', 3], ['#fff', 1.5]]) {
      context.strokeStyle = colour;
      context.lineWidth = thickness * devicePixelRatio;
      context.strokeRect(x - spareX, y - spareY, pixelWidth + 2 * spareX, pixelHeight + 2 * spareY);
    }
  }

  #pointOf(event) {
    const box = this.canvas.getBoundingClientRect(), { zoom, left, top } = this.#viewport;
    const x = left + (event.clientX - box.left) / box.width / zoom, y = top + (event.clientY - box.top) / box.height / zoom;
    return { x: clamp(x, 0, 1 - 1e-9), y: clamp(y, 0, 1 - 1e-9), by: 'pointer' };
  }

  #pointerMoved(event) {
    if (this.#drag) {
      const box = this.canvas.getBoundingClientRect(), { zoom } = this.#viewport;
      this.#viewport.panBy((this.#drag.x - event.clientX) / box.width / zoom, (this.#drag.y - event.clientY) / box.height / zoom);
      this.#drag = { x: event.clientX, y: event.clientY };
    }
    this.#viewport.read(this.#pointOf(event));
  }

  #pressed(event) {
    this.canvas.focus({ preventScroll: true });
    this.#viewport.read(this.#pointOf(event));
    if (this.#viewport.isWhole) return;
    this.canvas.setPointerCapture(event.pointerId);
    this.#drag = { x: event.clientX, y: event.clientY };
  }

  #released() {
    this.#drag = null;
  }

  #left() {
    if (!this.#drag && this.#viewport.cursor?.by === 'pointer') this.#viewport.read(null);
  }

  #wheel(event) {
    // A page that scrolls past must not zoom by accident: only after a click, or with Ctrl as elsewhere in a browser.
    if (document.activeElement !== this.canvas && !event.ctrlKey) return;
    event.preventDefault();
    const { x, y } = this.#pointOf(event);
    this.#viewport.zoomBy(Math.exp(-event.deltaY / 300), x, y);
  }

  #key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || !this.#source) return;
    const steps = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }, viewport = this.#viewport;
    const about = viewport.cursor ?? viewport;
    if (event.key === '+' || event.key === '=') viewport.zoomBy(1.5, about.x, about.y);
    else if (event.key === '-' || event.key === '_') viewport.zoomBy(1 / 1.5, about.x, about.y);
    else if (event.key === '0') viewport.showWhole();
    else if (event.key === 'Escape') viewport.read(null);
    else if (steps[event.key] && event.shiftKey) viewport.panBy(steps[event.key][0] / 10 / viewport.zoom, steps[event.key][1] / 10 / viewport.zoom);
    else if (steps[event.key]) this.#step(...steps[event.key]);
    else return;
    event.preventDefault();
  }

  // To the middle of the next pixel.
  #step(right, down) {
    const { width, height } = this.#source, from = this.#viewport.cursor ?? this.#viewport;
    const x = clamp(Math.floor(from.x * width) + right, 0, width - 1), y = clamp(Math.floor(from.y * height) + down, 0, height - 1);
    this.#viewport.read({ x: (x + 0.5) / width, y: (y + 0.5) / height, by: 'keys' });
    this.#viewport.follow();
  }
}

/** The buttons that zoom the views of a viewport. */
function zoomButtons(viewport, name, changes) {
  return element('div', { class: 'button-row', role: 'group', 'aria-label': 'Zoom' },
    button('\u2212', { name: `${name}-zoom-out`, label: 'Zoom out', changes, needs: `${name}-zoom-in` }, () => viewport.zoomBy(1 / 1.5)),
    button('+', { name: `${name}-zoom-in`, label: 'Zoom in', changes }, () => viewport.zoomBy(1.5)),
    button('Whole', { name: `${name}-zoom-whole`, label: 'Show the whole picture', changes, needs: `${name}-zoom-in` }, () => viewport.showWhole()));
}
