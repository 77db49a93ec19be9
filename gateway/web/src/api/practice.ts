import { useQuery } from "@tanstack/react-query";
import { get } from "./client";
import type { Practice } from "./schema";

/** The practice of the signed-in user. */
export const usePractice = () =>
  useQuery({
    queryKey: ["practice"],
    queryFn: ({ signal }) => get<Practice>("/practice", signal),
    staleTime: 300_000,
  });

/** The practice's time zone; UTC until it is known. */
export const useZone = (): string => usePractice().data?.time_zone ?? "UTC";
