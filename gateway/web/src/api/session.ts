/** Who is signed in. The token lives in memory and in the tab's session storage, never in a URL. */
import { useSyncExternalStore } from "react";

export interface Session {
  token: string;
  user: string;
  roles: string[];
  /** Milliseconds since 1970. */
  expiresAt: number;
}

/** Why there is no session any more. */
export type Ending = "signed_out" | "expired" | "refused";

const KEY = "praxis.token";
/** The longest delay a browser timer takes. */
const TIMER_MAX_MS = 2 ** 31 - 1;

let session: Session | null = null;
let ending: Ending | null = null;
let timer: ReturnType<typeof setTimeout> | undefined;
const listeners = new Set<() => void>();

/** What a token says about its bearer; null when it is no token. The server verifies it. */
export function readToken(token: string): Session | null {
  try {
    const part = token.split(".")[1] ?? "";
    const bytes = Uint8Array.from(atob(part.replace(/-/g, "+").replace(/_/g, "/")), (c) =>
      c.charCodeAt(0),
    );
    const claims = JSON.parse(new TextDecoder().decode(bytes));
    if (typeof claims.exp !== "number") return null;
    const roles = Array.isArray(claims.roles) ? claims.roles.map(String) : [];
    return { token, user: String(claims.sub ?? ""), roles, expiresAt: claims.exp * 1000 };
  } catch {
    return null;
  }
}

export function signIn(next: Session): void {
  sessionStorage.setItem(KEY, next.token);
  become(next, null);
}

export function signOut(why: Ending): void {
  sessionStorage.removeItem(KEY);
  become(null, why);
}

/** The token of the session, for requests. */
export const currentToken = (): string | null => session?.token ?? null;

/** The session, and how the last one ended. */
export function useSession(): { session: Session | null; ending: Ending | null } {
  const known = useSyncExternalStore(subscribe, () => session);
  return { session: known, ending };
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function become(next: Session | null, why: Ending | null): void {
  session = next;
  ending = why;
  clearTimeout(timer);
  if (next) timer = setTimeout(expire, Math.min(next.expiresAt - Date.now(), TIMER_MAX_MS));
  for (const listener of listeners) listener();
}

function expire(): void {
  if (session && session.expiresAt <= Date.now()) signOut("expired");
  else become(session, null);
}

const kept = readToken(sessionStorage.getItem(KEY) ?? "");
if (kept) {
  if (kept.expiresAt > Date.now()) become(kept, null);
  else signOut("expired");
}
