/** Light or dark: as the system says, unless the reader chose. */
import { useSyncExternalStore } from "react";

export type Theme = "system" | "light" | "dark";

const KEY = "praxis.theme";
const dark = matchMedia("(prefers-color-scheme: dark)");
const listeners = new Set<() => void>();

let theme: Theme = readTheme();
apply();
dark.addEventListener("change", tell);

function readTheme(): Theme {
  const kept = localStorage.getItem(KEY);
  return kept === "light" || kept === "dark" ? kept : "system";
}

function apply(): void {
  document.documentElement.style.colorScheme = theme === "system" ? "light dark" : theme;
}

function tell(): void {
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function setTheme(next: Theme): void {
  theme = next;
  localStorage.setItem(KEY, next);
  apply();
  tell();
}

export const useTheme = (): Theme => useSyncExternalStore(subscribe, () => theme);

export const useIsDark = (): boolean =>
  useSyncExternalStore(subscribe, () => (theme === "system" ? dark.matches : theme === "dark"));
