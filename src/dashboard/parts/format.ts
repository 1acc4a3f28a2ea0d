const LOCALE = "en-GB";
const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** The browser loads its tables with the first format of a kind, which takes it up to 100 ms. */
const lazily = <T>(make: () => T): (() => T) => {
  let made: T | undefined;
  return () => (made ??= make());
};

const whole = lazily(() => new Intl.NumberFormat(LOCALE));
const short = lazily(() => new Intl.NumberFormat(LOCALE, { maximumSignificantDigits: 3 }));
const exactTime = lazily(
  () => new Intl.DateTimeFormat(LOCALE, { dateStyle: "full", timeStyle: "long" }),
);
const dayAndTime = lazily(
  () => new Intl.DateTimeFormat(LOCALE, { dateStyle: "medium", timeStyle: "short" }),
);

/** Makes the formats that every page uses, before there is anything to show in them. */
export function prepareFormats(): void {
  count(0);
  moneyFormat("USD");
}

/** `12,345` */
export const count = (value: number): string => whole().format(value);

/** `1 job`, `2 jobs` */
export const counted = (value: number, one: string, many = `${one}s`): string =>
  `${count(value)} ${value === 1 ? one : many}`;

/** Three digits of a number that is not exact. */
export const rough = (value: number): string => short().format(value);

export const percent = (share: number): string =>
  `${share > 0.99 && share < 1 ? "99" : Math.round(share * 100)}%`;

/** In the viewer's zone, which it names. */
export const exact = (at: string): string => exactTime().format(new Date(at));
export const moment = (at: string): string => dayAndTime().format(new Date(at));

const timeOfDay = lazily(() => new Intl.DateTimeFormat(LOCALE, { timeStyle: "short" }));

export function clock(at: string, now: number): string {
  const date = new Date(at);
  const today = date.toDateString() === new Date(now).toDateString();
  return today ? timeOfDay().format(date) : dayAndTime().format(date);
}

const withSeconds = lazily(() => new Intl.DateTimeFormat(LOCALE, { timeStyle: "medium" }));
const day = lazily(() => new Intl.DateTimeFormat(LOCALE, { day: "numeric", month: "short" }));

/** The label of a mark on a time axis whose marks are `stepSeconds` apart. */
export function axisTime(epochSeconds: number, stepSeconds: number): string {
  if (stepSeconds >= DAY / SECOND) return day().format(epochSeconds * SECOND);
  const format = stepSeconds < MINUTE / SECOND ? withSeconds : timeOfDay;
  return format().format(epochSeconds * SECOND);
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

const moneyFormats = new Map<string, Intl.NumberFormat>();

function moneyFormat(currency: string): Intl.NumberFormat {
  const known = moneyFormats.get(currency);
  if (known !== undefined) return known;
  const made = new Intl.NumberFormat(LOCALE, {
    style: "currency",
    currency,
    currencyDisplay: "narrowSymbol",
    minimumFractionDigits: 2,
    maximumFractionDigits: 6,
  });
  moneyFormats.set(currency, made);
  return made;
}

/** At least two decimals and as many as the amount has, up to the API's six. */
export const money = (amount: number, currency: string): string =>
  moneyFormat(currency).format(amount);
