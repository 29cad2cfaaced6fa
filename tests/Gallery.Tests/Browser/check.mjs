// Opens a gallery in chromium and checks it: node check.mjs PAGE EXPECTATIONS [CHECK...]
// Prints a line of JSON per check: { check, ok, detail }. Ends with 0 if all held, 1 if not.
//
// EXPECTATIONS is a file of JSON:
//   controls      names of controls ("exhibit-id/name") that must be there; others may
//   only          the only controls to operate, or absent for all
//   values        [{ exhibit, image, class, method, x, y, values, tolerance }]: what must be read at a pixel of a map
//   commands      [{ exhibit, image, class, method, command }]: what the copy button must copy
//   screenshots   a folder for pictures of the page, or absent

import { readFileSync } from 'node:fs';
import { opened } from './open.mjs';
import * as loading from './loading.mjs';
import * as controls from './controls.mjs';
import * as reading from './reading.mjs';
import * as looks from './looks.mjs';
import * as names from './names.mjs';

const checks = { ...loading.checks, ...controls.checks, ...reading.checks, ...looks.checks, ...names.checks };
const [file, expectations, ...wanted] = process.argv.slice(2);
const expected = JSON.parse(readFileSync(expectations, 'utf8'));
let failed = 0;

await opened(file, async context => {
  for (const [name, run] of Object.entries(checks)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    const started = performance.now();
    let ok = true, detail = '';
    try {
      detail = await run(context, expected) ?? '';
    } catch (error) {
      [ok, detail] = [false, error.stack ?? String(error)];
      failed++;
    }
    console.log(JSON.stringify({ check: name, ok, detail: `${detail} (${Math.round(performance.now() - started)} ms)` }));
  }
});
process.exitCode = failed > 0 ? 1 : 0;
