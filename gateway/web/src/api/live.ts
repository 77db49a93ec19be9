/** Live figures of a dashboard over a WebSocket that heals by itself. */
import { useEffect, useRef, useState } from "react";
import { BASE } from "./client";
import type { DashboardData } from "./schema";
import { currentToken, signOut } from "./session";

export type LiveState = "connecting" | "live" | "reconnecting" | "polling" | "paused";

/** The server says something at least every 15 seconds; silence longer than this is a broken line. */
const SILENCE_MS = 40_000;
const WAIT_MIN_MS = 500;
const WAIT_MAX_MS = 15_000;
/** So many attempts without ever an answer, and the page says that it refreshes instead. */
const PATIENCE = 3;

/** Close codes that trying again would not change; the requests beside it say what is wrong. */
const REFUSED = [4400, 4403, 4404];
const NOT_SIGNED_IN = 4401;

type Message = { type: "data"; data: DashboardData } | { type: "heartbeat" };

/** Watches a dashboard and hands every new state of it to `onData`. */
export function useLive(
  path: string | null,
  isPaused: boolean,
  onData: (data: DashboardData) => void,
): LiveState {
  const [state, setState] = useState<LiveState>("connecting");
  const sink = useRef(onData);
  sink.current = onData;
  useEffect(() => {
    if (path === null || isPaused) return undefined;
    setState("connecting");
    return watch(path, setState, (data) => sink.current(data));
  }, [path, isPaused]);
  return isPaused ? "paused" : state;
}

/** Keeps a connection open until the returned function is called. */
function watch(
  path: string,
  tell: (state: LiveState) => void,
  onData: (data: DashboardData) => void,
): () => void {
  let socket: WebSocket | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let failures = 0;
  let isOver = false;
  let hasLived = false;

  const listen = () => {
    clearTimeout(timer);
    timer = setTimeout(() => socket?.close(), SILENCE_MS);
  };
  const connect = () => {
    const opened = new WebSocket(`${location.origin.replace(/^http/, "ws")}${BASE}${path}`);
    socket = opened;
    opened.onopen = () => opened.send(JSON.stringify({ token: currentToken() }));
    opened.onmessage = (event) => {
      const message = JSON.parse(event.data) as Message;
      failures = 0;
      hasLived = true;
      listen();
      tell("live");
      if (message.type === "data") onData(message.data);
    };
    opened.onclose = ({ code }) => {
      clearTimeout(timer);
      if (isOver) return;
      if (code === NOT_SIGNED_IN) return signOut("refused");
      if (REFUSED.includes(code)) return tell("polling");
      failures += 1;
      tell(!hasLived && failures >= PATIENCE ? "polling" : "reconnecting");
      const wait = Math.min(WAIT_MAX_MS, WAIT_MIN_MS * 2 ** (failures - 1));
      timer = setTimeout(connect, wait * (0.5 + Math.random() / 2));
    };
    listen();
  };
  connect();
  return () => {
    isOver = true;
    clearTimeout(timer);
    socket?.close();
  };
}
