// What a screen reader finds: names, headings, landmarks.

import { require } from './open.mjs';

const NAMED = ['button', 'combobox', 'slider', 'checkbox', 'radio', 'radiogroup', 'link', 'image', 'img', 'application', 'dialog', 'table', 'group', 'Canvas'];

// Tables and groups may go without a name; what can be operated or looked at may not.
const NEEDED = NAMED.filter(role => !['table', 'group', 'Canvas'].includes(role));

async function accessibility({ load }) {
  const page = await load();
  const session = await page.context().newCDPSession(page);
  const { nodes } = await session.send('Accessibility.getFullAXTree');
  const heard = nodes.filter(n => !n.ignored), nameless = heard.filter(n => NEEDED.includes(n.role?.value) && !n.name?.value?.trim());
  require(heard.some(n => n.role?.value === 'application'), 'no map is in the accessibility tree');
  require(nameless.length === 0, `without a name: ${nameless.map(n => `${n.role.value} ${JSON.stringify(n.properties)}`).join('; ')}`);
  await page.close();
  return `${heard.filter(n => NEEDED.includes(n.role?.value)).length} named`;
}

async function structure({ load }) {
  const page = await load();
  const found = await page.evaluate(() => ({
    levels: [...document.querySelectorAll('h1, h2, h3, h4, h5, h6')].map(h => Number(h.tagName[1])),
    landmarks: ['header', 'nav', 'main'].map(t => document.querySelectorAll(`body ${t}`).length),
    twice: [...document.querySelectorAll('[id]')].map(e => e.id).filter((id, i, all) => all.indexOf(id) !== i),
    labels: [...document.querySelectorAll('label[for], output[for]')].filter(l => !document.getElementById(l.htmlFor)).length,
    broken: [...document.querySelectorAll('[aria-labelledby]')].filter(e => !document.getElementById(e.getAttribute('aria-labelledby'))).length,
    contents: [...document.querySelectorAll('.contents a')].map(a => a.hash.slice(1)), exhibits: [...document.querySelectorAll('.exhibit')].map(e => e.id),
    language: document.documentElement.lang, alts: [...document.images].filter(i => !i.alt).length,
  }));
  require(found.levels[0] === 1 && found.levels.filter(l => l === 1).length === 1, `headings start ${found.levels}`);
  require(found.levels.every((l, i) => i === 0 || l <= found.levels[i - 1] + 1), `headings skip a level: ${found.levels}`);
  require(found.landmarks.every(n => n === 1), `header, nav, main: ${found.landmarks}`);
  require(found.twice.length === 0, `ids twice: ${found.twice}`);
  require(found.labels === 0 && found.broken === 0 && found.alts === 0, `${found.labels} labels and ${found.broken} references lead nowhere, ${found.alts} images have no text`);
  require(JSON.stringify(found.contents) === JSON.stringify(found.exhibits), `contents ${found.contents}, exhibits ${found.exhibits}`);
  require(found.language === 'en', `language '${found.language}'`);
  // The first tab stop leads past everything to the exhibits.
  await page.keyboard.press('Tab');
  require(await page.evaluate(() => document.activeElement.classList.contains('skip')), 'the skip link is not the first tab stop');
  await page.keyboard.press('Enter');
  require(await page.evaluate(() => document.activeElement.id === 'main'), 'the skip link does not lead to the exhibits');
  // Tab visits each control once and none holds the focus.
  const stops = await page.evaluate(() => [...document.querySelectorAll('main a[href], main button, main select, main input, main [tabindex]')].filter(e => e.tabIndex >= 0 && e.getClientRects().length > 0).length);
  const visited = new Set();
  for (let i = 0; i < stops; i++) {
    await page.keyboard.press('Tab');
    visited.add(await page.evaluate(() => { const all = [...document.querySelectorAll('*')]; return all.indexOf(document.activeElement); }));
  }
  require(visited.size === stops, `${stops} tab stops, ${visited.size} reached`);
  await page.close();
  return `${stops} tab stops`;
}

export const checks = { accessibility, structure };
