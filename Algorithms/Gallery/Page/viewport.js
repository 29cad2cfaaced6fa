// What several views show of the same place: zoom, centre and the point that is read. All in shares of the picture, 0 to 1.

const MOST_ZOOM = 32;

class Viewport extends EventTarget {
  zoom = 1;
  x = 0.5;
  y = 0.5;
  /** The point that is read, or null. */
  cursor = null;

  get isWhole() {
    return this.zoom === 1;
  }

  /** The left upper corner of what is seen. */
  get left() {
    return this.x - 0.5 / this.zoom;
  }

  get top() {
    return this.y - 0.5 / this.zoom;
  }

  /** Zooms about a point, which stays where it is. */
  zoomBy(factor, x = this.x, y = this.y) {
    const zoom = clamp(this.zoom * factor, 1, MOST_ZOOM), kept = this.zoom / zoom;
    this.zoom = zoom;
    this.moveTo(x + (this.x - x) * kept, y + (this.y - y) * kept);
  }

  panBy(x, y) {
    this.moveTo(this.x + x, this.y + y);
  }

  showWhole() {
    this.zoom = 1;
    this.moveTo(0.5, 0.5);
  }

  moveTo(x, y) {
    const half = 0.5 / this.zoom;
    this.x = clamp(x, half, 1 - half);
    this.y = clamp(y, half, 1 - half);
    this.dispatchEvent(new Event('change'));
  }

  /** Reads a point; null reads none. */
  read(cursor) {
    this.cursor = cursor;
    this.dispatchEvent(new Event('change'));
    this.dispatchEvent(new Event('read'));
  }

  /** Brings the point that is read into what is seen. */
  follow() {
    const half = 0.5 / this.zoom;
    this.moveTo(clamp(this.x, this.cursor.x - half, this.cursor.x + half), clamp(this.y, this.cursor.y - half, this.cursor.y + half));
  }
}
