import type { Schema } from "@abgleich/client";

export type Suggestion = Schema<"Suggestions">["suggestions"][number];
export type Verdict = "approved" | "blocked";

/** What somebody decided about a suggestion: for its company, or for another. */
export interface Decision {
  company: string;
  verdict: Verdict;
  /** Whether the API has it, or it is being taken back. Meanwhile the next ones can be looked at. */
  state: "sent" | "done" | "undone";
}

export interface Queue {
  suggestions: Suggestion[];
  at: number;
  decisions: ReadonlyMap<string, Decision>;
  /** The keys of what was decided, the last one at the end: `undo` takes them back in this order. */
  order: string[];
  /** The keys of those whose decision was not taken, until they are decided again. */
  failed: ReadonlySet<string>;
}

export const EMPTY: Queue = { suggestions: [], at: 0, decisions: new Map(), order: [], failed: new Set() };

export type Action =
  | { kind: "more"; suggestions: Suggestion[] }
  | { kind: "go"; to: number }
  | { kind: "decide"; key: string; company: string; verdict: Verdict }
  /** It was taken; it is being taken back; that failed. */
  | { kind: "done" | "undo" | "kept"; key: string }
  /** It was taken back; it was not taken at all. */
  | { kind: "withdrawn" | "failed"; key: string };

type State = Decision["state"];
const STEPS: Record<"done" | "undo" | "kept", [from: State[], to: State]> = {
  // An answer that comes after the user took it back changes nothing.
  done: [["sent"], "done"], undo: [["sent", "done"], "undone"], kept: [["undone"], "done"],
};

export function keyOf({ record, company }: Suggestion): string {
  return `${record.object} ${record.id} ${company}`;
}

/** The list of suggestions, and what was decided about them. */
export function reduce(queue: Queue, action: Action): Queue {
  const decisions = new Map(queue.decisions);
  switch (action.kind) {
    case "more": {
      const known = new Set(queue.suggestions.map(keyOf));
      return { ...queue, suggestions: [...queue.suggestions, ...action.suggestions.filter((one) => !known.has(keyOf(one)))] };
    }
    case "go":
      return { ...queue, at: Math.max(0, Math.min(queue.suggestions.length - 1, action.to)) };
    case "decide": {
      if (decisions.has(action.key)) return queue;
      decisions.set(action.key, { company: action.company, verdict: action.verdict, state: "sent" });
      const failed = new Set(queue.failed);
      failed.delete(action.key);
      return { ...queue, decisions, failed, order: [...queue.order, action.key], at: nextOpen(queue, decisions) };
    }
    case "done":
    case "undo":
    case "kept": {
      const decision = decisions.get(action.key);
      const [from, to] = STEPS[action.kind];
      if (decision && from.includes(decision.state)) decisions.set(action.key, { ...decision, state: to });
      // Only the user's own key moves the selection. An answer that comes later must not put another pair under the next key.
      const at = action.kind === "undo" ? queue.suggestions.findIndex((one) => keyOf(one) === action.key) : -1;
      return { ...queue, decisions, at: at < 0 ? queue.at : at };
    }
    case "withdrawn":
    case "failed": {
      decisions.delete(action.key);
      const failed = action.kind === "failed" ? new Set([...queue.failed, action.key]) : queue.failed;
      return { ...queue, decisions, failed, order: queue.order.filter((key) => key !== action.key) };
    }
  }
}

/** The next suggestion about which nothing is decided, or the same if there is none. */
function nextOpen({ suggestions, at }: Queue, decisions: ReadonlyMap<string, Decision>): number {
  const isOpen = (one: Suggestion) => !decisions.has(keyOf(one));
  const after = suggestions.findIndex((one, n) => n > at && isOpen(one));
  if (after >= 0) return after;
  const before = suggestions.findIndex(isOpen);
  return before >= 0 ? before : at;
}
