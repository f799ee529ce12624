import { ProblemError, type Schema } from "@abgleich/client";
import { useState } from "react";
import { Button } from "react-aria-components/Button";
import { Dialog, Heading } from "react-aria-components/Dialog";
import { Modal, ModalOverlay } from "react-aria-components/Modal";
import { useClient } from "../../app/context.tsx";
import { Failure } from "../../parts/Failure.tsx";
import { Choice } from "../../parts/parts.tsx";
import { useText } from "../../parts/text.tsx";
import { useRead } from "../../parts/useRead.ts";
import { assessing as texts } from "./assessing.ts";
import { type Answers, ASKED, assessmentOf, type Kind, PREFILLED, type Step, STEPS, stepOf } from "./bases.ts";
import type { Assessing } from "./wish.ts";

type Key = keyof (typeof texts)["en"];
interface Props {
  assessing: Assessing;
  onChange: (some: Partial<Assessing>) => void;
  onClose: () => void;
  onFiled: (purpose: string) => void;
}

const TITLES: Record<Step, Key> = { who: "who", purpose: "purpose", necessity: "necessity_", balancing: "balancing", safeguards: "safeguards_", outcome: "outcome", evidence: "evidence_" };

/** The assessment of one person for one purpose, step by step. A template prefills what is not about the person. What is written outlives the dialog. */
export function Assess({ assessing: { answers, step }, onChange, onClose, onFiled }: Props) {
  const text = useText(texts);
  const client = useClient();
  const [error, setError] = useState<unknown>();
  const [isBusy, setBusy] = useState(false);
  const steps = STEPS[answers.kind];
  const at = steps.indexOf(step);
  const setStep = (next: Step) => onChange({ step: next });
  const change = (some: Partial<Answers>) => onChange({ answers: { ...answers, ...some } });
  const file = async () => {
    setBusy(true);
    setError(undefined);
    try {
      await client.POST("/v1/assessments", { body: assessmentOf(answers) });
      onFiled(answers.purpose);
    } catch (cause) {
      setError(cause);
      if (cause instanceof ProblemError && cause.path.length > 0) setStep(stepOf(answers.kind, cause.path));
    }
    setBusy(false);
  };
  const isLast = at === steps.length - 1;
  const isChosen = answers.kind !== "legitimate_interest" || answers.prevails !== undefined;
  return (
    <ModalOverlay className="overlay" isOpen isKeyboardDismissDisabled={isBusy} onOpenChange={(isOpen) => !isOpen && onClose()}>
      <Modal className="modal">
        <Dialog className="dialog">
          <Heading slot="title">{text("title")}</Heading>
          <ol className="steps">{steps.map((one) => <li key={one} aria-current={one === step ? "step" : undefined}>{text(TITLES[one])}</li>)}</ol>
          {error !== undefined && <Failure error={error} isChange />}
          <Fields key={step} step={step} answers={answers} onChange={change} />
          <div className="actions">
            {at === 0 ? <Button className="button" onPress={onClose}>{text("cancel")}</Button> : <Button className="button" onPress={() => setStep(steps[at - 1] ?? "who")}>{text("back")}</Button>}
            {isLast ? <Button className="button main" isDisabled={isBusy || !isChosen} onPress={() => void file()}>{text("file")}</Button>
              : <Button className="button main" onPress={() => setStep(steps[at + 1] ?? step)}>{text("next")}</Button>}
          </div>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

function Fields({ step, answers, onChange }: { step: Step; answers: Answers; onChange: (some: Partial<Answers>) => void }) {
  const text = useText(texts);
  const told = (name: Key, isLong = true, type = "text") => (
    <label key={name} className="field"><span>{text(name)}</span>
      {isLong ? <textarea value={answers.texts[name] ?? ""} maxLength={4_000} onChange={({ target }) => onChange({ texts: { ...answers.texts, [name]: target.value } })} />
        : <input type={type} value={answers.texts[name] ?? ""} onChange={({ target }) => onChange({ texts: { ...answers.texts, [name]: target.value } })} />}
    </label>
  );
  const own = (name: "name" | "company" | "purpose" | "source" | "reviewer" | "assessed" | "reviewDate", label: Key, type = "text") => (
    <label key={name} className="field"><span>{text(label)}</span><input type={type} value={answers[name]} autoComplete="off" onChange={({ target }) => onChange({ [name]: target.value })} /></label>
  );
  switch (step) {
    case "who":
      return (
        <>
          <p className="soft">{text("why")}</p>
          <Choice<Kind> label={text("kind")} value={answers.kind} choices={(Object.keys(STEPS) as Kind[]).map((kind) => [kind, text(kind)])} onChange={(kind) => onChange({ kind })} />
          <label className="field"><span>{text("emails")}</span><textarea value={answers.emails} onChange={({ target }) => onChange({ emails: target.value })} /></label>
          {own("name", "name")}{own("company", "company")}{own("purpose", "forWhat")}{own("source", "source")}
          {answers.kind === "legitimate_interest" && <Templates answers={answers} onChange={onChange} />}
        </>
      );
    case "evidence":
      return answers.kind === "consent" ? <>{told("given", false, "date")}{told("wording")}{told("evidence")}</> : <>{told("reference")}{told("necessity")}</>;
    case "safeguards":
      return <>{told("safeguards")}{told("optOut")}</>;
    case "outcome":
      return (
        <>
          {answers.kind === "legitimate_interest" && (
            <fieldset>
              <legend>{text("choose")}</legend>
              {([["prevails", true], ["person", false]] as const).map(([label, value]) => (
                <label key={label} className="check"><input type="radio" name="outcome" checked={answers.prevails === value} onChange={() => onChange({ prevails: value })} /> {text(label)}</label>
              ))}
            </fieldset>
          )}
          {own("reviewer", "reviewer")}{own("assessed", "assessed", "date")}{own("reviewDate", "reviewDate", "date")}
        </>
      );
    default:
      return (
        <>
          {ASKED[step]?.map((name) => told(name))}
          {step === "balancing" && <label className="check"><input type="checkbox" checked={answers.vulnerable} onChange={({ target }) => onChange({ vulnerable: target.checked })} /> {text("vulnerable")}</label>}
        </>
      );
  }
}

function Templates({ answers, onChange }: { answers: Answers; onChange: (some: Partial<Answers>) => void }) {
  const text = useText(texts);
  const client = useClient();
  const read = useRead(async (signal) => {
    const all: Schema<"VersionedTemplate">[] = [];
    for await (const { templates } of client.pages("/v1/templates", { signal })) all.push(...templates);
    return all;
  }, []);
  const templates = read.data ?? [];
  if (read.error !== undefined) return <Failure error={read.error} retry={read.again} />;
  if (templates.length === 0) return null;
  const names = templates.map(({ template, version }) => `${template.name} ${version}`);
  const take = (name: string) => {
    const found = templates[names.indexOf(name)];
    if (!found) return onChange({ template: undefined });
    const { template, version } = found;
    onChange({ template: { name: template.name, version }, texts: { ...answers.texts, ...Object.fromEntries(PREFILLED.map((one) => [one, template[one]])) } });
  };
  const used = answers.template ? `${answers.template.name} ${answers.template.version}` : "";
  return <Choice label={text("template")} value={used} choices={[["", text("noTemplate")], ...names.map((name) => [name, name] as const)]} onChange={take} />;
}
