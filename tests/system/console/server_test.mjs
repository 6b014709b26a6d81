// The page of the real server, with a real sensor's uplink behind it: sign in with the first login, see a group arrive by
// itself, acknowledge one, raise another to an incident.
//
//   node server_test.mjs CRESSET-COORD SENSOR-RIG SCREENSHOT-FOLDER
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launch, open, Program } from './parts.mjs';

const [coord, rigPath, shots] = process.argv.slice(2);
mkdirSync(shots, { recursive: true });
const folder = mkdtempSync(join(tmpdir(), 'cresset-console-'));
chmodSync(folder, 0o755); // the private database may run as another user
const state = join(folder, 'state');
const login = join(folder, 'login');

let server;
let sensor;
let browser;
try {
  server = new Program(coord, '--state', state, '--ingest', 'tcp://127.0.0.1:*', '--https', '127.0.0.1:0', '--first-login', login);
  const told = Object.fromEntries((await server.line('ready')).split(' ').map((part) => part.split(/=(.*)/s)));
  const words = Object.fromEntries(readFileSync(login, 'utf8').trim().split('\n').map((line) => line.split(/ (.*)/s)));

  execFileSync(rigPath, ['keys', folder, 'ix-1']);
  execFileSync(coord, ['sensor', 'add', '--name', 'ix-1', '--key', join(folder, 'ix-1.pub'), '--state', state]);
  sensor = new Program(rigPath, 'run', folder, 'ix-1', told.ingest, told['ingest-key']);

  browser = await launch();
  const { page, complaints } = await open(browser, told.https);
  const row = (text) => page.locator('tbody tr', { hasText: text });
  await page.goto(told.https);
  await page.fill('[name=login]', words.login);
  await page.fill('[name=password]', words.password);
  await page.keyboard.press('Enter');
  await page.getByText('Nothing waits').waitFor();
  await page.locator('.live.live').waitFor();

  await sensor.alert(3001, 3, '198.51.100.7', 'CRESSET SCAN of the web servers');
  await row('SCAN of the web servers').waitFor();
  const began = Date.now();
  await sensor.alert(3002, 3, '203.0.113.9', 'CRESSET POLICY clear text password');
  await row('clear text password').waitFor();
  const latency = Date.now() - began;

  await row('SCAN of the web servers').click();
  await page.keyboard.press('a');
  await page.locator('.note', { hasText: 'Acknowledged' }).waitFor();
  await row('SCAN of the web servers').waitFor({ state: 'detached' });

  await row('clear text password').click();
  await page.locator('table.alerts tbody tr').first().waitFor();
  await page.screenshot({ path: join(shots, '8-real-server.png') });
  await page.keyboard.press('r');
  await page.locator('dialog button.main').click();
  await page.getByText('Why this is an incident').waitFor();
  await page.locator('header', { hasText: 'INC-' }).first().waitFor();
  await page.screenshot({ path: join(shots, '9-real-incident.png') });
  assert.deepEqual(complaints, []);
  console.log(`an alert in the sensor's spool is a row on the page after ${latency} ms`);
} catch (e) {
  console.error(e);
  process.exitCode = 1;
} finally {
  await browser?.close();
  await sensor?.end();
  await server?.end('SIGTERM');
  rmSync(folder, { recursive: true, force: true });
}
