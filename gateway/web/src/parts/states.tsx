/** What stands where figures would: loading, nothing, an error, no permission, not there. */
import { Component, type ReactNode } from "react";
import { Problem } from "../api/client";
import { text } from "../text";

/** A quiet block with a heading, words and perhaps something to do. */
export function Note(props: { title: string; children?: ReactNode; tone?: "plain" | "bad" }) {
  return (
    <div className={`note ${props.tone ?? "plain"}`} role={props.tone === "bad" ? "alert" : undefined}>
      <p className="note-title">{props.title}</p>
      {props.children}
    </div>
  );
}

/** Grey shapes of what is coming; `lines` of them. */
export function Skeleton({ lines = 3 }: { lines?: number }) {
  return (
    <div className="skeleton" role="status" aria-label={text.state.loading}>
      {Array.from({ length: lines }, (_, line) => (
        <span key={line} style={{ width: `${[62, 88, 74, 50][line % 4]}%` }} />
      ))}
    </div>
  );
}

/** A failed request in words, with its id and a way to try again. */
export function Failure({ error, retry }: { error: Error; retry?: () => void }) {
  const problem = error instanceof Problem ? error : null;
  if (problem?.status === 403) {
    return (
      <Note title={text.state.forbidden}>
        <p>{text.state.forbiddenHint}</p>
      </Note>
    );
  }
  if (problem?.isMissing) {
    return (
      <Note title={text.state.missing}>
        <p>{text.state.missingHint}</p>
      </Note>
    );
  }
  return (
    <Note title={text.state.failed} tone="bad">
      <p>{problem?.status === 0 ? text.state.unreachable : error.message}</p>
      {problem?.fields.map((one) => (
        <p key={one.field}>
          <code>{one.field}</code> {one.message}
        </p>
      ))}
      {problem?.requestId && <p className="faint mono">{text.state.request(problem.requestId)}</p>}
      {retry && (
        <button type="button" onClick={retry}>
          {text.state.retry}
        </button>
      )}
    </Note>
  );
}

/** Keeps one broken part from taking the page with it. */
export class Fence extends Component<{ children: ReactNode }, { error: Error | null }> {
  override state = { error: null as Error | null };

  static getDerivedStateFromError(error: Error) {
    return { error };
  }

  override render() {
    if (!this.state.error) return this.props.children;
    return (
      <Note title={text.state.crashed} tone="bad">
        <button type="button" onClick={() => this.setState({ error: null })}>
          {text.state.retry}
        </button>
      </Note>
    );
  }
}
