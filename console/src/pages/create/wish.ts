import { Attempt, type Client, ProblemError, type Schema } from "@abgleich/client";
import { type Answers, begun, type Step } from "./bases.ts";
import { type Draft, EMPTY, emailsOf, recordOf, withRows } from "./draft.ts";
import type { Kept } from "./kept.ts";

/** How far an assessment is. */
export interface Assessing {
  answers: Answers;
  step: Step;
}

/** What the page shows. */
export interface State {
  draft: Draft;
  preview: Schema<"Preview"> | undefined;
  outcome: Schema<"Creation"> | undefined;
  error: unknown;
  isBusy: boolean;
  /** Whether something was sent and no answer has come yet. */
  isSending: boolean;
  /** Assessments that are not filed yet, by person and purpose: what was written about one person is not offered for another. */
  assessing: Record<string, Assessing>;
}

const BEGUN: State = { draft: EMPTY, preview: undefined, outcome: undefined, error: undefined, isBusy: false, isSending: false, assessing: {} };

/** What a wish needs of the world around it. */
export interface Surroundings {
  client: Pick<Client, "GET" | "POST">;
  integration: string;
  kept: Kept;
  /** Is told whether the user should be asked before leaving. */
  onHold: (isHeld: boolean) => void;
}

/**
 * What a user wants to create in one connection: what was typed, the attempt with its key, and what came of it. It outlives the page, so that
 * whoever goes elsewhere and comes back finds an open question, and not an empty form under another key.
 */
export class Wish {
  readonly #around: Surroundings;
  readonly #attempt: Attempt;
  readonly #listeners = new Set<() => void>();
  #state = BEGUN;

  constructor(around: Surroundings) {
    this.#around = around;
    const key = around.kept.read();
    this.#attempt = new Attempt(around.client, around.integration, { key });
    // The page was loaded anew in the middle of a creation: what became of it is asked before anything else.
    if (key !== undefined) void this.ask();
  }

  get state(): State {
    return this.#state;
  }

  /** Whether it is not known what became of a creation. Nothing else is sent until then. */
  get isUnsettled(): boolean {
    return this.#attempt.isUnsettled || this.#state.outcome?.outcome === "unknown";
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Takes what the user wrote. What was said about another content is said no more. */
  change(some: Partial<Draft>): void {
    if (this.#state.isBusy || this.isUnsettled) return;
    this.#dismiss();
    this.#set({ draft: { ...this.#state.draft, ...some }, preview: undefined, error: undefined });
  }

  /** Asks what would be sent, and what stands against it. */
  async check(): Promise<void> {
    if (this.isUnsettled) return;
    await this.#work(async () => {
      this.#dismiss();
      const { allowDuplicate: _, ...record } = recordOf(this.#state.draft);
      const { client, integration } = this.#around;
      const { data } = await client.POST("/v1/integrations/{integration}/creations/preview", { params: { path: { integration } }, body: { records: [record] } });
      const preview = data.records[0];
      this.#set({ preview, ...(preview && { draft: withRows(this.#state.draft, preview.missingFields) }) });
    });
  }

  /** Creates what was written; a duplicate, too, if that was said. */
  create(allowDuplicate = this.#state.draft.allowDuplicate): Promise<void> {
    return this.#work(async () => {
      const sent = this.#attempt.create(recordOf({ ...this.#state.draft, allowDuplicate }));
      this.#set({ isSending: true });
      try {
        this.#set({ outcome: (await sent).data });
      } catch (cause) {
        // A refusal that says what became of the record is shown as that. What was said before is over in any case.
        this.#set({ outcome: cause instanceof ProblemError ? cause.outcome : undefined });
        throw cause;
      } finally {
        this.#set({ isSending: false });
      }
    });
  }

  /** Asks what became of a creation. */
  ask(): Promise<void> {
    return this.#work(async () => {
      const known = await this.#attempt.outcome();
      this.#set({ outcome: known?.records[0] ?? { outcome: "not_sent" } });
    });
  }

  /** Begins anew with an empty form. The same content is then another wish. */
  again(): void {
    if (this.#state.isBusy) return;
    this.#attempt.abandon();
    this.#set(BEGUN);
  }

  /** The assessment of whoever is in the form, as far as it is. */
  get assessing(): Assessing {
    const { draft, assessing } = this.#state;
    return assessing[this.#about()] ?? { answers: begun(emailsOf(draft), draft.purpose), step: "who" };
  }

  assess(some: Partial<Assessing>): void {
    this.#set({ assessing: { ...this.#state.assessing, [this.#about()]: { ...this.assessing, ...some } } });
  }

  /** The assessment was filed. */
  assessed(purpose: string): void {
    const { [this.#about()]: _, ...assessing } = this.#state.assessing;
    this.#set({ assessing });
    this.change({ purpose });
  }

  #about(): string {
    const { draft } = this.#state;
    return JSON.stringify([emailsOf(draft), draft.purpose]);
  }

  /** Takes away an outcome that is known. Who goes on after a creation wants another record, even one with the same content. */
  #dismiss(): void {
    if (this.#state.outcome?.outcome === "created") this.#attempt.abandon();
    this.#set({ outcome: undefined });
  }

  async #work(what: () => Promise<void>): Promise<void> {
    if (this.#state.isBusy) return;
    this.#set({ isBusy: true, error: undefined });
    try {
      await what();
    } catch (error) {
      this.#set({ error });
    }
    this.#set({ isBusy: false });
  }

  #set(some: Partial<State>): void {
    this.#state = { ...this.#state, ...some };
    const isHeld = this.#state.isSending || this.isUnsettled;
    this.#around.kept.write(isHeld ? this.#attempt.key : undefined);
    this.#around.onHold(isHeld);
    for (const listener of this.#listeners) listener();
  }
}
