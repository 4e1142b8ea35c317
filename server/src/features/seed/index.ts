/** What a fresh installation and the demonstration begin with. */
export { seedOrganisation } from './organisations.ts';
export { seedStaff, type SeedStaff } from './staff.ts';
export { seedSystem } from './system.ts';
export { seedDemo } from './demo.ts';
