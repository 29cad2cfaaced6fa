// Every control of the page changes every part that it names, by mouse and again by keyboard.

import { require } from './open.mjs';

const PATIENCE_MS = 2000;

const byMouse = (context, expected) => everyControl(context, expected, 'mouse');
const byKeyboard = (context, expected) => everyControl(context, expected, 'keyboard');

async function everyControl({ load }, { only = [] }, hand) {
  const page = await load();
  const controls = await page.$$eval('[data-control]', all => all.map((e, index) => ({
    index, name: e.dataset.control, exhibit: e.closest('.exhibit')?.id ?? '', needs: e.dataset.needs, changes: e.dataset.changes?.split(' ') ?? [],
    kind: e.dataset.kind ?? (e.tagName === 'INPUT' ? e.type : e.tagName.toLowerCase()),
  })));
  const operated = controls.filter(c => only.length === 0 || only.includes(`${c.exhibit}/${c.name}`));
  require(operated.length > 0, `the page has no control${only.length > 0 ? ` of ${only}` : ''}`);
  const wrong = [];
  for (const control of operated) {
    try {
      await operate(page, control, hand);
    } catch (error) {
      wrong.push(`${control.exhibit}/${control.name}: ${error.message}`);
    }
  }
  require(wrong.length === 0, wrong.join('\n'));
  require(page.heard.length === 0, page.heard.join('\n'));
  await page.close();
  return `${operated.length} controls`;
}

async function operate(page, control, hand) {
  require(control.changes.length > 0, 'does not say what it changes');
  const target = page.locator('[data-control]').nth(control.index);
  if (control.needs) await page.locator(`[id="${control.exhibit}"] [data-control="${control.needs}"]`).click();
  await target.scrollIntoViewIfNeeded();
  // A pointer that leaves a picture changes it too: that must not count as what the control did.
  await page.mouse.move(0, 0);
  const back = await hands[control.kind]?.[hand](page, target, control);
  require(back !== undefined, `the test knows no way to operate a ${control.kind} by ${hand}`);
  await back();
}

// Does something and waits until every named part is different.
async function changes(page, control, act, parts = control.changes) {
  const before = await snapshot(page, control.exhibit, parts);
  for (const [i, text] of before.entries()) require(text !== null, `the part '${parts[i]}' it should change is not there`);
  await act();
  const until = performance.now() + PATIENCE_MS;
  for (;;) {
    const after = await snapshot(page, control.exhibit, parts), same = parts.filter((_, i) => after[i] === before[i]);
    if (same.length === 0) return;
    require(performance.now() < until, `nothing changed in ${same.join(', ')}`);
    await page.waitForTimeout(30);
  }
}

function snapshot(page, exhibit, parts) {
  return page.evaluate(([id, names]) => names.map(name => {
    const within = document.getElementById(id)?.querySelectorAll(`[data-part="${name}"]`) ?? [];
    const found = within.length > 0 ? within : document.querySelectorAll(`[data-part="${name}"]`);
    if (found.length === 0) return name === 'enlarged' ? 'not open' : null;
    return [...found].map(part => {
      if (part instanceof HTMLCanvasElement) return part.toDataURL();
      if (part === document.body) return getComputedStyle(part).backgroundColor;
      return `${part.outerHTML}`;
    }).join('\n');
  }), [exhibit, parts]);
}

async function focused(target) {
  await target.focus();
  require(await target.evaluate(e => e === document.activeElement), 'cannot take the focus');
}

const stay = async () => {};

