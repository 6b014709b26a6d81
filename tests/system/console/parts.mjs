// What both tests of the page share: a program asked by lines, and a page that notes every complaint of the browser.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';

const { chromium } = createRequire(new URL('../../../coord/console/', import.meta.url))('playwright-core');

/** A program that is told and answers in lines. It ends with its input, or when told to. */
export class Program {
  constructor(path, ...args) {
    this.child = spawn(path, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    this.lines = createInterface({ input: this.child.stdout })[Symbol.asyncIterator]();
    this.ended = new Promise((resolve) => this.child.on('exit', resolve));
  }
  /** The next line that begins so, without that beginning. */
  async line(start) {
    for (;;) {
      const { value, done } = await this.lines.next();
      assert.ok(!done, `the program ended before it said "${start}"`);
      if (value.startsWith(`${start} `) || value === start) return value.slice(start.length + 1);
    }
  }
  async alert(sid, severity, attacker, message) {
    this.child.stdin.write(`alert ${sid} ${severity} ${attacker} ${message}\n`);
    await this.line('sent');
  }
  async end(signal) {
    this.child.stdin.end();
    if (signal) this.child.kill(signal);
    await this.ended;
  }
}

export function launch() {
  return chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--no-first-run', '--disable-component-update', '--disable-sync'],
  });
}

/** A page of `url`, and the list its complaints go to: errors, dialogs, policy violations, requests to anybody else. */
export async function open(browser, url) {
  const page = await browser.newPage({ ignoreHTTPSErrors: true, viewport: { width: 1280, height: 800 }, locale: 'en-GB', colorScheme: 'light' });
  page.setDefaultTimeout(15_000);
  const complaints = [];
  page.on('pageerror', (e) => complaints.push(String(e)));
  page.on('dialog', (d) => complaints.push(`dialog: ${d.message()}`));
  page.on('request', (r) => r.url().startsWith(url) || complaints.push(`asks elsewhere: ${r.url()}`));
  page.on('console', (m) => {
    // The browser reports the answers 401 that come before signing in.
    if (m.type() === 'error' && !m.text().includes('status of 401')) complaints.push(m.text());
  });
  return { page, complaints };
}
