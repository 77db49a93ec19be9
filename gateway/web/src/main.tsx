import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { StrictMode, useState } from "react";
import { createRoot } from "react-dom/client";
import "virtual:tokens.css";
import "./style/base.css";
import "./style/parts.css";
import { Problem } from "./api/client";
import { useSession } from "./api/session";
import { App } from "./app";

/** Refusals stay refusals; what the network did to a request may not happen again. */
const isWorthRetrying = (count: number, error: Error): boolean =>
  count < 2 && error instanceof Problem && (error.status === 0 || error.status >= 502);

const newClient = () =>
  new QueryClient({ defaultOptions: { queries: { retry: isWorthRetrying, staleTime: 2_000 } } });

/** Every session starts with nothing remembered of the one before. */
function Root() {
  const { session } = useSession();
  return <Session key={session?.token ?? ""} />;
}

function Session() {
  const [client] = useState(newClient);
  return (
    <QueryClientProvider client={client}>
      <App />
    </QueryClientProvider>
  );
}

const root = document.getElementById("root");
if (root) {
  createRoot(root).render(
    <StrictMode>
      <Root />
    </StrictMode>,
  );
}
