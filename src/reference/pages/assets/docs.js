Scalar.createApiReference("#reference", {
  url: "/openapi.json",
  withDefaultFonts: false,
  telemetry: false,
  agent: { disabled: true },
  mcp: { disabled: true },
  hideClientButton: true,
  showDeveloperTools: "never",
  defaultOpenAllTags: true,
  showOperationId: true,
  // The links of the guide end in it: see viewerPath.
  generateOperationSlug: ({ operationId }) => operationId,
  hiddenClients: true,
  authentication: { preferredSecurityScheme: "apiKey" },
});
