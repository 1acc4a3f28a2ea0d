import type { Range } from "../../domain/limits.ts";
import { z } from "@hono/zod-openapi";

export const dateTime = (description: string) =>
  z.string().openapi({ format: "date-time", description, example: "2026-01-15T09:30:00.000Z" });

export const count = (description: string) => z.int().min(0).openapi({ description });

/** A whole number within a limit. */
export const wholeNumber = ({ min, max }: Range) => z.int().min(min).max(max);

/** A number with at most six decimals, such as an amount of money. */
export const decimal = () =>
  z
    .number()
    .refine((value) => Number(value.toFixed(6)) === value, "must have at most six decimals.")
    // Not `multipleOf`: dividing doubles, validators refuse 0.000005 and three in ten of the valid amounts.
    .openapi({ "x-max-decimals": 6 });
