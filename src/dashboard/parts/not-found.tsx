export const NotFound = () => (
  <main class="page page-narrow">
    <h1>There is nothing here</h1>
    <p>
      <a href="/dashboard">All groups</a>
    </p>
  </main>
);
