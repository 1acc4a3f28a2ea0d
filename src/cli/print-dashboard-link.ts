/** Prints the address that signs in to the dashboard with the development key, for `npm run dev`. */
const { ROOT_API_KEY = "" } = process.env;
const link = `http://localhost:8787/dashboard#key=${encodeURIComponent(ROOT_API_KEY)}`;
console.log(`\nThe dashboard, signed in: ${link}\n`);
