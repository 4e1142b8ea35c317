import { line, Moment, obj, TextSchema, z } from '../../http/index.ts';
import { MODULE_ICONS } from '../../../shared/home-page.ts';

/** A text of one line, in the product's languages. */
const Words = (max: number) => obj({ 'zh-CN': line(max), en: line(max).optional() });
const Version = z
  .string()
  .regex(/^(0|[1-9]\d{0,4})(\.(0|[1-9]\d{0,4})){2}$/)
  .openapi({ example: '1.0.0' });
/** Judged by the list of pages. */
const Link = z
  .string()
  .max(300)
  .openapi({ description: 'A citizens’ page, perhaps a place inside it', example: '/register/#/submissions' });

export const MaintenanceSchema = obj({ title: Words(60), text: TextSchema, until: Moment.nullable() });
const ModuleSchema = obj({
  key: z
    .string()
    .regex(/^[a-z][a-zA-Z0-9]{0,39}$/)
    .openapi({ example: 'register' }),
  title: Words(20),
  text: Words(60),
  icon: z.enum(MODULE_ICONS),
  path: Link,
  open: z.boolean(),
  notOpenText: Words(60).optional().openapi({ description: 'What to say while it is not open' }),
});
const home = {
  maintenance: MaintenanceSchema.nullable().openapi({ description: 'What keeps citizens out now' }),
  minShell: Version.openapi({ description: 'Older shells ask to be updated' }),
  items: z.array(ModuleSchema).max(30),
  share: obj({ title: Words(60), path: Link }),
  privacy: obj({ version: line(40), path: Link }).openapi({
    description: 'A new version makes the shell ask for consent again',
  }),
};

/** What citizens get. */
export const HomePageSchema = obj({ build: z.string(), ...home });
/** What administrators see and send. `rev` 0: nobody has changed it yet. */
export const HomePageSettings = obj({ ...home, rev: z.number().int().min(0) });
