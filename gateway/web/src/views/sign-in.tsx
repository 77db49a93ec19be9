/** Signing in with an access token. */
import { type FormEvent, useId, useState } from "react";
import { type Ending, readToken, signIn } from "../api/session";
import { text } from "../text";

const t = text.signIn;

/** Signs in, or says why a token cannot do that. The first request shows whether it is accepted. */
function enter(token: string): string | null {
  const session = readToken(token);
  if (!session) return t.malformed;
  if (session.expiresAt <= Date.now()) return t.past;
  signIn(session);
  return null;
}

export function SignIn({ ending }: { ending: Ending | null }) {
  const [token, setToken] = useState("");
  const [refusal, setRefusal] = useState<string | null>(null);
  const field = useId();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setRefusal(enter(token.trim().replace(/^Bearer\s+/i, "")));
  };
  const words = ending ? t.ended[ending] : undefined;
  return (
    <main className="sign-in">
      <form onSubmit={submit}>
        <h1>{text.product}</h1>
        <p>{t.lead}</p>
        {words && (
          <p className="notice" role="status">
            {words}
          </p>
        )}
        <label htmlFor={field}>{t.token}</label>
        <input
          id={field}
          type="password"
          autoComplete="off"
          spellCheck={false}
          required
          value={token}
          aria-describedby={`${field}-hint`}
          onChange={(event) => setToken(event.target.value)}
        />
        {refusal && (
          <p className="refusal" role="alert">
            {refusal}
          </p>
        )}
        <button type="submit" className="main">
          {t.submit}
        </button>
        <div id={`${field}-hint`} className="faint">
          <p>{t.hint}</p>
          <code>{t.command}</code>
          <p>{t.kept}</p>
        </div>
      </form>
    </main>
  );
}
