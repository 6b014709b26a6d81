// Every call to the server goes through `call`: it carries the CSRF token, and an answer that is not a success becomes a
// `Problem` with the server's own words.
import type { Alert, Decision, Evidence, Group, Incident, IncidentEvent, Partner, Sensor, Session, Verdict } from './types';

export class Problem extends Error {
  constructor(
    readonly status: number,
    detail: string,
    /** The whole answer: a 409 carries what changed. */
    readonly body: Record<string, unknown> = {},
  ) {
    super(detail);
  }
}

let csrfToken = '';
let onSignedOut: () => void = () => undefined;

export function whenSignedOut(listener: () => void): void {
  onSignedOut = listener;
}

async function call<T>(method: string, path: string, body?: unknown): Promise<T> {
  const headers: Record<string, string> = {};
  if (method !== 'GET') headers['X-CSRF-Token'] = csrfToken;
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  let answer: Response;
  try {
    answer = await fetch(`/api/v1${path}`, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) });
  } catch {
    throw new Problem(0, 'offline');
  }
  const text = await answer.text();
  const value: unknown = text === '' ? {} : JSON.parse(text);
  if (answer.ok) return value as T;
  if (answer.status === 401 && path !== '/session') onSignedOut();
  const problem = value as Record<string, unknown>;
  throw new Problem(answer.status, String(problem.detail ?? answer.statusText), problem);
}

function remember(session: Session): Session {
  csrfToken = session.csrf_token;
  return session;
}

export const api = {
  signIn: async (login: string, password: string) => remember(await call<Session>('POST', '/session', { login, password })),
  whoAmI: async () => remember(await call<Session>('GET', '/session')),
  signOut: () => call<void>('DELETE', '/session'),

  queue: (state: string, after?: string) =>
    call<{ groups: Group[]; next: string | null }>('GET', `/groups?state=${state}&limit=100${after ? `&after=${encodeURIComponent(after)}` : ''}`),
  group: (id: number) => call<Group>('GET', `/groups/${id}`),
  groupAlerts: (id: number) => call<{ alerts: Alert[] }>('GET', `/groups/${id}/alerts?limit=20`),
  decisions: (id: number) => call<{ decisions: Decision[] }>('GET', `/groups/${id}/decisions`),
  decide: (id: number, decision: Record<string, unknown>) =>
    call<{ decision: Decision; group?: Group }>('POST', `/groups/${id}/decisions`, decision),
  evidence: (position: number) => call<{ evidence: Evidence[] }>('GET', `/alerts/${position}/evidence`),

  incidents: (closed: boolean, after?: string) =>
    call<{ incidents: Incident[]; next: string | null }>('GET', `/incidents?closed=${closed}${after ? `&after=${encodeURIComponent(after)}` : ''}`),
  incident: (id: number) => call<Incident>('GET', `/incidents/${id}`),
  incidentGroups: (id: number) => call<{ groups: Group[] }>('GET', `/incidents/${id}/groups`),
  incidentAlerts: (id: number) => call<{ alerts: Alert[] }>('GET', `/incidents/${id}/alerts?limit=20`),
  history: (id: number) => call<{ history: IncidentEvent[] }>('GET', `/incidents/${id}/history`),
  edit: (id: number, change: Record<string, unknown>) => call<Incident>('PATCH', `/incidents/${id}`, change),
  move: (id: number, move: Record<string, unknown>) => call<Incident>('POST', `/incidents/${id}/transitions`, move),
  note: (id: number, text: string) => call<void>('POST', `/incidents/${id}/notes`, { text }),
  verdicts: (id: number) => call<{ verdicts: Verdict[] }>('GET', `/incidents/${id}/releases`),
  release: (id: number, seen_version: number, partner: string) =>
    call<Verdict>('POST', `/incidents/${id}/releases`, { seen_version, partner }),

  sensors: () => call<{ sensors: Sensor[]; strangers: { key: string; address: string; times: number }[] }>('GET', '/sensors'),
  partners: () => call<{ partners: Partner[] }>('GET', '/partners'),
};
