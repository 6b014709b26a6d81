import { language, t } from './i18n.svelte';

/** "12 s", "5 min", "3 h", "2 d" before `now` (ms). */
export function ago(time: string | null, now: number): string {
  if (!time) return '–';
  const seconds = Math.max(0, Math.round((now - Date.parse(time)) / 1000));
  if (seconds < 60) return t('ago_s', seconds);
  if (seconds < 3600) return t('ago_m', Math.floor(seconds / 60));
  if (seconds < 86_400) return t('ago_h', Math.floor(seconds / 3600));
  return t('ago_d', Math.floor(seconds / 86_400));
}

/** Date and time of UTC: incidents cross time zones. */
export function moment(time: string | null): string {
  if (!time) return '–';
  return `${time.slice(0, 10)} ${time.slice(11, 19)}Z`;
}

export function number(value: number): string {
  return value.toLocaleString(language.now);
}

/** "2001:db8::1" for the eight full groups event logs write; IPv4 and anything else stay (RFC 5952). */
export function address(text: string): string {
  const [host = '', prefix] = text.split('/');
  const groups = host.split(':');
  if (groups.length !== 8) return text === 'many' ? t('many') : text;
  const short = groups.map((g) => g.replace(/^0+(?=.)/, ''));
  let best = { at: -1, length: 1 };
  for (let i = 0; i < 8; ) {
    let end = i;
    while (end < 8 && short[end] === '0') end++;
    if (end - i > best.length) best = { at: i, length: end - i };
    i = Math.max(end, i + 1);
  }
  const joined =
    best.at < 0
      ? short.join(':')
      : `${short.slice(0, best.at).join(':')}::${short.slice(best.at + best.length).join(':')}`;
  return prefix ? `${joined}/${prefix}` : joined;
}

export function end(e: { address: string; port: number }): string {
  const text = address(e.address);
  return text.includes(':') ? `[${text}]:${e.port}` : `${text}:${e.port}`;
}

export function bytesOf(base64: string): Uint8Array {
  const text = atob(base64);
  return Uint8Array.from(text, (c) => c.charCodeAt(0));
}

/** Bytes as the field prints them: what is not printable ASCII is a dot, line breaks stay. */
export function printable(bytes: Uint8Array): string {
  let text = '';
  for (const b of bytes) text += b === 10 || (b >= 32 && b < 127) ? String.fromCharCode(b) : b === 13 ? '' : '.';
  return text;
}

/** "00000010  48 54 54 50 …  HTTP…", 16 bytes a line. */
export function hexDump(bytes: Uint8Array): string {
  const lines: string[] = [];
  for (let at = 0; at < bytes.length; at += 16) {
    const row = bytes.subarray(at, at + 16);
    const hex = Array.from(row, (b) => b.toString(16).padStart(2, '0'));
    const left = `${hex.slice(0, 8).join(' ')}  ${hex.slice(8).join(' ')}`.padEnd(48);
    const right = Array.from(row, (b) => (b >= 32 && b < 127 ? String.fromCharCode(b) : '.')).join('');
    lines.push(`${at.toString(16).padStart(8, '0')}  ${left}  ${right}`);
  }
  return lines.join('\n');
}
