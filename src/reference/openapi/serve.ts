import type { App, AppContext } from "../../http/app-types.ts";
import { SAMPLE_ORIGIN } from "./code-samples.ts";
import { describeApi } from "./document.ts";
import { llmsText } from "./llms.ts";

/** Serves the document and `/llms.txt`. Both are built on the first request and kept, since building takes long. */
export function serveOpenApi(app: App): void {
  let texts: { json: string; llms: string } | undefined;
  const built = () => {
    const document = describeApi(app);
    return { json: JSON.stringify(document), llms: llmsText(document) };
  };
  const here = (c: AppContext, text: string, type: string) =>
    c.body(text.replaceAll(SAMPLE_ORIGIN, new URL(c.req.url).origin), 200, {
      "Content-Type": type,
    });
  app.get("/openapi.json", (c) => here(c, (texts ??= built()).json, "application/json"));
  app.get("/llms.txt", (c) => here(c, (texts ??= built()).llms, "text/plain; charset=utf-8"));
}
