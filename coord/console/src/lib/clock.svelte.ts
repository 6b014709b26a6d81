// One clock for all "5 min" of the page.
const TICK_MS = 5000;

export const clock = $state({ now: Date.now() });
setInterval(() => (clock.now = Date.now()), TICK_MS);
