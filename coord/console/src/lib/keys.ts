/** Calls the handler of a key pressed outside of fields and dialogs, without Ctrl, Alt or Meta. */
export function onKeys(handlers: Record<string, () => void>): (event: KeyboardEvent) => void {
  return (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || document.querySelector('dialog[open]')) return;
    const target = event.target instanceof Element ? event.target : document.body;
    if (target.closest('input, textarea, select')) return;
    // Enter on a button is the button's.
    if (event.key === 'Enter' && target.closest('button, a')) return;
    // With a Russian layout the key "a" says "ф": what counts is where it stands.
    const key = /^[\x20-\x7e]+$/.test(event.key) ? event.key : event.code.replace(/^Key/, '').toLowerCase();
    const handler = handlers[key];
    if (!handler) return;
    event.preventDefault();
    handler();
  };
}
