import fc from 'fast-check';
import { expect, it } from 'vitest';
import { checkResidentId, residentIdCheck, residentIdFacts } from './residentId.ts';

it('reads birth date and gender', () => {
  expect(residentIdFacts('11010519491231002X')).toEqual({ birthDate: '1949-12-31', gender: 'female' });
  expect(residentIdFacts('440305199003071236')).toEqual({ birthDate: '1990-03-07', gender: 'male' });
  expect(residentIdFacts('440305199003071237')).toBeUndefined();
  expect(residentIdFacts('x')).toBeUndefined();
});

it('finds every single wrong digit and every two neighbours that changed places', () => {
  const digits = fc
    .tuple(fc.constantFrom('110105', '440305', '650102'), fc.integer({ min: 0, max: 999 }))
    .map(([region, serial]) => `${region}19900307${String(serial).padStart(3, '0')}`);
  fc.assert(
    fc.property(digits, fc.integer({ min: 0, max: 16 }), fc.integer({ min: 1, max: 9 }), (first, at, shift) => {
      const number = first + residentIdCheck(first);
      expect(checkResidentId(number, '2024-06-15')).toBeNull();
      const wrong = number.slice(0, at) + String((Number(number[at]) + shift) % 10) + number.slice(at + 1);
      expect(checkResidentId(wrong, '2024-06-15')).not.toBeNull();
      const swapped = number.slice(0, at) + number.charAt(at + 1) + number.charAt(at) + number.slice(at + 2);
      expect(swapped === number || checkResidentId(swapped, '2024-06-15') !== null).toBe(true);
    }),
  );
});
