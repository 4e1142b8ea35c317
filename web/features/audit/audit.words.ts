import { t } from './audit.texts.ts';
import type { AuditItem } from './audit.types.ts';

export const actorText = ({ actor }: AuditItem): string => actor.name ?? t(actor.kind);

export const objectText = (object: AuditItem['object']): string =>
  object ? `${t(object.type as 'person')} ${object.id.length > 12 ? `…${object.id.slice(-6)}` : object.id}` : '';

export const outcomeTone = ({ outcome }: AuditItem): 'success' | 'warn' | 'danger' =>
  outcome === 'done' ? 'success' : outcome === 'refused' ? 'warn' : 'danger';
