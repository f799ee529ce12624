import { useState } from "react";
import { Button } from "react-aria-components/Button";
import { useMay } from "../../app/context.tsx";
import type { PageProps } from "../../app/pages.ts";
import { Failure } from "../../parts/Failure.tsx";
import { Empty } from "../../parts/parts.tsx";
import { useText } from "../../parts/text.tsx";
import { useFields } from "../../parts/useFields.ts";
import { Assess } from "./Assess.tsx";
import { Form } from "./Form.tsx";
import { Outcome } from "./Outcome.tsx";
import { Preview } from "./Preview.tsx";
import { texts } from "./texts.ts";
import { useWish } from "./useWish.ts";
import "./create.css";

/** Creates one record: what is needed, what would be sent, who is named in it and what clears them, and what came of it. */
export default function Create({ integration }: PageProps) {
  const text = useText(texts);
  return integration === undefined ? <Empty title={text("none")}><p>{text("noneText")}</p></Empty> : <One key={integration} integration={integration} />;
}

function One({ integration }: { integration: string }) {
  const text = useText(texts);
  const mayWrite = useMay("abgleich/write");
  const wish = useWish(integration);
  const labels = useFields(integration, wish.state.draft.object);
  const [isAssessing, setAssessing] = useState(false);
  if (!mayWrite) return null;
  const { draft, preview, outcome, error, isBusy } = wish.state;
  const { isUnsettled } = wish;
  const isDisabled = isBusy || isUnsettled;
  return (
    <>
      <Form draft={draft} labels={labels} preview={preview} isDisabled={isDisabled} onChange={(some) => wish.change(some)}>
        <div className="actions">
          <Button className="button" isDisabled={isDisabled} onPress={() => void wish.check()}>{text("check")}</Button>
          <Button className="button main" isDisabled={isDisabled} onPress={() => void wish.create()}>{text("create")}</Button>
        </div>
      </Form>
      {error !== undefined && !outcome && <Failure error={error} isChange />}
      {preview && !outcome && <Preview preview={preview} labels={labels} onAssess={() => setAssessing(true)} />}
      {(outcome || isUnsettled) && (
        <Outcome outcome={outcome ?? { outcome: "unknown" }} error={outcome && error} isBusy={isBusy} onAsk={() => void wish.ask()} onAgain={() => wish.again()} onAssess={() => setAssessing(true)}
          onAllSame={() => void wish.create(true)} />
      )}
      {isAssessing && (
        <Assess assessing={wish.assessing} onChange={(some) => wish.assess(some)} onClose={() => setAssessing(false)}
          onFiled={(purpose) => { setAssessing(false); wish.assessed(purpose); }} />
      )}
    </>
  );
}
