import type { Schema } from "@abgleich/client";
import { useReason } from "../../parts/codes.ts";
import { Panel } from "../../parts/parts.tsx";
import { useFormat, useText } from "../../parts/text.tsx";
import { isKind, kinds } from "./kinds.ts";
import { texts } from "./texts.ts";

type Removal = Schema<"Removal">;
const STAGES: Removal["stage"][] = ["revoking", "destroying", "sweeping", "waiting", "sweeping_again", "verifying", "signing", "done"];

/** How far a removal is: its stages, and what it has deleted. */
export function Progress({ removal }: { removal: Removal }) {
  const text = useText(texts);
  const reason = useReason();
  const nameOf = useText(kinds);
  const format = useFormat();
  const at = STAGES.indexOf(removal.stage);
  const isDone = removal.stage === "done";
  const deleted = Object.entries(removal.deleted);
  return (
    <Panel title={text("progress", { name: removal.integration })} aside={<span className="soft">{text("asked", { when: format.moment(removal.askedAt) })}</span>}>
      <ol className="stages">
        {STAGES.map((stage, n) => (
          <li key={stage} className={n < at || isDone ? "past" : n === at ? "now" : ""} aria-current={n === at ? "step" : undefined}>{text(stage)}</li>
        ))}
      </ol>
      <div role="status">
        {!isDone && removal.expectedRecords !== null && <p>{text("left", { done: removal.deleted["records"] ?? 0, all: removal.expectedRecords })}</p>}
        {!isDone && removal.estimatedEnd !== null && <p className="soft">{text("end", { when: format.moment(removal.estimatedEnd) })}</p>}
        {removal.revocation.confirmed === true && <p>{text("revoked")}</p>}
        {removal.revocation.confirmed === false && <p className="notice">{text("notRevoked", { code: reason(removal.revocation.code ?? "") })}</p>}
      </div>
      {deleted.length > 0 && (
        <>
          <h3>{text("counts")}</h3>
          <dl className="glance">{deleted.map(([kind, n]) => <div key={kind}><dt>{isKind(kind) ? nameOf(kind) : kind}</dt><dd>{format.number(n)}</dd></div>)}</dl>
        </>
      )}
    </Panel>
  );
}
