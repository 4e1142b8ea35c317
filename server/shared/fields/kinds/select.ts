import type { Kind, KindProjection } from './kind.ts';
import { radio, radioProjection } from './radio.ts';

/** One of many options, behind a list: a radio with another widget. */
export const select: Kind = { ...radio, several: false };

export const selectProjection: KindProjection = radioProjection;
