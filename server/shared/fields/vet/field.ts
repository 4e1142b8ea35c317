import { flaw, isRecord } from '../kinds/kind.ts';
import { FIELD_KINDS, PROJECTIONS } from '../kinds/index.ts';
import { PERSON_TARGETS, type Field, type FieldKind } from '../types.ts';
import { vetPattern } from './pattern.ts';
import { join, listAt, objectAt, textAt, typeAt, type Report } from './shape.ts';

const LABEL_MAX = 200;
const NOTE_MAX = 1000;

/** Properties that every kind may have, and those that some may. */
const COMMON = ['key', 'kind', 'label', 'hint', 'visibleWhen'];
const VALUED = ['required', 'requiredWhen', 'readOnlyWhen', 'compute', 'sensitive', 'maps', 'filterable'];
const SPECIAL = [...new Set(Object.values(PROJECTIONS).flatMap(({ uses }) => uses))];

const GENDERS = ['male', 'female', 'other'];

/** The properties that mean something for a kind, those of every kind first: what may be published, and what a designer offers. */
export function propertiesOf(kind: FieldKind): string[] {
  return [...COMMON, ...(kind === 'static' ? [] : VALUED), ...PROJECTIONS[kind].uses];
}

/**
 * Judges one field by itself; its key and condition are judged in the form. The field, when its shape is right enough
 * for others to be judged against it.
 */
export function vetField(raw: unknown, path: string, report: Report): Field | undefined {
  let sound = true;
  const tell: Report = (issue) => {
    sound = false;
    report(issue);
  };
  const field = objectAt(raw, path, [...COMMON, ...VALUED, ...SPECIAL], tell);
  if (!field) return undefined;
  textAt(field.label, join(path, 'label'), field.kind === 'static' ? NOTE_MAX : LABEL_MAX, tell);
  textAt(field.hint, join(path, 'hint'), NOTE_MAX, tell, true);
  textAt(field.unit, join(path, 'unit'), 20, tell, true);
  textAt(field.patternHint, join(path, 'patternHint'), LABEL_MAX, tell, true);
  typeAt(field.min, join(path, 'min'), ['number', 'string'], tell);
  typeAt(field.max, join(path, 'max'), ['number', 'string'], tell);
  typeAt(field.scale, join(path, 'scale'), ['number'], tell);
  typeAt(field.pattern, join(path, 'pattern'), ['string'], tell);
  typeAt(field.level, join(path, 'level'), ['string'], tell);
  for (const name of ['required', 'sensitive', 'filterable']) typeAt(field[name], join(path, name), ['boolean'], tell);
  vetOptionShapes(field.options, join(path, 'options'), tell);
  vetOptionShapes(field.rows, join(path, 'rows'), tell);
  if (field.documentTypes !== undefined) listAt(field.documentTypes, join(path, 'documentTypes'), tell);
  if (field.fields !== undefined) {
    for (const [at, member] of listAt(field.fields, join(path, 'fields'), tell).entries())
      if (!isRecord(member)) tell(flaw(join(join(path, 'fields'), at), 'shape', { expected: 'object' }));
  }
  if (!FIELD_KINDS.includes(field.kind as FieldKind)) tell(flaw(join(path, 'kind'), 'unknown_kind'));
  if (!sound) return undefined;
  const whole = field as unknown as Field;
  vetMeaning(whole, path, report);
  return whole;
}

function vetOptionShapes(options: unknown, path: string, report: Report): void {
  if (options === undefined) return;
  listAt(options, path, report).forEach((each, index) => {
    const option = objectAt(each, join(path, index), ['code', 'label', 'allowedWhen'], report);
    if (!option) return;
    if (typeof option.code !== 'string') report(flaw(join(join(path, index), 'code'), 'shape', { expected: 'text' }));
    textAt(option.label, join(join(path, index), 'label'), LABEL_MAX, report);
  });
}

/** Judges a field of the right shape: properties that fit its kind, and what the kind itself says. */
function vetMeaning(field: Field, path: string, report: Report): void {
  const { uses, vet } = PROJECTIONS[field.kind];
  const fitting = propertiesOf(field.kind);
  for (const name of Object.keys(field)) {
    if (!fitting.includes(name)) report(flaw(join(path, name), 'not_for_kind'));
  }
  if (field.pattern !== undefined && uses.includes('pattern'))
    vetPattern(field.pattern, join(path, 'pattern')).forEach(report);
  vet?.(field).forEach((issue) => report({ ...issue, path: join(path, issue.path) }));
  if (field.filterable && !PROJECTIONS[field.kind].filterable) report(flaw(join(path, 'filterable'), 'filter_unfit'));
  vetMaps(field, join(path, 'maps'), report);
}

function vetMaps(field: Field, path: string, report: Report): void {
  const target = field.maps;
  if (target === undefined || field.kind === 'static') return;
  if (!PERSON_TARGETS.includes(target)) return report(flaw(path, 'maps_unknown'));
  if (!PROJECTIONS[field.kind].maps?.includes(target)) return report(flaw(path, 'maps_unfit'));
  const strange = target === 'person.gender' && field.options?.some((option) => !GENDERS.includes(option.code));
  if (strange) report(flaw(path, 'gender_codes'));
}
