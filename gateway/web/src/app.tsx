/** The frame around every view: who is here, where one can go, keys that act anywhere. */
import { useEffect, useRef, useState } from "react";
import { usePractice } from "./api/practice";
import { type Session, signOut, useSession } from "./api/session";
import { clock } from "./format";
import { useKey } from "./keys";
import { Icon } from "./parts/icons";
import { Panel } from "./parts/panel";
import { RunToasts } from "./parts/run-toasts";
import { Failure, Fence } from "./parts/states";
import { go, PATHS, usePlace, type View } from "./router";
import { text, words } from "./text";
import { setTheme, type Theme, useTheme } from "./theme";
import { Measures } from "./views/measures";
import { Overview } from "./views/overview";
import { Reports } from "./views/reports";
import { Schedules } from "./views/schedules";
import { SignIn } from "./views/sign-in";
import { WorkLists } from "./views/work-lists";

const VIEWS = {
  overview: Overview,
  reports: Reports,
  schedules: Schedules,
  work_lists: WorkLists,
  measures: Measures,
};
const NEXT: Record<Theme, Theme> = { system: "light", light: "dark", dark: "system" };

export function App() {
  const { session, ending } = useSession();
  return session ? <Frame session={session} /> : <SignIn ending={ending} />;
}

function Frame({ session }: { session: Session }) {
  const { view } = usePlace();
  const [isHelp, setHelp] = useState(false);
  const main = useRef<HTMLElement>(null);
  const Shown = VIEWS[view];
  useKey("?", () => setHelp(true));
  useKey("g o", () => go("overview"));
  useKey("g r", () => go("reports"));
  useKey("g s", () => go("schedules"));
  useKey("g w", () => go("work_lists"));
  useKey("g m", () => go("measures"));
  useKey("t", () => document.querySelector<HTMLElement>('[data-key="t"]')?.click());
  useEffect(() => {
    document.title = `${text.nav[view]} · ${text.product}`;
  }, [view]);
  return (
    <div className="frame">
      <a
        className="skip"
        href="#main"
        onClick={(event) => {
          event.preventDefault();
          main.current?.focus();
        }}
      >
        {text.nav.skip}
      </a>
      <Rail view={view} session={session} onHelp={() => setHelp(true)} />
      <main id="main" ref={main} tabIndex={-1}>
        <Fence key={view}>
          <Shown />
        </Fence>
      </main>
      <RunToasts />
      {isHelp && <Help onClose={() => setHelp(false)} />}
    </div>
  );
}

function Rail(props: { view: View; session: Session; onHelp: () => void }) {
  const theme = useTheme();
  return (
    <header className="rail">
      <PracticeName />
      <nav aria-label={text.nav.label}>
        {(Object.keys(PATHS) as View[]).map((view) => (
          <a
            key={view}
            href={PATHS[view]}
            aria-current={view === props.view ? "page" : undefined}
            onClick={(event) => {
              if (event.metaKey || event.ctrlKey || event.shiftKey) return;
              event.preventDefault();
              go(view);
            }}
          >
            <Icon name={view} />
            {text.nav[view]}
          </a>
        ))}
      </nav>
      <div className="rail-foot">
        <p title={text.user.until(clock(props.session.expiresAt))}>
          {props.session.roles.map((role) => words(text.user.roles, role)).join(", ")}
        </p>
        <RailButton icon="keys" label={text.help.open} onUse={props.onHelp} />
        <RailButton icon={theme} label={text.theme[theme]} onUse={() => setTheme(NEXT[theme])} />
        <RailButton icon="leave" label={text.user.signOut} onUse={() => signOut("signed_out")} />
      </div>
    </header>
  );
}

type RailIcon = "keys" | "leave" | Theme;

function RailButton(props: { icon: RailIcon; label: string; onUse: () => void }) {
  return (
    <button
      type="button"
      className="quiet"
      title={props.label}
      aria-label={props.label}
      onClick={props.onUse}
    >
      <Icon name={props.icon} />
    </button>
  );
}

function PracticeName() {
  const { data, error, refetch } = usePractice();
  if (error) return <Failure error={error} retry={refetch} />;
  return (
    <div className="practice">
      <strong>{data?.name ?? text.product}</strong>
      <span className="faint">{data?.time_zone}</span>
    </div>
  );
}

function Help({ onClose }: { onClose: () => void }) {
  return (
    <Panel title={text.help.title} closeLabel={text.help.close} kind="middle" onClose={onClose}>
      <dl className="keys">
        {text.help.keys.map(([key, meaning]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
    </Panel>
  );
}
