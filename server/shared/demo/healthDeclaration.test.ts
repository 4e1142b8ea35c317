import { expect, it } from 'vitest';
import { SAMPLE_REGIONS } from '../fields/cases/index.ts';
import { checkForm, FIELD_KINDS, fieldsOf, personOf, visibleFields } from '../fields/index.ts';
import { vetForm } from '../fields/vet/index.ts';
import { healthDeclaration } from './healthDeclaration.ts';

const ctx = { today: '2024-06-15', regions: SAMPLE_REGIONS };
const calm = {
  name: '李小明',
  document: { type: 'residentId', number: '440305199003071236' },
  gender: 'male',
  birthDate: '1990-03-07',
  phone: '138 0013 8000',
  region: '440305',
  stay: { region: '440305', detail: '科技园路 1 号' },
  travelled: 'no',
  contact: 'no',
  chronic: 'no',
  vaccineDoses: '0',
  emergencyName: '李大明',
  emergencyPhone: '+86 139 0013 9000',
  truthful: true,
};

it('may be published, shows the kinds of field that most forms need, and speaks both languages', () => {
  expect(vetForm(healthDeclaration)).toEqual([]);
  const kinds = new Set(fieldsOf(healthDeclaration).map(({ kind }) => kind));
  expect(FIELD_KINDS.filter((kind) => kinds.has(kind)).length).toBeGreaterThanOrEqual(14);
  const texts = JSON.stringify(healthDeclaration).match(/"zh-CN":"[^"]*"(,"en")?/g)!;
  expect(texts.filter((text) => !text.endsWith('"en"'))).toEqual([]);
});

it('asks a person without travel and symptoms little', () => {
  expect(checkForm(healthDeclaration, calm, ctx).issues).toEqual([]);
  const asked = visibleFields(healthDeclaration, calm, ctx).map(({ key }) => key);
  expect(asked).not.toContain('returnDate');
  expect(asked).not.toContain('temperature');
  expect(asked).not.toContain('vaccineMaker');
  const { answers } = checkForm(healthDeclaration, calm, ctx);
  expect(personOf(healthDeclaration, answers)).toMatchObject({
    name: '李小明',
    phone: '13800138000',
    gender: 'male',
    region: '440305',
  });
});

it('asks a traveller with symptoms for the details', () => {
  const { issues } = checkForm(
    healthDeclaration,
    {
      ...calm,
      travelled: 'yes',
      travelPlaces: ['abroad'],
      symptoms: ['fever'],
      contact: 'yes',
      chronic: 'yes',
      vaccineDoses: 2,
    },
    ctx,
  );
  expect(issues.map(({ path, code }) => `${path.slice(8)} ${code}`)).toEqual(
    [
      'travelCountry',
      'returnDate',
      'contactDetail',
      'onsetDate',
      'temperature',
      'chronicDetail',
      'vaccineMaker',
      'lastDoseDate',
    ].map((key) => `${key} required`),
  );
});
