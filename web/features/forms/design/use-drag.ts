import { onScopeDispose, ref, type Ref } from 'vue';
import { listOf } from '../../../../server/shared/forms/edit.ts';

/** Where a dragged field would come: before the one at `index` of a list of fields (`steps.0`, a group's place). */
export interface DropPlace {
  list: string;
  index: number;
}

/** What is being dragged: the place of a field, or the id of something in the palette. */
export interface Dragged {
  from: string | null;
  item: string | null;
  label: string;
  /** A group: it goes into no other. */
  group: boolean;
}

export interface Dragging extends Dragged {
  x: number;
  y: number;
  over: DropPlace | null;
}

/** Fewer pixels than these are a press. */
const SLACK = 5;
/** So near to the window's edge it scrolls, px; and so fast, px a frame. */
const EDGE = 72;
const SPEED = 10;

/**
 * Dragging by mouse, pen and finger alike, with pointer events: HTML's own dragging does not exist on phones. `drop` is
 * called when something is let go over a list; Escape ends it.
 */
export function useDrag(drop: (what: Dragged, place: DropPlace) => void) {
  const dragging: Ref<Dragging | null> = ref(null);
  let start: { x: number; y: number; what: Dragged; pointer: number } | null = null;
  let frame = 0;
  /** The click that a browser makes of letting go is none. */
  let dragged = false;

  function placeUnder(x: number, y: number, what: Dragged): DropPlace | null {
    const under = document.elementFromPoint(x, y);
    const tree = under?.closest('[data-tree]');
    if (!under || !tree) return null;
    const row = under.closest<HTMLElement>('[data-field-row]');
    const box = under.closest<HTMLElement>('[data-list]');
    // A list of its own in a group, below its rows or empty.
    if (box && (!row || row.contains(box))) {
      const list = box.dataset['list']!;
      return refuses(what, list) ? null : { list, index: box.querySelectorAll(':scope > [data-field-row]').length };
    }
    if (!row) return null;
    const [list, index] = listOf(row.dataset['place']!);
    if (refuses(what, list)) return null;
    const { top, height } = row.querySelector('.line')!.getBoundingClientRect();
    return { list, index: y < top + height / 2 ? index : index + 1 };
  }
  const refuses = (what: Dragged, list: string): boolean =>
    (what.group && list.includes('.fields.')) ||
    (what.from !== null && (list === what.from || list.startsWith(`${what.from}.`)));

  function move(event: PointerEvent): void {
    if (!start || event.pointerId !== start.pointer) return;
    const { clientX: x, clientY: y } = event;
    if (!dragging.value && Math.hypot(x - start.x, y - start.y) < SLACK) return;
    event.preventDefault();
    dragging.value = { ...start.what, x, y, over: placeUnder(x, y, start.what) };
    if (!frame) frame = requestAnimationFrame(scroll);
  }
  function scroll(): void {
    frame = 0;
    const now = dragging.value;
    if (!now) return;
    const by = now.y < EDGE ? -SPEED : now.y > window.innerHeight - EDGE ? SPEED : 0;
    if (by) {
      window.scrollBy(0, by);
      dragging.value = { ...now, over: placeUnder(now.x, now.y, now) };
    }
    frame = requestAnimationFrame(scroll);
  }
  function end(event: Event): void {
    const now = dragging.value;
    stop();
    if (!now) return;
    dragged = true;
    setTimeout(() => (dragged = false));
    if (event.type === 'pointerup' && now.over) drop(now, now.over);
  }
  function onKey(event: KeyboardEvent): void {
    if (event.key === 'Escape') stop();
  }
  function stop(): void {
    start = null;
    dragging.value = null;
    cancelAnimationFrame(frame);
    frame = 0;
    window.removeEventListener('pointermove', move);
    window.removeEventListener('pointerup', end);
    window.removeEventListener('pointercancel', end);
    window.removeEventListener('keydown', onKey);
  }
  onScopeDispose(stop);

  return {
    dragging,
    /** For `pointerdown`; on a handle with `touch-action: none`, or a finger scrolls instead. */
    begin(event: PointerEvent, what: Dragged): void {
      if (event.button !== 0) return;
      stop();
      start = { x: event.clientX, y: event.clientY, what, pointer: event.pointerId };
      window.addEventListener('pointermove', move, { passive: false });
      window.addEventListener('pointerup', end);
      window.addEventListener('pointercancel', end);
      window.addEventListener('keydown', onKey);
    },
    /** Whether the click that comes now ends a drag and means nothing. */
    isClickOfDrag: () => dragged,
  };
}

export type Drag = ReturnType<typeof useDrag>;
