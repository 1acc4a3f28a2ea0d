import type { Range } from "../../domain/limits.ts";
import { z } from "@hono/zod-openapi";

export const dateTime = (description: string) =>
  z.string().openapi({ format: "date-time", description, example: "2026-01-15T09:30:00.000Z" });

export const count = (description: string) => z.int().min(0).openapi({ description });

/** A whole number within a limit. */
export const wholeNumber = ({ min, max }: Range) => z.int().min(min).max(max);
