// A page on localhost and a browser that sees it.

import { createServer } from 'node:http';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const FLAGS = [
  '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync',
];

/** Serves a file and calls a function with { load }, which opens it in a fresh page; closes all afterwards. */
export async function opened(file, use) {
  const html = readFileSync(file), served = [];
  const server = createServer((request, response) => {
    served.push(request.url);
    response.writeHead(request.url === '/' ? 200 : 404, { 'content-type': 'text/html; charset=utf-8' });
    response.end(request.url === '/' ? html : '');
  });
  await new Promise(ready => server.listen(0, '127.0.0.1', ready));
  const address = `http://localhost:${server.address().port}/`, profile = mkdtempSync(join(tmpdir(), 'gallery-'));
  const browsers = [];

  /** Opens the page, waits until it has drawn itself, and hears everything it says. */
  async function load({ hash = '', wait = true, ...options } = {}) {
    browsers[0] ??= await chromium.launchPersistentContext(profile, { executablePath: process.env.PREIMAGE_CHROMIUM, headless: true, args: FLAGS, viewport: null });
    const page = await browsers[0].newPage();
    page.heard = [];
    page.asked = [];
    page.on('console', message => ['error', 'warning'].includes(message.type()) && page.heard.push(`${message.type()}: ${message.text()}`));
    page.on('pageerror', error => page.heard.push(`error: ${error.stack}`));
    page.on('requestfailed', request => page.heard.push(`request failed: ${request.url().slice(0, 200)}`));
    page.on('request', request => /^(data|blob):/.test(request.url()) || page.asked.push(request.url()));
    page.setDefaultTimeout(5000);
    await page.setViewportSize(options.size ?? { width: 1280, height: 900 });
    await page.emulateMedia({ colorScheme: options.colorScheme ?? 'light', reducedMotion: options.reducedMotion ?? 'no-preference', media: options.media ?? 'screen' });
    await page.goto(address + hash, { waitUntil: 'load' });
    if (wait) await page.waitForSelector('html[data-drawn]', { state: 'attached', timeout: 15000 });
    return page;
  }

  try {
    await use({ load, address, served, size: html.length });
  } finally {
    await browsers[0]?.close();
    server.close();
    rmSync(profile, { recursive: true, force: true });
  }
}

/** Fails with a message that says what was found. */
export function require(holds, message) {
  if (!holds) throw new Error(message);
}
