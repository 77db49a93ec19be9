import { useQuery } from "@tanstack/react-query";
import { text, words } from "../text";
import { get } from "./client";
import { type Kind, valuesOf } from "./report-types";
import type { MetricCatalogue } from "./schema";

const GRAINS = ["month", "week", "day", "quarter"];

/** Every metric and dimension there is. */
export const useCatalogue = () =>
  useQuery({
    queryKey: ["metrics"],
    queryFn: ({ signal }) => get<MetricCatalogue>("/reports/analytics/metrics", signal),
    staleTime: Number.POSITIVE_INFINITY,
  });

/** Ways to split a report of a kind → their names; `metrics` are those of a custom one. */
export function useGroupings(kind: Kind, metrics: string[]): Record<string, string> {
  const { data } = useCatalogue();
  const labels = new Map(data?.dimensions.map((one) => [one.id, one.label]));
  const chosen = data?.metrics.filter((one) => metrics.includes(one.id)) ?? [];
  const able = [...GRAINS, ...labels.keys()].filter((by) =>
    chosen.every((one) => (GRAINS.includes(by) ? one.by_time : one.dimensions.includes(by))),
  );
  const isCustom = kind.report_type === "custom";
  const free = chosen.length > 0 ? able : GRAINS.slice(0, 1);
  const groupings = isCustom ? free : valuesOf(kind, "group_by");
  return Object.fromEntries(
    groupings.map((by) => [by, labels.get(by) ?? words(text.reports.groupings, by)]),
  );
}
