// Values under the pointer and the keyboard's cursor, commands that are copied, addresses that lead to a view.

import { require } from './open.mjs';

function hashOf({ exhibit, image, class: target, method }) {
  return `#${exhibit}:${new URLSearchParams({ image, class: target, method })}`;
}

const plain = text => Number(text.replaceAll('\u2212', '-'));

function parsed(text) {
  const match = /x (\d+), y (\d+) .* map (.*) \(\u00b1 (.*)\)/.exec(text);
  require(match, `the readout says '${text}'`);
  return { x: Number(match[1]), y: Number(match[2]), values: match[3].split(' ').map(plain), error: plain(match[4]) };
}

function near(found, { values, tolerance }, text) {
  require(found.values.length === values.length, `${text}: ${found.values.length} values, not ${values.length}`);
  // Four digits are shown.
  values.forEach((value, i) => require(Math.abs(found.values[i] - value) <= tolerance + 5.1e-4 * Math.abs(value), `${text}: ${found.values[i]} is not within ${tolerance} of ${value}`));
}

/** The size of a map as the document has it. */
function sizeOf(page, { image, class: target, method }) {
  return page.evaluate(([i, c, m]) => JSON.parse(document.getElementById('document').textContent).maps.find(map => map.image === i && map.class === c && map.method === m), [image, target, method]);
}

/** Goes to a view by its address and waits until it is there. */
async function goTo(page, place) {
  await page.evaluate(hash => { location.hash = hash; }, hashOf(place));
  const { title, target } = await page.evaluate(({ exhibit, image, class: number, method }) => {
    const shown = JSON.parse(document.getElementById('document').textContent).exhibits.find(e => e.id === exhibit);
    return { title: shown.methods.find(m => m.name === method).title, target: shown.images.find(i => i.name === image).targets.find(t => t.class === number).name };
  }, place);
  await page.waitForFunction(([id, start]) => document.querySelector(`[id="${id}"] [data-part="map-caption"]`).textContent.startsWith(start), [place.exhibit, `${title} for ${target} (`]);
}

async function values({ load }, { values: places = [] }) {
  require(places.length > 0, 'no value is expected: nothing would be checked');
  const page = await load();
  for (const place of places) {
    await goTo(page, place);
    const section = page.locator(`[id="${place.exhibit}"]`);
    const map = section.locator('[data-part="map"]'), readout = section.locator('[data-part="readout"]');
    const { width, height } = await sizeOf(page, place);
    await map.scrollIntoViewIfNeeded();
    const box = await map.boundingBox(), at = [box.x + (place.x + 0.5) / width * box.width, box.y + (place.y + 0.5) / height * box.height], what = JSON.stringify(place);
    await page.mouse.move(...at);
    const pointed = parsed(await readout.textContent());
    near(pointed, place, `pointer, ${what}`);
    require(pointed.error <= place.tolerance * 1.06, `it says \u00b1 ${pointed.error}, the document ${place.tolerance}: ${what}`);
    // Zoomed about the pointer, the same value lies under it.
    await page.mouse.click(...at);
    await page.mouse.wheel(0, -400);
    await page.mouse.move(at[0] + 0.2, at[1]);
    near(parsed(await readout.textContent()), place, `zoomed, ${what}`);
    await page.mouse.move(0, 0);
    // From the pixel beside it, by keyboard, and said aloud.
    await map.focus();
    await page.keyboard.press('0');
    await page.mouse.move(...at);
    await page.keyboard.press(place.x > 0 ? 'ArrowLeft' : 'ArrowRight');
    await page.keyboard.press(place.x > 0 ? 'ArrowRight' : 'ArrowLeft');
    await page.waitForTimeout(30);
    const text = await readout.textContent();
    near(parsed(text), place, `keyboard, ${what}`);
    require(await page.locator('#announcements').textContent() === text, `not announced: ${text}`);
    await page.keyboard.press('Escape');
  }
  await page.close();
  return `${places.length} places`;
}

async function commands({ load }, { commands: expected = [] }) {
  require(expected.length > 0, 'no command is expected: nothing would be checked');
  const page = await load();
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  for (const place of expected) {
    await goTo(page, place);
    const copy = page.locator(`[id="${place.exhibit}"] [data-control="copy-map"]`);
    await copy.click();
    await page.waitForTimeout(50);
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    require(copied === place.command, `copied '${copied}', not '${place.command}'`);
    // Where a page may not copy, it selects.
    await page.evaluate(() => { navigator.clipboard.writeText = () => Promise.reject(new Error('refused')); });
    await copy.click();
    await page.waitForTimeout(50);
    await page.evaluate(() => { delete navigator.clipboard.writeText; });
    const selected = await page.evaluate(() => getSelection().toString());
    require(selected === place.command, `selected '${selected}', not '${place.command}'`);
  }
  await page.close();
  return `${expected.length} commands`;
}

// A view that was linked is the view that opens.
async function addresses({ load, address }, { values: places = [] }) {
  require(places.length > 0, 'no view is expected: nothing would be checked');
  const page = await load();
  // A page for each is opened: the first and the last are enough.
  for (const place of new Set([places[0], places.at(-1)])) {
    const section = page.locator(`[id="${place.exhibit}"]`), chosen = () => section.evaluate(s => ['image', 'class', 'method'].map(n => s.querySelector(`select[data-control="${n}"]`)?.value ?? null));
    const wanted = [place.image, String(place.class), place.method];
    for (const [i, name] of ['image', 'class', 'method'].entries()) {
      const select = section.locator(`select[data-control="${name}"]`);
      if (await select.count() > 0) await select.selectOption(wanted[i]);
    }
    await page.waitForTimeout(100);
    const caption = await section.locator('[data-part="map-caption"]').textContent(), link = page.url();
    const other = await load({ hash: link.slice(address.length) });
    const there = other.locator(`[id="${place.exhibit}"]`);
    require(await there.locator('[data-part="map-caption"]').textContent() === caption, `${link} does not lead to '${caption}'`);
    require(JSON.stringify(await there.evaluate(s => ['image', 'class', 'method'].map(n => s.querySelector(`select[data-control="${n}"]`)?.value ?? null))) === JSON.stringify(await chosen()), `${link}: other choices`);
    await other.close();
  }
  await page.close();
  return page.url();
}

export const checks = { values, commands, addresses };
