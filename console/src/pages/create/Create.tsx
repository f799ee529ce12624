import { Attempt, ProblemError, type Schema } from "@abgleich/client";
import { useState } from "react";
import { Button } from "react-aria-components/Button";
import { useClient, useMay } from "../../app/context.tsx";
import type { PageProps } from "../../app/pages.ts";
import { Failure } from "../../parts/Failure.tsx";
import { Empty } from "../../parts/parts.tsx";
import { useText } from "../../parts/text.tsx";
import { Assess } from "./Assess.tsx";
import { type Draft, EMPTY, emailsOf, recordOf, withRows } from "./draft.ts";
import { Form } from "./Form.tsx";
import { Outcome } from "./Outcome.tsx";
import { Preview } from "./Preview.tsx";
import { texts } from "./texts.ts";
import "./create.css";

/** Creates one record: what is needed, what would be sent, who is named in it and what clears them, and what came of it. */
export default function Create({ integration }: PageProps) {
  const text = useText(texts);
  return integration === undefined ? <Empty title={text("none")}><p>{text("noneText")}</p></Empty> : <One key={integration} integration={integration} />;
}

function One({ integration }: { integration: string }) {
  const text = useText(texts);
  const client = useClient();
  const mayWrite = useMay("abgleich/write");
  // The key goes with the form: whatever is lost on the way, one wish makes one record.
  const [attempt] = useState(() => new Attempt(client, integration));
  const [draft, setDraft] = useState<Draft>(EMPTY);
  const [preview, setPreview] = useState<Schema<"Preview">>();
  const [outcome, setOutcome] = useState<Schema<"Creation">>();
  const [error, setError] = useState<unknown>();
  const [isBusy, setBusy] = useState(false);
  const [isAssessing, setAssessing] = useState(false);

  const change = (some: Partial<Draft>) => {
    setDraft({ ...draft, ...some });
    setPreview(undefined);
  };
  const work = async (what: () => Promise<void>) => {
    setBusy(true);
    setError(undefined);
    try {
      await what();
    } catch (cause) {
      // A refusal that says what became of the record is shown as that.
      if (cause instanceof ProblemError && cause.outcome) setOutcome(cause.outcome);
      else setError(cause);
    }
    setBusy(false);
  };
  const check = () => work(async () => {
    setOutcome(undefined);
    const { allowDuplicate: _, ...record } = recordOf(draft);
    const { data } = await client.POST("/v1/integrations/{integration}/creations/preview", { params: { path: { integration } }, body: { records: [record] } });
    const found = data.records[0];
    setPreview(found);
    if (found) setDraft(withRows(draft, found.missingFields));
  });
  const create = (allowDuplicate = draft.allowDuplicate) => work(async () => {
    setOutcome((await attempt.create(recordOf({ ...draft, allowDuplicate }))).data);
  });
  const ask = () => work(async () => {
    const known = await attempt.outcome();
    setOutcome(known?.records[0] ?? { outcome: "not_sent" });
  });
  const again = () => {
    setDraft(EMPTY);
    setPreview(undefined);
    setOutcome(undefined);
  };
  if (!mayWrite) return null;
  const isUnsettled = attempt.isUnsettled || outcome?.outcome === "unknown";
  return (
    <>
      <Form draft={draft} preview={preview} isDisabled={isBusy || isUnsettled} onChange={change}>
        <div className="actions">
          <Button className="button" isDisabled={isBusy || isUnsettled} onPress={() => void check()}>{text("check")}</Button>
          <Button className="button main" isDisabled={isBusy || isUnsettled} onPress={() => void create()}>{text("create")}</Button>
        </div>
      </Form>
      {error !== undefined && <Failure error={error} isChange />}
      {preview && !outcome && <Preview preview={preview} onAssess={() => setAssessing(true)} />}
      {(outcome || isUnsettled) && (
        <Outcome outcome={outcome ?? { outcome: "unknown" }} onAsk={() => void ask()} onAgain={again} onAssess={() => setAssessing(true)} onAllSame={() => void create(true)}
          onGiveUp={() => { attempt.abandon(); again(); }} />
      )}
      {isAssessing && (
        <Assess emails={emailsOf(draft)} purpose={draft.purpose} onClose={() => setAssessing(false)}
          onFiled={(purpose) => { setAssessing(false); setOutcome(undefined); change({ purpose }); }} />
      )}
    </>
  );
}
