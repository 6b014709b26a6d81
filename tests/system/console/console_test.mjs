// An analyst's first ten minutes, in a real browser against the real parts (console_rig.cpp).
//
//   node console_test.mjs RIG SCREENSHOT-FOLDER
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { launch, open, Program } from './parts.mjs';

const [rigPath, shots] = process.argv.slice(2);
mkdirSync(shots, { recursive: true });

const steps = [];
const step = async (name, action) => {
  const began = Date.now();
  await action();
  steps.push(`${name} (${Date.now() - began} ms)`);
};

const rig = new Program(rigPath);
let browser;
try {
  const url = await rig.line('url');
  const password = await rig.line('password');
  browser = await launch();
  const { page, complaints } = await open(browser, url);
  const shot = (name) => page.screenshot({ path: `${shots}/${name}.png` });
  const row = (text) => page.locator('tbody tr', { hasText: text });

  await step('a wrong password is refused in words', async () => {
    await page.goto(url);
    await page.fill('[name=login]', 'admin');
    await page.fill('[name=password]', 'not this one');
    await page.keyboard.press('Enter');
    await page.getByText('the name, the password or the code is wrong').waitFor();
    await shot('1-login');
  });
  await step('the right one opens the queue', async () => {
    await page.fill('[name=password]', password);
    await page.keyboard.press('Enter');
    await page.getByText('Nothing waits').waitFor();
    await page.locator('.live.live').waitFor();
  });
  await step('a group arrives by itself', async () => {
    await rig.alert(2001, 2, '198.51.100.7', 'CRESSET EXPLOIT command injection in a query string');
    await row('command injection').waitFor();
  });
  await step('more arrive, gravest first; hostile text is text', async () => {
    await rig.alert(2002, 3, '203.0.113.9', 'CRESSET SCAN of many ports from one address');
    await rig.alert(2003, 1, '198.51.100.23', 'CRESSET MALWARE <img src=x onerror=alert(1)> beacon');
    await rig.alert(2004, 3, '2001:db8::5', 'CRESSET POLICY clear text password over FTP');
    await row('clear text password').waitFor();
    await row('<img src=x').waitFor();
    assert.equal(await page.locator('main img').count(), 0);
    assert.match(await page.locator('tbody tr').first().textContent(), /beacon/);
  });
  await step('j selects, Enter shows the evidence as text', async () => {
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    await page.getByRole('heading', { name: 'command injection' }).waitFor();
    await page.locator('table.alerts tbody tr').first().waitFor();
    await page.keyboard.press('Enter');
    await page.locator('.evidence pre', { hasText: "<script>alert('x')</script>" }).waitFor();
    await shot('2-queue-light');
    await page.getByRole('tab', { name: 'Hex' }).click();
    await page.locator('.evidence pre', { hasText: '47 45 54 20' }).waitFor();
  });
  await step('graver news come in above, the selected row keeps its place in hand', async () => {
    await rig.alert(2005, 1, '192.0.2.66', 'CRESSET EXPLOIT remote code execution');
    await rig.alert(2001, 2, '198.51.100.7', 'CRESSET EXPLOIT command injection in a query string');
    await row('remote code execution').waitFor();
    await page.getByText('1 newer').waitFor();
    assert.match(await page.locator('tr.selected').first().textContent(), /command injection/);
    await page.keyboard.press('g');
    await page.getByText('1 newer').waitFor({ state: 'detached' });
  });
  await step('dark', async () => {
    await page.emulateMedia({ colorScheme: 'dark' });
    await shot('3-queue-dark');
    await page.emulateMedia({ colorScheme: 'light' });
  });
  await step('a acknowledges, u takes it back', async () => {
    await page.keyboard.press('a');
    await page.locator('.note', { hasText: 'Acknowledged: CRESSET EXPLOIT command' }).waitFor();
    await page.locator('tr', { hasText: 'query string' }).waitFor({ state: 'detached' });
    await page.keyboard.press('u');
    await page.locator('.note', { hasText: 'Undone' }).waitFor();
    await page.locator('tr.selected', { hasText: 'query string' }).waitFor();
  });
  await step('d asks for a reason', async () => {
    await row('clear text password').click();
    await page.keyboard.press('d');
    await page.locator('dialog textarea').fill('Our own test host, told by its owner');
    await shot('4-dismiss');
    await page.locator('dialog button.main').click();
    await row('clear text password').waitFor({ state: 'detached' });
  });
  await step('r raises an incident', async () => {
    await row('query string').click();
    await page.locator('table.alerts tbody tr').first().waitFor();
    await page.keyboard.press('r');
    await page.locator('dialog [name=title]').fill('Command injection against a ministry’s web server');
    await page.locator('dialog button.main').click();
    await page.getByText('Why this is an incident').waitFor();
    await page.getByText('INC-').first().waitFor();
  });
  await step('the incident moves on, and the gate explains itself', async () => {
    await page.getByRole('button', { name: 'triaged', exact: true }).click();
    await page.locator('button[aria-current=step]', { hasText: 'triaged' }).waitFor();
    await page.getByRole('button', { name: 'Take it' }).click();
    await page.getByText('TLP is above green').waitFor();
    await page.locator('textarea').fill('Called the owner; the server is being taken off the net.');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.locator('.history', { hasText: 'Called the owner' }).waitFor();
    await page.locator('section', { hasText: 'cirt-west' }).getByRole('button', { name: 'Release' }).click();
    await page.getByText(/released \(version|released in version/).first().waitFor();
    await page.mouse.move(0, 0);
    await shot('5-incident');
  });
  await step('Russian, and the links', async () => {
    await page.getByRole('button', { name: 'Русский' }).click();
    await page.keyboard.press('3');
    await page.getByText('остановлена').waitFor();
    await shot('6-network-russian');
    await page.keyboard.press('1');
    await page.getByText('Выберите группу').waitFor();
    await page.locator('tbody tr').first().waitFor(); // a key pressed before the list is there selects nothing
    // The keys stand where they stood, whatever the layout makes of them.
    await page.evaluate(() => document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'о', code: 'KeyJ', bubbles: true })));
    await page.locator('tr.selected').waitFor();
    await page.keyboard.press('?');
    await page.locator('dialog').waitFor();
    await shot('7-keys-russian');
    await page.keyboard.press('Escape');
  });
  await step('signing out ends it', async () => {
    await page.getByRole('button', { name: 'Выйти' }).click();
    await page.locator('[name=password]').waitFor();
  });
  assert.deepEqual(complaints, []);
  console.log(steps.join('\n'));
} catch (e) {
  console.error(`after: ${steps.at(-1) ?? 'start'}`);
  console.error(e);
  process.exitCode = 1;
} finally {
  await browser?.close();
  await rig.end();
}
