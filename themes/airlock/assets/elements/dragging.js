// Dragging with a mouse, a pen or a finger, for those who like it; loaded when a page has something to drag.
export async function makeSortable(element, options) {
  const { default: Sortable } = await import("sortablejs");
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  return new Sortable(element, {
    animation: still ? 0 : 120,
    // The browser's own dragging knows no fingers and cannot be styled.
    forceFallback: true,
    fallbackTolerance: 4,
    // A finger that scrolls must not drag.
    delay: 140,
    delayOnTouchOnly: true,
    touchStartThreshold: 6,
    scroll: true,
    ...options,
  });
}
