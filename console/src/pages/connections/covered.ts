/**
 * How many deletions a decision is about, by the contract: those that wait, of all objects; only if none waits at all, those that an
 * earlier decision left. A question names this number, so that nobody decides about more than he was asked.
 */
export function covered(objects: readonly { waiting: number; left: number }[]): { n: number; areLeft: boolean } {
  const sum = (of: "waiting" | "left") => objects.reduce((all, one) => all + one[of], 0);
  const waiting = sum("waiting");
  return waiting > 0 ? { n: waiting, areLeft: false } : { n: sum("left"), areLeft: true };
}
