/** Signing in with an access token. */
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useId, useState } from "react";
import { type Ending, readToken, signIn } from "../api/session";
import { Failure } from "../parts/states";
import { text } from "../text";

const t = text.signIn;

/** Keeps the token once the server has accepted it. */
async function enter(token: string): Promise<void> {
  const session = readToken(token);
  if (!session) throw new Error(t.malformed);
  if (session.expiresAt <= Date.now()) throw new Error(t.past);
  signIn(session);
}

export function SignIn({ ending }: { ending: Ending | null }) {
  const [token, setToken] = useState("");
  const field = useId();
  const entering = useMutation({ mutationFn: enter });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    entering.mutate(token.trim().replace(/^Bearer\s+/i, ""));
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
        <button type="submit" className="main" disabled={entering.isPending}>
          {entering.isPending ? t.busy : t.submit}
        </button>
        {entering.error && <Failure error={entering.error} />}
        <div id={`${field}-hint`} className="faint">
          <p>{t.hint}</p>
          <code>{t.command}</code>
          <p>{t.kept}</p>
        </div>
      </form>
    </main>
  );
}
