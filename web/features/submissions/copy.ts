/** Copies a text; false if the browser refuses. Old WebViews and plain http know only the old way. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyOldWay(text);
  }
}

function copyOldWay(text: string): boolean {
  const area = document.createElement('textarea');
  area.value = text;
  area.readOnly = true;
  area.className = 'unseen';
  document.body.appendChild(area);
  const before = document.activeElement as HTMLElement | null;
  area.select();
  area.setSelectionRange(0, text.length);
  let done = false;
  try {
    done = document.execCommand('copy');
  } catch {
    // Refused: the caller says so.
  }
  area.remove();
  before?.focus();
  return done;
}
