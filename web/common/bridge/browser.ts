import type { Outcome } from './index.ts';

interface Detector {
  detect(image: ImageBitmap): Promise<{ rawValue: string }[]>;
}
type WithDetector = { BarcodeDetector?: new () => Detector };

/** Lets a photo be taken or chosen. Browsers don't say when the citizen leaves that: a new question ends the old one. */
export function pickPhoto(): Promise<Outcome<File>> {
  return new Promise((resolve) => {
    const input = document.createElement('input');
    input.type = 'file';
    input.accept = 'image/*';
    input.setAttribute('capture', 'environment');
    input.onchange = () => {
      const file = input.files && input.files[0];
      resolve(file ? { ok: true, value: file } : { ok: false, why: 'cancel' });
    };
    // Younger browsers do say it.
    input.addEventListener('cancel', () => resolve({ ok: false, why: 'cancel' }));
    input.click();
  });
}

/** Reads a code off a photo, where the browser can. */
export async function readCode(): Promise<Outcome<string>> {
  const { BarcodeDetector } = window as WithDetector;
  if (!BarcodeDetector) return { ok: false, why: 'unsupported' };
  const photo = await pickPhoto();
  if (!photo.ok) return photo;
  try {
    const [code] = await new BarcodeDetector().detect(await createImageBitmap(photo.value));
    return code ? { ok: true, value: code.rawValue } : { ok: false, why: 'failed' };
  } catch {
    return { ok: false, why: 'unsupported' };
  }
}

/** The system's share sheet; without one, the address goes to the clipboard. */
export async function shareHere(title: string, url: string): Promise<'shared' | 'copied' | 'failed'> {
  try {
    if (navigator.share) {
      await navigator.share({ title, url });
      return 'shared';
    }
    await navigator.clipboard.writeText(url);
    return 'copied';
  } catch {
    return 'failed';
  }
}
