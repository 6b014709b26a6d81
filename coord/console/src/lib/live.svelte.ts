// The WebSocket of notices. After a break it connects again by itself, and whoever listens is told to read anew: what was
// missed in between is not told twice.
import type { Notice } from './types';

const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 30_000;

export class Live {
  state: 'live' | 'connecting' | 'off' = $state('off');
  private socket: WebSocket | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private wait = FIRST_WAIT_MS;
  private listeners = new Set<(notice: Notice) => void>();

  listen(listener: (notice: Notice) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  start(): void {
    this.stop();
    this.connect(false);
  }

  stop(): void {
    clearTimeout(this.timer);
    const socket = this.socket;
    this.socket = null;
    socket?.close();
    this.state = 'off';
  }

  private connect(again: boolean): void {
    this.state = 'connecting';
    const socket = new WebSocket(`wss://${location.host}/api/v1/events`);
    this.socket = socket;
    socket.onopen = () => {
      this.state = 'live';
      this.wait = FIRST_WAIT_MS;
      if (again) this.tell({ type: 'reload' });
    };
    socket.onmessage = (message) => this.tell(JSON.parse(String(message.data)) as Notice);
    socket.onclose = () => {
      if (this.socket !== socket) return;
      this.state = 'connecting';
      this.timer = setTimeout(() => this.connect(true), this.wait);
      this.wait = Math.min(this.wait * 2, LONGEST_WAIT_MS);
    };
  }

  private tell(notice: Notice): void {
    for (const listener of this.listeners) listener(notice);
  }
}

export const live = new Live();
