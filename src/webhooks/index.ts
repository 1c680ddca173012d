export { sealedWebhookColumns } from './endpoint-store.ts';
export { createWebhooks, type Webhooks } from './webhooks.ts';
