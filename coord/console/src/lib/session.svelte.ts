import { api, whenSignedOut } from './api';
import { live } from './live.svelte';
import type { Session } from './types';

class Who {
  session: Session | null = $state(null);
  known = $state(false);

  get mayDecide(): boolean {
    return this.session !== null && this.session.rights !== 'reader';
  }

  async find(): Promise<void> {
    whenSignedOut(() => this.forget());
    try {
      this.enter(await api.whoAmI());
    } catch {
      this.forget();
    }
    this.known = true;
  }

  enter(session: Session): void {
    this.session = session;
    live.start();
  }

  forget(): void {
    this.session = null;
    live.stop();
  }
}

export const who = new Who();
