/**
 * A phone's keyboard makes the window smaller, on some phones only the part that is seen, and may cover what is being typed.
 * Then the field is brought back into sight.
 */
export function keepInSight(): void {
  const { visualViewport } = window;
  const look = () => {
    const typing = document.activeElement;
    if (!typing || !/^(INPUT|TEXTAREA|SELECT)$/.test(typing.tagName)) return;
    const { top, bottom } = typing.getBoundingClientRect();
    const above = visualViewport ? visualViewport.offsetTop : 0;
    const height = visualViewport ? visualViewport.height : window.innerHeight;
    if (top < above || bottom > above + height) typing.scrollIntoView({ block: 'center' });
  };
  (visualViewport || window).addEventListener('resize', look);
  // iOS 12 leaves the page pushed up when the keyboard goes.
  document.addEventListener('focusout', () => scrollBy(0, 0));
}
