// What happens when the page is opened.

import { require } from './open.mjs';

const FIRST_PAINT_MS = 1000;

async function quiet({ load }) {
  const page = await load();
  await page.waitForTimeout(200);
  require(page.heard.length === 0, page.heard.join('\n'));
  await page.close();
}

async function alone({ load, address, served }) {
  served.length = 0;
  const page = await load();
  require(page.asked.length === 1 && page.asked[0] === address, `requests: ${page.asked.join(' ')}`);
  require(served.length === 1, `served: ${served.join(' ')}`);
  const policy = await page.locator('meta[http-equiv="Content-Security-Policy"]').getAttribute('content');
  require(policy.startsWith("default-src 'none'"), policy);
  await page.close();
}

// The best of up to three: what the page needs, not what else the machine is doing.
async function firstPaint({ load, size }) {
  const times = [];
  for (let i = 0; i < 3 && !times.some(([paint]) => paint <= FIRST_PAINT_MS); i++) {
    const page = await load();
    times.push(await page.evaluate(() => [performance.getEntriesByName('first-contentful-paint')[0].startTime, performance.getEntriesByName('gallery-drawn')[0].startTime]));
    await page.close();
  }
  const [paint, drawn] = [0, 1].map(i => Math.min(...times.map(t => t[i])));
  const said = `${(size / 1e6).toFixed(2)} MB: first paint after ${Math.round(paint)} ms, everything drawn after ${Math.round(drawn)} ms`;
  require(paint <= FIRST_PAINT_MS, said);
  return said;
}

// Every picture of the page has pixels, and not all of one colour; what is one colour must say why.
async function pictures({ load }) {
  const page = await load();
  const found = await page.evaluate(async () => {
    const shown = [...document.querySelectorAll('.exhibit canvas:not(.scale-colours), .exhibit img')];
    const seen = [];
    for (const picture of shown) {
      if (picture instanceof HTMLImageElement) await picture.decode().catch(() => {});
      const width = picture.naturalWidth ?? picture.width, height = picture.naturalHeight ?? picture.height;
      const frame = picture.closest('.view-frame, .tile-picture, figure'), words = frame?.querySelector('.view-message, .tile-note')?.textContent ?? '';
      const box = picture.getBoundingClientRect(), colours = new Set();
      if (width > 0 && height > 0) {
        const copy = document.createElement('canvas');
        Object.assign(copy, { width, height });
        const context = copy.getContext('2d');
        context.drawImage(picture, 0, 0);
        const { data } = context.getImageData(0, 0, width, height);
        for (let i = 0; i < data.length && colours.size < 3; i += 4) if (data[i + 3] > 0) colours.add(data[i] << 16 | data[i + 1] << 8 | data[i + 2]);
      }
      seen.push({ what: picture.getAttribute('aria-label') ?? picture.alt ?? picture.closest('button')?.textContent ?? picture.className, width, height, colours: colours.size, words, area: box.width * box.height });
    }
    return seen;
  });
  const withPixels = found.filter(f => f.colours > 1 && f.area > 0), empty = found.filter(f => (f.colours < 2 || f.area === 0) && f.words === '');
  require(withPixels.length > 0, `the page shows no picture (${found.length} places for one)`);
  require(empty.length === 0, `empty without a word: ${JSON.stringify(empty)}`);
  await page.close();
  return `${withPixels.length} pictures`;
}

export const checks = { quiet, alone, firstPaint, pictures };
