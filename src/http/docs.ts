import { html } from "hono/html";
import type { App } from "./app-types.ts";

/** The API reference. Everything it loads comes from this server. */
export function serveDocs(app: App): void {
  app.get("/docs", (c) =>
    c.html(
      html`<!doctype html>
        <html lang="en">
          <head>
            <meta charset="utf-8" />
            <meta name="viewport" content="width=device-width, initial-scale=1" />
            <title>OCR invoice job groups: API reference</title>
          </head>
          <body>
            <div id="reference"></div>
            <script src="/scalar.js"></script>
            <script src="/docs/start.js"></script>
          </body>
        </html>`,
    ),
  );
  app.get("/docs/start.js", (c) =>
    c.body(START, 200, { "Content-Type": "text/javascript; charset=utf-8" }),
  );
}

const SETTINGS = {
  url: "/openapi.json",
  withDefaultFonts: false,
  telemetry: false,
  agent: { disabled: true },
  mcp: { disabled: true },
  hideClientButton: true,
  showDeveloperTools: "never",
};

const START = `Scalar.createApiReference("#reference", ${JSON.stringify(SETTINGS)});\n`;
