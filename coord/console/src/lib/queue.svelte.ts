// The queue as the analyst sees it. Notices change rows where they stand and put new ones in their place in the order;
// a row never moves or vanishes under the analyst's hands: one that is selected stays until the selection leaves it.
import { api } from './api';
import { live } from './live.svelte';
import type { Group } from './types';

export type Filter = Group['state'] | 'any';

function before(a: Group, b: Group): boolean {
  if (a.severity !== b.severity) return a.severity < b.severity;
  if (a.last_received !== b.last_received) return (a.last_received ?? '') > (b.last_received ?? '');
  return a.id > b.id;
}

export class Queue {
  groups: Group[] = $state([]);
  selected: number | null = $state(null);
  next: string | null = $state(null);
  filter: Filter = $state('open');
  error = $state('');
  loading = $state(true);
  /** Rows that changed a moment ago, for the eye. */
  fresh: Record<number, boolean> = $state({});

  listen(): () => void {
    return live.listen((notice) => {
      if (notice.type === 'groups') notice.groups.forEach((g) => this.apply(g));
      // An incident may have taken groups in, or given them back.
      else void this.reload();
    });
  }

  async choose(filter: Filter): Promise<void> {
    this.filter = filter;
    this.selected = null;
    await this.reload();
  }

  async reload(): Promise<void> {
    try {
      const page = await api.queue(this.filter);
      const kept = this.group(this.selected);
      this.groups = page.groups;
      this.next = page.next;
      if (kept && !this.group(kept.id)) this.insert(kept);
      this.error = '';
    } catch (e) {
      this.error = (e as Error).message;
    }
    this.loading = false;
  }

  async more(): Promise<void> {
    if (!this.next) return;
    const page = await api.queue(this.filter, this.next);
    for (const g of page.groups) if (!this.group(g.id)) this.groups.push(g);
    this.next = page.next;
  }

  group(id: number | null): Group | undefined {
    return id === null ? undefined : this.groups.find((g) => g.id === id);
  }

  belongs(g: Group): boolean {
    return (this.filter === 'any' || g.state === this.filter) && !g.exercise;
  }

  apply(g: Group): void {
    const at = this.groups.findIndex((known) => known.id === g.id);
    if (at >= 0) {
      if (this.belongs(g) || g.id === this.selected) this.groups[at] = g;
      else this.groups.splice(at, 1);
    } else if (this.belongs(g)) {
      this.insert(g);
    } else {
      return;
    }
    this.fresh[g.id] = true;
    setTimeout(() => delete this.fresh[g.id], 2000);
  }

  private insert(g: Group): void {
    const at = this.groups.findIndex((known) => before(g, known));
    if (at >= 0) this.groups.splice(at, 0, g);
    // Behind the last row it belongs to a page that is not loaded yet.
    else if (!this.next) this.groups.push(g);
  }

  select(id: number | null): void {
    const left = this.group(this.selected);
    this.selected = id;
    if (left && left.id !== id && !this.belongs(left)) this.groups = this.groups.filter((g) => g.id !== left.id);
  }

  step(by: number): void {
    const at = this.groups.findIndex((g) => g.id === this.selected);
    const to = at < 0 ? (by > 0 ? 0 : this.groups.length - 1) : Math.min(this.groups.length - 1, Math.max(0, at + by));
    const target = this.groups[to];
    if (target) this.select(target.id);
  }

  /** After the analyst's own decision: the row goes, the next one is selected. */
  decided(g: Group): void {
    const at = this.groups.findIndex((known) => known.id === g.id);
    if (at < 0) return;
    this.groups[at] = g;
    if (this.belongs(g)) return;
    const neighbour = this.groups[at + 1] ?? this.groups[at - 1];
    this.select(neighbour?.id ?? null);
  }
}
