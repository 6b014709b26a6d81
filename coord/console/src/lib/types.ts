// The values of the API, as coord/api/openapi.json describes them.

export interface Group {
  id: number;
  gid: number;
  sid: number;
  revision: number;
  message: string;
  category: string;
  severity: number;
  victim: string;
  attacker: string;
  direction: 'to_victim' | 'from_victim';
  exercise: boolean;
  generation: number;
  live: boolean;
  alerts: number;
  first_alert: number;
  last_alert: number;
  first_seen: string | null;
  last_seen: string | null;
  last_received: string | null;
  samples: number[];
  sensors: string[];
  state: 'open' | 'acknowledged' | 'dismissed' | 'in_incident';
  handled: number;
  reopened: string | null;
  incident: number | null;
}

export interface End {
  address: string;
  port: number;
}

export interface Alert {
  position: number;
  group: number;
  sensor: string;
  captured: string | null;
  received: string | null;
  gid: number;
  sid: number;
  revision: number;
  severity: number;
  message: string;
  category: string;
  protocol: string;
  source: End;
  destination: End;
  application: string;
  event: Record<string, unknown> | null;
}

export interface Evidence {
  alert: number;
  kind: string;
  link_type: number;
  size: number;
  sha256: string;
  captured: string | null;
  bytes: string;
}

export type DecisionKind = 'acknowledge' | 'dismiss' | 'raise' | 'undo';

export interface Decision {
  id: number;
  kind: DecisionKind;
  group: number;
  seen: number;
  by: string;
  at: string | null;
  reason: string;
  code: string | null;
  stands: { scope: string; expires: string | null } | null;
  incident: number | null;
  undoes: number | null;
  undone_by: number | null;
  matched: number;
}

export type IncidentState = 'new' | 'triaged' | 'in_progress' | 'contained' | 'eradicated' | 'recovered' | 'closed';

export interface Incident {
  id: number;
  name: string;
  title: string;
  why: string;
  rule: string;
  state: IncidentState;
  closed_as?: string;
  close_note?: string;
  severity: number;
  classification: string;
  type: string;
  tlp: string;
  pap: string;
  legal_basis: string;
  sector: string;
  exercise: boolean;
  owner: string;
  opened: string | null;
  changed: string | null;
  first_seen: string | null;
  last_seen: string | null;
  alerts: number;
  groups: number[];
  victims: string[];
  attackers: string[];
  version: number;
  released_version: number;
}

export interface IncidentEvent {
  sequence: number;
  at: string | null;
  kind: string;
  by: string;
  text: string;
}

export interface Sensor {
  name: string;
  connected: boolean;
  last_heard: string | null;
  stored: number;
  refused: number;
  dropped: number;
}

export interface Partner {
  identity: string;
  name: string;
  link: 'up' | 'connecting' | 'halted' | 'down';
  why: string;
  ceiling: string;
  last_heard: string | null;
  sent: number;
  acknowledged: number;
  received: number;
  alarms: number;
}

export interface Verdict {
  partner: string;
  allowed: boolean;
  explanation: string[];
}

export interface Session {
  login: string;
  rights: 'reader' | 'writer' | 'lead' | 'administrator';
  csrf_token: string;
}

export type Notice =
  | { type: 'groups'; groups: Group[] }
  | { type: 'incidents'; incidents: number[] }
  | { type: 'reload' };
