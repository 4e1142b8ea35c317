import { ref } from 'vue';

export interface Toast {
  id: number;
  text: string;
  tone: 'success' | 'danger';
}

export const toasts = ref<Toast[]>([]);
let last = 0;

/** A short message at the edge of the page, gone after 4 s (8 s for a failure). */
export function toast(text: string, tone: Toast['tone'] = 'success'): void {
  const id = ++last;
  toasts.value = [...toasts.value.slice(-2), { id, text, tone }];
  setTimeout(() => dismiss(id), tone === 'danger' ? 8000 : 4000);
}

export function dismiss(id: number): void {
  toasts.value = toasts.value.filter((one) => one.id !== id);
}
