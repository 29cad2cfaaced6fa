// Light and dark, paper, narrow windows, little motion.

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { require } from './open.mjs';

const NARROW = { width: 360, height: 740 };

async function photograph(page, { screenshots }, name) {
  if (!screenshots) return;
  mkdirSync(screenshots, { recursive: true });
  await page.screenshot({ path: join(screenshots, `${name}.png`), fullPage: true });
}

async function themes({ load }, expected) {
  const backgrounds = [];
  for (const colorScheme of ['light', 'dark']) {
    const page = await load({ colorScheme });
    backgrounds.push(await page.evaluate(() => getComputedStyle(document.body).backgroundColor));
    const faint = await page.evaluate(faintTexts);
    require(faint.length === 0, `${colorScheme}: too little contrast: ${faint.join('; ')}`);
    await photograph(page, expected, colorScheme);
    // The toggle turns it round, the choice is kept, and its contrast holds too.
    await page.locator('[data-control="theme"]').click();
    const turned = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    require(turned !== backgrounds.at(-1), `the toggle does nothing in ${colorScheme}`);
    const faintTurned = await page.evaluate(faintTexts);
    require(faintTurned.length === 0, `${colorScheme} turned round: too little contrast: ${faintTurned.join('; ')}`);
    await page.reload();
    require(await page.evaluate(() => getComputedStyle(document.body).backgroundColor) === turned, 'the chosen theme is forgotten');
    await page.evaluate(() => localStorage.clear());
    await page.close();
  }
  require(backgrounds[0] !== backgrounds[1], `light and dark look alike: ${backgrounds}`);
}

// Texts with less contrast to what lies behind them than WCAG 2.2 AA asks for (1.4.3). Runs in the page.
function faintTexts() {
  const rgba = text => (text.match(/[\d.]+/g) ?? [0, 0, 0, 0]).map(Number);
  const light = ([r, g, b]) => [r, g, b].map(v => v / 255).map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4).reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const behind = element => {
    for (let e = element; e; e = e.parentElement) {
      const [r, g, b, a = 1] = rgba(getComputedStyle(e).backgroundColor);
      // What is partly seen through is taken to lie on black, the worst for dark letters.
      if (a > 0) return [r * a, g * a, b * a];
    }
    return [255, 255, 255];
  };
  const faint = [];
  for (const element of document.querySelectorAll('body *')) {
    const own = [...element.childNodes].some(n => n.nodeType === Node.TEXT_NODE && n.textContent.trim() !== ''), box = element.getBoundingClientRect();
    if (!own || box.width < 2 || box.height < 2 || element.closest('script, svg, option, .unseen')) continue;
    const style = getComputedStyle(element), [a, b] = [light(rgba(style.color)), light(behind(element))].sort((x, y) => y - x);
    const size = parseFloat(style.fontSize), least = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700) ? 3 : 4.5, ratio = (a + 0.05) / (b + 0.05);
    if (ratio < least) faint.push(`'${element.textContent.trim().slice(0, 30)}' ${ratio.toFixed(2)}`);
  }
  return faint;
}

async function narrow({ load }, expected) {
  const page = await load({ size: NARROW });
  const { wide, over } = await page.evaluate(() => ({
    wide: document.scrollingElement.scrollWidth,
    over: [...document.querySelectorAll('body *')].filter(e => !e.closest('.scrolling > *, .unseen, dialog, script, .skip') && e.getBoundingClientRect().right > innerWidth + 0.5).map(e => e.outerHTML.slice(0, 80)),
  }));
  require(wide <= NARROW.width && over.length === 0, `${wide} pixels wide in a window of ${NARROW.width}: ${over.slice(0, 5).join(' ')}`);
  // What is pressed must be large enough for a finger (WCAG 2.2 AA, 2.5.8).
  const small = await page.$$eval('main button, main select, main input', all => all.map(e => [e.outerHTML.slice(0, 60), e.getBoundingClientRect()]).filter(([html, b]) => !html.includes('checkbox') && b.width > 0 && (b.width < 24 || b.height < 24)).map(([html]) => html));
  require(small.length === 0, `too small to press: ${small.join(' ')}`);
  await photograph(page, expected, 'narrow');
  await page.close();
}

async function paper({ load }, expected) {
  const page = await load({ colorScheme: 'dark' });
  const views = () => page.$$eval('canvas.view', all => all.map(c => c.toDataURL()));
  const before = await views();
  await page.emulateMedia({ media: 'print' });
  const controls = await page.$$eval('button, select, input', all => all.filter(e => { const b = e.getBoundingClientRect(); return b.width > 0 && b.height > 0 && !e.matches('.tile, .enlarge, th button'); }).map(e => e.outerHTML.slice(0, 80)));
  require(controls.length === 0, `printed controls: ${controls.join(' ')}`);
  const { background, breaks, exhibits, hidden } = await page.evaluate(() => ({
    background: getComputedStyle(document.body).backgroundColor,
    breaks: [...document.querySelectorAll('.exhibit')].slice(1).filter(e => getComputedStyle(e).breakBefore === 'page').length,
    exhibits: document.querySelectorAll('.exhibit').length,
    hidden: [...document.querySelectorAll('.exhibit canvas, .exhibit img')].filter(e => e.getBoundingClientRect().width === 0 && (e.width > 0)).length,
  }));
  require(background === 'rgb(255, 255, 255)', `paper is ${background}`);
  require(breaks === exhibits - 1, `${breaks} page breaks before ${exhibits} exhibits`);
  require(hidden === 0, `${hidden} pictures are not printed`);
  require((await views()).length === before.length && (await views()).every(v => v.length > 500), 'the maps are not printed as they stand');
  const faint = await page.evaluate(faintTexts);
  require(faint.length === 0, `too little contrast on paper: ${faint.join('; ')}`);
  const pdf = await page.pdf({ format: 'A4', ...(expected.screenshots ? { path: join(expected.screenshots, 'print.pdf') } : {}) });
  await page.setViewportSize({ width: 720, height: 1000 });
  await photograph(page, expected, 'print');
  const sheets = pdf.toString('latin1').match(/\/Type\s*\/Page[^s]/g).length;
  require(sheets >= exhibits, `${exhibits} exhibits on ${sheets} sheets`);
  await page.close();
  return `${sheets} sheets`;
}

async function stillness({ load }) {
  const page = await load({ reducedMotion: 'reduce' });
  const { scroll, moving } = await page.evaluate(() => ({ scroll: getComputedStyle(document.documentElement).scrollBehavior, moving: document.getAnimations().length }));
  require(scroll === 'auto' && moving === 0, `scroll-behavior ${scroll}, ${moving} animations`);
  await page.close();
}

export const checks = { themes, narrow, paper, stillness };
