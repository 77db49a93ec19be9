/** What one can ask for: the types of the report service, in its own words and order. */
import { useQuery } from "@tanstack/react-query";
import { words } from "../text";
import { get } from "./client";
import type { ListReportTypesResponse, ReportType, ReportTypeInfo } from "./schema";

export type Kind = ReportTypeInfo;

/** Every type that the reader may run; undefined until they are known. */
export const useKinds = () =>
  useQuery({
    queryKey: ["report-types"],
    queryFn: ({ signal }) => get<ListReportTypesResponse>("/reports/types", signal),
    staleTime: Number.POSITIVE_INFINITY,
    select: ({ items }) => items.filter((kind) => kind.is_allowed),
  });

/** What people call a type. */
export function useTitle(): (type: ReportType) => string {
  const { data } = useKinds();
  const titles = Object.fromEntries(data?.map((kind) => [kind.report_type, kind.title]) ?? []);
  return (type) => words(titles, type);
}

/** The kind an address names; the first where it names none. */
export const kindOf = (kinds: Kind[], type: string | null): Kind | undefined =>
  kinds.find((kind) => kind.report_type === type) ?? kinds[0];

/** What a parameter takes; nothing where the kind does not have it. */
export const valuesOf = (kind: Kind, name: string): string[] =>
  kind.parameters.find((one) => one.name === name)?.values ?? [];

export const hasParameter = (kind: Kind, name: string): boolean =>
  kind.parameters.some((one) => one.name === name);
