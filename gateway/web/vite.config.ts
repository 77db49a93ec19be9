import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import { manifest } from "./build/manifest.ts";
import { tokens } from "./build/tokens.ts";

/** Where the gateway serves the built page from; committed, so that users need no Node. */
const OUT = "../src/praxis_gateway/static";
const GATEWAY = process.env["PRAXIS_URL"] ?? "http://127.0.0.1:8000";

export default defineConfig({
  plugins: [react(), tokens(), manifest(OUT)],
  build: {
    outDir: OUT,
    emptyOutDir: true,
    target: "es2023",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1000,
    reportCompressedSize: false,
    rolldownOptions: {
      output: {
        // What changes rarely keeps its file while the page changes.
        codeSplitting: {
          groups: [
            { name: "react", test: /node_modules\/(react|react-dom|scheduler|@tanstack)\// },
            { name: "vega", test: /node_modules\// },
          ],
        },
      },
    },
  },
  server: {
    host: "127.0.0.1",
    proxy: { "/api": { target: GATEWAY, ws: true }, "/openapi.json": GATEWAY },
  },
});
