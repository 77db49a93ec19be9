declare module "virtual:tokens" {
  /** Light colour → its counterpart in the dark. */
  export const DARK: Record<string, string>;
}
declare module "virtual:tokens.css";
