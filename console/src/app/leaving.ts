/** Whoever must not be left without a question: something that was sent, and whose answer is not known yet. */
const held = new Set<object>();
let isReleased = false;

function ask(event: BeforeUnloadEvent): void {
  event.preventDefault();
}

/** Says whether the browser asks before this page is closed or loaded anew, on behalf of `owner`. */
export function hold(owner: object, isHeld: boolean): void {
  if (isHeld) held.add(owner);
  else held.delete(owner);
  // Only while there is a reason: a page with such a listener is not kept for the way back.
  if (held.size > 0 && !isReleased) window.addEventListener("beforeunload", ask);
  else window.removeEventListener("beforeunload", ask);
}

/** Whether something would be lost from sight. */
export function isHeld(): boolean {
  return held.size > 0;
}

/** Lets the user go: this page has asked already. */
export function release(): void {
  isReleased = true;
  window.removeEventListener("beforeunload", ask);
}
