import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

export default defineConfig({
  plugins: [react()],
  // The content security policy allows no inline code, and no data: addresses either.
  build: { assetsInlineLimit: 0, modulePreload: { polyfill: false } },
  test: { include: ["client/tests/**/*.test.ts", "src/**/*.test.{ts,tsx}"] },
});
