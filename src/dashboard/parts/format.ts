const LOCALE = "en-GB";
const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const whole = new Intl.NumberFormat(LOCALE);
const short = new Intl.NumberFormat(LOCALE, { maximumSignificantDigits: 3 });
const exactTime = new Intl.DateTimeFormat(LOCALE, { dateStyle: "full", timeStyle: "long" });
const dayAndTime = new Intl.DateTimeFormat(LOCALE, {
  day: "numeric",
  month: "short",
  year: "numeric",
  hour: "2-digit",
  minute: "2-digit",
});

/** `12,345` */
export const count = (value: number): string => whole.format(value);

/** `1 job`, `2 jobs` */
export const counted = (value: number, one: string, many = `${one}s`): string =>
  `${count(value)} ${value === 1 ? one : many}`;

/** Three digits of a number that is not exact. */
export const rough = (value: number): string => short.format(value);

export const percent = (share: number): string =>
  `${share > 0.99 && share < 1 ? "99" : Math.round(share * 100)}%`;

/** In the viewer's zone, which it names. */
export const exact = (at: string): string => exactTime.format(new Date(at));
export const moment = (at: string): string => dayAndTime.format(new Date(at));

const timeOfDay = new Intl.DateTimeFormat(LOCALE, { hour: "2-digit", minute: "2-digit" });

export function clock(at: string, now: number): string {
  const date = new Date(at);
  const today = date.toDateString() === new Date(now).toDateString();
  return today ? timeOfDay.format(date) : dayAndTime.format(date);
}

const withSeconds = new Intl.DateTimeFormat(LOCALE, { timeStyle: "medium" });
const day = new Intl.DateTimeFormat(LOCALE, { day: "numeric", month: "short" });

/** The label of a mark on a time axis whose marks are `stepSeconds` apart. */
export function axisTime(epochSeconds: number, stepSeconds: number): string {
  if (stepSeconds >= DAY / SECOND) return day.format(epochSeconds * SECOND);
  const format = stepSeconds < MINUTE / SECOND ? withSeconds : timeOfDay;
  return format.format(epochSeconds * SECOND);
}

/** A length of time in its largest unit: `4 min`. */
export function duration(ms: number): string {
  if (ms < MINUTE) return `${Math.max(0, Math.round(ms / SECOND))} s`;
  if (ms < HOUR) return `${Math.round(ms / MINUTE)} min`;
  if (ms < DAY) return `${Math.round(ms / HOUR)} h`;
  return counted(Math.round(ms / DAY), "day");
}

export const ago = (at: string, now: number): string => {
  const past = now - Date.parse(at);
  return past < 5 * SECOND ? "just now" : `${duration(past)} ago`;
};

export const until = (at: string, now: number): string => {
  const left = Date.parse(at) - now;
  return left < SECOND ? "any moment" : `in ${duration(left)}`;
};

/** At least two decimals and as many as the amount has, up to the API's six. */
export function money(amount: number, currency: string): string {
  return new Intl.NumberFormat(LOCALE, {
    style: "currency",
    currency,
    currencyDisplay: "narrowSymbol",
    minimumFractionDigits: 2,
    maximumFractionDigits: 6,
  }).format(amount);
}
