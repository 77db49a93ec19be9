/** Keys that act anywhere, unless somebody is typing or a dialog is open. */
import { useEffect, useRef } from "react";

const WAIT_MS = 1200;
const TYPING = "input, textarea, select, [contenteditable]";

let lead = "";
let timer: ReturnType<typeof setTimeout> | undefined;

/** Calls `act` on a key, or on two in a row such as `g o`. */
export function useKey(keys: string, act: () => void): void {
  const latest = useRef(act);
  latest.current = act;
  useEffect(() => {
    const [first, second] = keys.split(" ");
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isBusy(event.target)) return;
      if (second === undefined ? event.key === first && !lead : lead === first && event.key === second) {
        event.preventDefault();
        latest.current();
      }
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, [keys]);
}

const isBusy = (target: EventTarget | null): boolean =>
  (target instanceof Element && target.matches(TYPING)) ||
  document.querySelector("dialog[open]") !== null;

// Runs after the listeners above have looked at the key: a `g` waits for its second one.
addEventListener("keydown", (event) => {
  clearTimeout(timer);
  lead = event.key === "g" && !lead && !isBusy(event.target) ? "g" : "";
  timer = setTimeout(() => {
    lead = "";
  }, WAIT_MS);
});
