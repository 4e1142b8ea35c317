import type { Connection, Model } from 'mongoose';
import type { HomePage } from '../../../shared/home-page.ts';
import { defineSchema } from '../../infra/mongo/index.ts';

/** The home page of the mini-program: one document, there since somebody first changed it. */
export interface HomePageDoc {
  _id: 'home';
  page: HomePage;
  rev: number;
  updatedAt: Date;
}

const schema = defineSchema<HomePageDoc>({
  _id: { type: String, required: true },
  page: { type: 'Mixed', required: true },
  rev: { type: Number, required: true },
  updatedAt: { type: Date, required: true },
});

export const homePageModel = (connection: Connection): Model<HomePageDoc> =>
  (connection.models['HomePage'] as Model<HomePageDoc> | undefined) ??
  connection.model<HomePageDoc>('HomePage', schema, 'homePages');
