import { type ReactNode, useId } from "react";
import { Button } from "react-aria-components/Button";
import { Dialog, Heading } from "react-aria-components/Dialog";
import { Modal, ModalOverlay } from "react-aria-components/Modal";
import { messages, useText } from "./text.tsx";

const texts = messages({ en: { cancel: "Cancel", loading: "Loading" }, de: { cancel: "Abbrechen", loading: "Wird geladen" } });

/** What is there, if nothing is: what it means, and what to do next. */
export function Empty({ title, children }: { title: string; children?: ReactNode }) {
  return <div className="empty"><h2>{title}</h2>{children}</div>;
}

/** A part of a page under a heading. */
export function Panel({ title, aside, children }: { title: string; aside?: ReactNode; children: ReactNode }) {
  const id = useId();
  return (
    <section className="panel" aria-labelledby={id}>
      <header><h2 id={id}>{title}</h2>{aside}</header>
      {children}
    </section>
  );
}

/** The tone of a mark. It never carries a meaning alone: the word beside it does. */
export type Tone = "good" | "bad" | "wait" | "plain";

export function Mark({ tone, children }: { tone: Tone; children: ReactNode }) {
  return <span className={`mark ${tone}`}>{children}</span>;
}

export function Loading() {
  const text = useText(texts);
  return <p className="loading" role="status">{text("loading")} …</p>;
}

interface AskProps {
  title: string;
  /** The word on the button that does it. */
  does: string;
  isDanger?: boolean;
  isDisabled?: boolean;
  onDo: () => void;
  /** Without it there is no way around. */
  onClose?: () => void;
  children: ReactNode;
}

/** Asks before something is done. */
export function Ask({ title, does, isDanger = false, isDisabled = false, onDo, onClose, children }: AskProps) {
  const text = useText(texts);
  return (
    <ModalOverlay className="overlay" isOpen isDismissable={onClose !== undefined} isKeyboardDismissDisabled={onClose === undefined} onOpenChange={(isOpen) => !isOpen && onClose?.()}>
      <Modal className="modal">
        <Dialog className="dialog" role="alertdialog">
          <Heading slot="title">{title}</Heading>
          {children}
          <div className="actions">
            {onClose && <Button className="button" onPress={onClose}>{text("cancel")}</Button>}
            <Button className={`button ${isDanger ? "danger" : "main"}`} isDisabled={isDisabled} onPress={onDo}>{does}</Button>
          </div>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

/** A select of the platform: it works on every device without a script. */
export function Choice<Value extends string>(props: {
  label: string; value: Value; choices: readonly (readonly [Value, string])[]; onChange: (value: Value) => void; isHidden?: boolean;
}) {
  const id = useId();
  return (
    <span className="choice">
      <label htmlFor={id} className={props.isHidden ? "hidden" : ""}>{props.label}</label>
      <select id={id} value={props.value} onChange={({ target }) => props.onChange(target.value as Value)}>
        {props.choices.map(([value, text]) => <option key={value} value={value}>{text}</option>)}
      </select>
    </span>
  );
}
