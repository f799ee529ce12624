import { useState } from "react";
import { Button } from "react-aria-components/Button";
import { useClient } from "../../app/context.tsx";
import { Failure } from "../../parts/Failure.tsx";
import { Ask, Panel } from "../../parts/parts.tsx";
import { messages, useFormat, useText } from "../../parts/text.tsx";
import { useRead } from "../../parts/useRead.ts";
import { covered } from "./covered.ts";
import { texts as objects } from "./texts.ts";

const texts = messages({
  en: {
    title: "Deletions are held back", why: "Since {when}, more records vanished from the CRM than one run may delete. That can be a clean-up of yours, or a mistake: a right that was taken away, an import that went wrong. Until you decide, these records stay in the copy and are not shown.",
    waiting: "{n} wait", left: "{n} were left earlier", sample: "Some of them", confirm: "Delete them here, too", leave: "Keep them", sureDelete: "Delete {n} records?",
    sureDeleteText: "They were deleted in the CRM. The next run, which begins at once, deletes them from the copy, however many they are.", sureLeave: "Keep {n} records?",
    sureLeaveText: "They stay in the copy and are shown again, marked as deleted in the CRM. Nobody is asked about them again.",
    leftTitle: "Deleted in the CRM, kept here", whyLeft: "An earlier decision kept these records, which were deleted in the CRM. They are shown, marked as deleted there. You can still delete them here, too.",
    confirmed: "Decided: delete. The next run carries it out.", kept: "Decided: keep. The next run carries it out.",
  },
  de: {
    title: "Löschungen sind zurückgehalten", why: "Seit {when} sind im CRM mehr Datensätze verschwunden, als ein Lauf löschen darf. Das kann ein Aufräumen sein oder ein Versehen: ein entzogenes Recht, ein missglückter Import. Bis Sie entscheiden, bleiben diese Datensätze in der Kopie und werden nicht gezeigt.",
    waiting: "{n} warten", left: "{n} wurden früher behalten", sample: "Einige davon", confirm: "Auch hier löschen", leave: "Behalten", sureDelete: "{n} Datensätze löschen?",
    sureDeleteText: "Sie wurden im CRM gelöscht. Der nächste Lauf beginnt sofort und löscht sie aus der Kopie, wie viele es auch sind.", sureLeave: "{n} Datensätze behalten?",
    sureLeaveText: "Sie bleiben in der Kopie und werden wieder gezeigt, als im CRM gelöscht markiert. Niemand wird erneut gefragt.",
    leftTitle: "Im CRM gelöscht, hier behalten", whyLeft: "Eine frühere Entscheidung hat diese Datensätze behalten, die im CRM gelöscht wurden. Sie werden gezeigt, als dort gelöscht markiert. Sie können sie noch immer auch hier löschen.",
    confirmed: "Entschieden: löschen. Der nächste Lauf führt es aus.", kept: "Entschieden: behalten. Der nächste Lauf führt es aus.",
  },
});

type Decision = "confirm" | "leave";

/** Deletions that wait for an administrator, explained; confirmed or left. */
export function Held({ integration, onDecided }: { integration: string; onDecided: () => void }) {
  const text = useText(texts);
  const names = useText(objects);
  const format = useFormat();
  const client = useClient();
  const path = { path: { integration } };
  const read = useRead(async (signal) => (await client.GET("/v1/integrations/{integration}/held", { params: path, signal })).data, [integration]);
  const [asked, setAsked] = useState<Decision>();
  const [done, setDone] = useState<Decision>();
  const [error, setError] = useState<unknown>();
  const held = read.data;
  if (read.error !== undefined) return <Failure error={read.error} retry={read.again} />;
  if (!held || held.run === null) return null;
  const run = held.run;
  const { n, areLeft } = covered(held.objects);
  const decide = async (decision: Decision) => {
    setAsked(undefined);
    setError(undefined);
    try {
      await client.POST("/v1/integrations/{integration}/held", { params: path, body: { run, decision } });
      setDone(decision);
      onDecided();
    } catch (cause) {
      setError(cause);
    }
  };
  return (
    <Panel title={text(areLeft ? "leftTitle" : "title")}>
      <p className="notice">{text(areLeft ? "whyLeft" : "why", { when: held.since === null ? "" : format.moment(held.since) })}</p>
      <ul className="plain">
        {held.objects.map(({ object, waiting, left, sample }) => (
          <li key={object}>
            <strong>{names(object)}</strong>: {[waiting > 0 && text("waiting", { n: waiting }), left > 0 && text("left", { n: left })].filter(Boolean).join(", ")}
            {sample.length > 0 && <details><summary>{text("sample")}</summary><code>{sample.join(" · ")}</code></details>}
          </li>
        ))}
      </ul>
      {error !== undefined && <Failure error={error} isChange retry={read.again} />}
      {done ? <p role="status">{text(done === "confirm" ? "confirmed" : "kept")}</p> : (
        <div className="actions">
          {!areLeft && <Button className="button" onPress={() => setAsked("leave")}>{text("leave")}</Button>}
          <Button className="button danger" onPress={() => setAsked("confirm")}>{text("confirm")}</Button>
        </div>
      )}
      {asked && (
        <Ask title={text(asked === "confirm" ? "sureDelete" : "sureLeave", { n })} does={text(asked)} isDanger={asked === "confirm"}
          onDo={() => void decide(asked)} onClose={() => setAsked(undefined)}>
          <p>{text(asked === "confirm" ? "sureDeleteText" : "sureLeaveText")}</p>
        </Ask>
      )}
    </Panel>
  );
}
