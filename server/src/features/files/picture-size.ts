import { Problem } from '../../http/index.ts';

/** A phone's camera makes 12 to 50 million; far more is made to fill somebody's memory when it is shown. */
const MOST_PIXELS = 64_000_000;

/** @throws Problem file_type_refused for a picture without pixels, payload_too_large for one with too many */
export function assertSize(width: number, height: number): void {
  if (width === 0 || height === 0) throw new Problem('file_type_refused');
  if (width * height > MOST_PIXELS) throw new Problem('payload_too_large', { params: { max: MOST_PIXELS } });
}
