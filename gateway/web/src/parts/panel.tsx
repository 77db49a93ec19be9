/** A dialog of the platform: it keeps the focus inside, closes on Esc, gives the focus back. */
import { type ReactNode, useEffect, useId, useRef } from "react";
import { Icon } from "./icons";

interface Props {
  title: string;
  closeLabel: string;
  kind: "side" | "wide" | "middle";
  onClose: () => void;
  children: ReactNode;
}

export function Panel({ title, closeLabel, kind, onClose, children }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useId();
  useEffect(() => {
    const shown = dialog.current;
    const before = document.activeElement;
    shown?.showModal();
    return () => {
      shown?.close();
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  return (
    <dialog
      ref={dialog}
      className={`panel ${kind}`}
      aria-labelledby={heading}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClick={(event) => event.target === dialog.current && onClose()}
    >
      <div className="panel-inner">
        <header>
          <h2 id={heading}>{title}</h2>
          <button type="button" className="quiet" onClick={onClose} aria-label={closeLabel}>
            <Icon name="close" />
          </button>
        </header>
        {children}
      </div>
    </dialog>
  );
}
