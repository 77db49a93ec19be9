import { useInfiniteQuery } from "@tanstack/react-query";
import { get, query } from "./client";

const PAGE = 50;

/** Pages of a list that says itself where it goes on; `params` choose what is on it. */
export const usePages = <T extends { next_page_token: string }>(
  path: string,
  params: Record<string, string> = {},
) =>
  useInfiniteQuery({
    queryKey: [path, params],
    queryFn: ({ signal, pageParam }) =>
      get<T>(path + query({ ...params, page_size: PAGE, page_token: pageParam }), signal),
    initialPageParam: "",
    getNextPageParam: (last) => last.next_page_token || undefined,
  });
