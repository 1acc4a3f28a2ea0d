import { expect, test } from "vitest";
import { makeSamples, type Sample } from "../../src/processor/samples/make-samples.ts";
import { skip } from "../support/browser.ts";
import {
  drop,
  newWorkspace,
  overflows,
  processJobs,
  violations,
  withDashboard,
} from "./dashboard.ts";

const samples: Sample[] = [];
if (!skip) for await (const sample of makeSamples({ count: 3 })) samples.push(sample);
const files = samples.map(({ name, bytes }) => ({
  name,
  mimeType: "application/octet-stream",
  buffer: Buffer.from(bytes),
}));
const nameOf = (ending: string) => samples.find(({ name }) => name.endsWith(ending))?.name ?? "";

test(
  "dropped files are stored, each with its progress, and one that is no document is refused in the API's words",
  { skip },
  async () => {
    const workspace = await newWorkspace();
    const group = await workspace.api.newGroup();
    await withDashboard(workspace, `/dashboard/groups/${group}`, async ({ page, faults }) => {
      await page.getByRole("button", { name: "Add documents" }).waitFor();
      await drop(page, files);
      const dialog = page.getByRole("dialog", { name: "Add documents" });
      await dialog.getByText("3 of 3 files stored").waitFor();
      const wrong = { name: "notes.txt", mimeType: "text/plain", buffer: Buffer.from("no scan") };
      await dialog.getByLabel("Choose files").setInputFiles([wrong]);
      await dialog.getByText("3 of 4 files stored, 1 not").waitFor();
      await dialog.getByText("must be a PDF, PNG, JPEG, TIFF or BMP by its bytes").waitFor();
      expect(await violations(page)).toEqual([]);
      await page.screenshot({ path: "dist/screenshots/upload.png" });
      await page.keyboard.press("Escape");
      await page.getByRole("img", { name: "3 waiting, of 3 jobs" }).waitFor();
      for (const { name } of files) await page.getByRole("link", { name }).waitFor();
      expect(faults.filter((fault) => !fault.includes("400"))).toEqual([]);
    });
  },
);

test.each(["light", "dark"] as const)(
  "a document stands beside what was read from it, in %s",
  { skip },
  async (colorScheme) => {
    const workspace = await newWorkspace();
    const { api } = workspace;
    const group = await api.newGroup();
    for (const { name, bytes } of samples) {
      const raw = new FormData();
      raw.append("file", new Blob([Buffer.from(bytes)]), name);
      const path = `/ocr-invoice-job-group/${group}/documents`;
      expect((await api.call("POST", path, { raw })).status).toBe(201);
    }
    await api.data("POST", `/ocr-invoice-job-group/${group}/process`);
    await processJobs(api, group, { complete: 3 });
    const context = { colorScheme, viewport: { width: 1_280, height: 900 } };
    await withDashboard(
      workspace,
      `/dashboard/groups/${group}`,
      async ({ page, faults }) => {
        await page.getByRole("link", { name: nameOf(".png") }).click();
        const panel = page.getByRole("complementary");
        const image = panel.getByRole("img", { name: nameOf(".png") });
        await image.waitFor();
        const width = () =>
          image.evaluate((one) => (one as unknown as { naturalWidth: number }).naturalWidth);
        await expect.poll(width).toBeGreaterThan(300);
        await panel.getByText("Nordwind Papier").waitFor();
        expect(await violations(page)).toEqual([]);
        expect(await overflows(page)).toBe(false);
        await panel.scrollIntoViewIfNeeded();
        await page.screenshot({ path: `dist/screenshots/document-${colorScheme}.png` });
        await page.getByRole("link", { name: nameOf(".pdf") }).click();
        await panel.getByTitle(nameOf(".pdf")).waitFor();
        await panel.getByRole("button", { name: "Save the document" }).waitFor();
        await page.screenshot({ path: `dist/screenshots/document-pdf-${colorScheme}.png` });
        expect(await overflows(page)).toBe(false);
        await page.setViewportSize({ width: 390, height: 800 });
        expect(await overflows(page)).toBe(false);
        await page.screenshot({ path: `dist/screenshots/document-390-${colorScheme}.png` });
        expect(faults).toEqual([]);
      },
      context,
    );
  },
);