const hands = {
  button: {
    mouse: async (page, target, control) => (await changes(page, control, () => target.click()), stay),
    keyboard: async (page, target, control) => {
      await focused(target);
      await changes(page, control, () => page.keyboard.press(control.index % 2 === 0 ? 'Enter' : 'Space'));
      return stay;
    },
  },
  select: {
    // A browser's list of options is drawn outside the page: the click must focus it, the choice comes from the test.
    mouse: async (page, target, control) => {
      const { value, other } = await target.evaluate(e => ({ value: e.value, other: [...e.options].find(o => o.value !== e.value && !o.disabled).value }));
      await changes(page, control, () => target.selectOption(other));
      return () => target.selectOption(value);
    },
    keyboard: async (page, target, control) => {
      const value = await target.inputValue(), last = await target.evaluate(e => [...e.options].findLast(o => !o.disabled).selected);
      await focused(target);
      await changes(page, control, () => page.keyboard.press(last ? 'ArrowUp' : 'ArrowDown'));
      return () => target.selectOption(value);
    },
  },
  range: {
    mouse: async (page, target, control) => {
      const { value, low } = await target.evaluate(e => ({ value: e.value, low: e.value - e.min < (e.max - e.min) / 2 })), box = await target.boundingBox();
      await changes(page, control, () => page.mouse.click(box.x + box.width * (low ? 0.8 : 0.2), box.y + box.height / 2));
      return () => target.fill(value);
    },
    keyboard: async (page, target, control) => {
      const value = await target.inputValue(), low = await target.evaluate(e => e.value === e.min);
      await focused(target);
      // A step of a tenth of a percentile may not show in a small map: as many as a reader would press.
      await changes(page, control, async () => {
        for (let i = 0; i < 5; i++) await page.keyboard.press(low ? 'ArrowRight' : 'ArrowLeft');
      });
      return () => target.fill(value);
    },
  },
  checkbox: {
    mouse: async (page, target, control) => (await changes(page, control, () => target.click()), () => target.click()),
    keyboard: async (page, target, control) => {
      await focused(target);
      await changes(page, control, () => page.keyboard.press('Space'));
      return () => page.keyboard.press('Space');
    },
  },
  grid: {
    mouse: async (page, target, control) => {
      const chosen = target.locator('[aria-checked="true"]'), others = target.locator('[aria-checked="false"]');
      const first = await chosen.getAttribute('data-part');
      await changes(page, control, () => others.first().click());
      require(await chosen.count() === 1, 'not exactly one is chosen');
      return () => target.locator(`[data-part="${first}"]`).click();
    },
    keyboard: async (page, target, control) => {
      const stops = target.locator('[tabindex="0"]');
      require(await stops.count() === 1, `${await stops.count()} of its tiles are tab stops, not one`);
      await focused(stops.first());
      await changes(page, control, () => page.keyboard.press('ArrowRight'));
      for (const key of ['End', 'Home']) await changes(page, control, () => page.keyboard.press(key));
      require(await target.evaluate(e => e.firstElementChild === document.activeElement), 'Home does not lead to the first');
      return stay;
    },
  },
  view: {
    mouse: async (page, target, control) => {
      const box = await target.boundingBox(), pictures = control.changes.filter(c => !c.includes('readout')), at = share => [box.x + box.width * share, box.y + box.height * share];
      await changes(page, control, () => page.mouse.move(...at(0.4)));
      await page.mouse.click(...at(0.5));
      await changes(page, control, () => page.mouse.wheel(0, -300), pictures);
      await changes(page, control, async () => {
        await page.mouse.down();
        await page.mouse.move(...at(0.7), { steps: 3 });
        await page.mouse.up();
      }, pictures);
      await changes(page, control, () => page.mouse.wheel(0, 2000), pictures);
      await page.mouse.move(0, 0);
      return stay;
    },
    keyboard: async (page, target, control) => {
      const pictures = control.changes.filter(c => !c.includes('readout'));
      await focused(target);
      await changes(page, control, () => page.keyboard.press('ArrowRight'));
      await changes(page, control, () => page.keyboard.press('ArrowDown'));
      for (const key of ['+', '-', '+', '+', 'Shift+ArrowLeft', 'Shift+ArrowDown', '0', 'Escape']) await changes(page, control, () => page.keyboard.press(key), pictures);
      return stay;
    },
  },
  opens: {
    mouse: async (page, target, control) => {
      await changes(page, control, () => target.click());
      const dialog = page.locator('dialog[open]');
      require(await dialog.count() === 1, 'no dialog is open');
      await dialog.locator('button').click();
      require(await dialog.count() === 0, 'the dialog does not close');
      return stay;
    },
    keyboard: async (page, target, control) => {
      await focused(target);
      await changes(page, control, () => page.keyboard.press('Enter'));
      await page.keyboard.press('Escape');
      require(await page.locator('dialog[open]').count() === 0, 'Escape does not close the dialog');
      require(await target.evaluate(e => e === document.activeElement), 'the focus does not return');
      return stay;
    },
  },
};

// Every sort button brings the rows in the order that its heading says, by the numbers of the document.
async function sorting({ load }) {
  const page = await load();
  const buttons = page.locator('th [data-control^="sort-"]'), count = await buttons.count();
  for (let i = 0; i < 2 * count; i++) {
    const sort = buttons.nth(i >> 1);
    await sort.click();
    const { names, order, values } = await sort.evaluate(b => {
      const heading = b.closest('th'), rows = [...b.closest('table').tBodies[0].rows], column = [...heading.parentElement.cells].indexOf(heading);
      const exhibit = JSON.parse(document.getElementById('document').textContent).exhibits.find(e => e.id === b.closest('.exhibit').id);
      const lines = exhibit.rows.map(r => exhibit.kind === 'table'
        ? { name: r.name, value: column === 0 ? r.name : r.cells[column - 1].value ?? r.cells[column - 1].text } : { name: r.method.title, value: r.cosine.value });
      const names = rows.map(r => r.cells[0].textContent);
      return { names, order: heading.getAttribute('aria-sort'), values: names.map(n => lines.find(l => l.name === n).value) };
    });
    const numbers = values.filter(v => typeof v === 'number'), sorted = numbers.length > 0 ? numbers : values;
    const sign = order === 'ascending' ? 1 : -1;
    require(['ascending', 'descending'].includes(order), `aria-sort is ${order}`);
    require(sorted.every((v, k) => k === 0 || sign * (typeof v === 'string' ? sorted[k - 1].localeCompare(v) : sorted[k - 1] - v) <= 0), `${order}: ${names} have ${values}`);
    // What was not measured comes last either way.
    require(numbers.length === 0 || values.slice(0, numbers.length).every(v => typeof v === 'number'), `not last: ${values}`);
    require(await page.locator('th[aria-sort]').evaluateAll((all, table) => all.length >= 1 && new Set(all.map(h => h.closest('table'))).size === all.length), 'two headings of a table say that it is sorted by them');
  }
  await page.close();
  return `${count} sort buttons`;
}

// The controls that must be there are there: a page that lost one would otherwise pass.
async function present({ load }, { controls = [] }) {
  const page = await load();
  const found = await page.$$eval('[data-control]', all => all.map(e => `${e.closest('.exhibit')?.id ?? ''}/${e.dataset.control}`));
  const missing = controls.filter(c => !found.includes(c));
  require(missing.length === 0, `missing: ${missing.join(' ')}; found: ${found.join(' ')}`);
  // And nothing that a reader can operate goes untested.
  const unmarked = await page.$$eval('main button, main select, main input, main [tabindex="0"]', all => all
    .filter(e => !e.closest('[data-control]') && !e.matches('code, .scrolling')).map(e => e.outerHTML.slice(0, 120)));
  require(unmarked.length === 0, `controls without data-control: ${unmarked.join(' ')}`);
  await page.close();
  return `${found.length} controls`;
}

export const checks = { present, sorting, byMouse, byKeyboard };
