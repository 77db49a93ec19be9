/** One way to the server: JSON in and out, every failure a Problem. */
import type { Problem as ProblemBody } from "./schema";
import { currentToken, signOut } from "./session";

export const BASE = "/api/v1";

/** A failed request, in the server's words where it spoke. `status` 0: it could not be reached. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    detail: string,
    readonly requestId: string,
    readonly fields: { field: string; message: string }[] = [],
  ) {
    super(detail);
  }

  /** The server does not know this part of the surface. */
  get isMissing(): boolean {
    return this.status === 404 || this.status === 501;
  }
}

/** What a GET says. */
export const get = <T>(path: string, signal?: AbortSignal): Promise<T> =>
  send<T>("GET", path, undefined, signal);

/** What a POST answers. Sent again with the same key, it has one effect. */
export const post = <T>(
  path: string,
  body: unknown,
  key?: string,
  signal?: AbortSignal,
): Promise<T> => send<T>("POST", path, body, signal, key);

/** Hands the data of every server-sent event to `onData`, to the end of the stream. */
export async function listen<T>(
  path: string,
  onData: (data: T) => void,
  signal: AbortSignal,
): Promise<void> {
  const response = await request(path, { signal }, { Accept: "text/event-stream" });
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) {
    const events = (text + part.value).split("\n\n");
    text = events.pop() ?? "";
    for (const event of events) {
      const data = event.split("\n").find((line) => line.startsWith("data: "));
      if (data) onData(JSON.parse(data.slice("data: ".length)) as T);
    }
  }
}

async function send<T>(
  method: string,
  path: string,
  body: unknown,
  signal?: AbortSignal,
  key?: string,
): Promise<T> {
  const headers: Record<string, string> = { Accept: "application/json" };
  if (key) headers["Idempotency-Key"] = key;
  if (body !== undefined) headers["Content-Type"] = "application/json";
  const init: RequestInit = { method, signal: signal ?? null };
  if (body !== undefined) init.body = JSON.stringify(body);
  return (await (await request(path, init, headers)).json()) as T;
}

/** The answer to a request of the session. Raises: Problem. */
async function request(
  path: string,
  init: RequestInit,
  headers: Record<string, string>,
): Promise<Response> {
  const token = currentToken();
  if (token) headers["Authorization"] = `Bearer ${token}`;
  const response = await reach(BASE + path, { ...init, headers });
  if (response.ok) return response;
  const problem = await problemOf(response);
  // A token that is refused will be refused again; one that changed meanwhile may not.
  if (problem.status === 401 && token && token === currentToken()) signOut("refused");
  throw problem;
}

async function reach(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init);
  } catch (error) {
    if (init.signal?.aborted) throw error;
    throw new Problem(0, "unreachable", "", "");
  }
}

async function problemOf(response: Response): Promise<Problem> {
  const id = response.headers.get("x-request-id") ?? "";
  try {
    const body = (await response.json()) as ProblemBody;
    return new Problem(response.status, body.code, body.detail, body.request_id, body.errors);
  } catch {
    return new Problem(response.status, "unknown", response.statusText, id);
  }
}

/** `?a=1&b=2` of what is set; nothing when nothing is. */
export function query(values: Record<string, string | number | undefined>): string {
  const set = Object.entries(values).filter(([, value]) => value !== undefined && value !== "");
  const text = new URLSearchParams(set.map(([name, value]) => [name, String(value)])).toString();
  return text && `?${text}`;
}
