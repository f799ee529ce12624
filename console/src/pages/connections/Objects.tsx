import type { Schema } from "@abgleich/client";
import { useReason } from "../../parts/codes.ts";
import { Mark, Panel, type Tone } from "../../parts/parts.tsx";
import { type Text, useFormat, useText } from "../../parts/text.tsx";
import { texts } from "./texts.ts";

type Objects = Schema<"Integration">["objects"];
type Verdict = Schema<"Verdict">;
export const TONES: Record<Exclude<Verdict, null>, Tone> = { verified: "good", unproven: "plain", absent: "plain", drift: "bad", failed: "bad", held: "wait" };

/** A verdict in words. */
export function Verdicted({ verdict, records, code }: { verdict: Verdict; records: number | null; code: string | null }) {
  const text = useText(texts);
  const reason = useReason();
  if (verdict === null) return <Mark tone="plain">{text("unknown")}</Mark>;
  return <Mark tone={TONES[verdict]}>{text(verdict === "held" ? "held_" : verdict, { records: records ?? 0, code: reason(code ?? "") })}</Mark>;
}

export function Objects({ objects }: { objects: Objects }) {
  const text = useText(texts);
  const format = useFormat();
  return (
    <Panel title={text("objects")}>
      {objects.length === 0 ? <p className="soft">{text("nothing")}</p> : <div className="scroll" tabIndex={0} role="group" aria-label={text("objects")}>
        <table className="table">
          <thead>
            <tr>
              <th scope="col">{text("object")}</th><th scope="col" className="number">{text("held")}</th><th scope="col">{text("verdict")}</th>
              <th scope="col">{text("confirmed")}</th><th scope="col">{text("notes")}</th>
            </tr>
          </thead>
          <tbody>
            {objects.map((one) => (
              <tr key={one.object}>
                <th scope="row">{text(one.object)}</th>
                <td className="number">{format.number(one.held)}</td>
                <td><Verdicted {...one} /></td>
                <td title={one.confirmedAt === null ? undefined : format.moment(one.confirmedAt)}>{one.confirmedAt === null ? text("notYet") : format.ago(one.confirmedAt)}</td>
                <td className="notes">{notes(one, text).map((note) => <div key={note}>{note}</div>)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>}
    </Panel>
  );
}

function notes(one: Objects[number], text: Text<keyof (typeof texts)["en"]>): string[] {
  const found: string[] = [];
  if (one.hiddenFields.length > 0) found.push(text("hidden", { n: one.hiddenFields.length, names: one.hiddenFields.join(", ") }));
  if (one.quarantined > 0) found.push(text("quarantined", { n: one.quarantined }));
  if (one.deletionsWaiting > 0) found.push(text("waiting", { n: one.deletionsWaiting }));
  if (one.deletionsLeft > 0) found.push(text("left", { n: one.deletionsLeft }));
  return found;
}
