import './ui/mantine.css';
import './ui/global.css';
import { MantineProvider } from '@mantine/core';
import { QueryClientProvider } from '@tanstack/react-query';
import { CatchBoundary, RouterProvider } from '@tanstack/react-router';
import { StrictMode, Suspense } from 'react';
import { createRoot } from 'react-dom/client';
import { queryClient } from './api/queries.ts';
import { router } from './routes.tsx';
import { PlainMessages } from './ui/plain-messages.tsx';
import { colourSchemes, cssVariables, theme } from './ui/theme.ts';
import { sayDrawn, soon } from './util/soon.ts';

const Overlays = soon(async () => (await import('./ui/overlays.tsx')).Overlays);

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root to draw in');

router.subscribe('onRendered', sayDrawn);

createRoot(root).render(
  <StrictMode>
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariables}
      colorSchemeManager={colourSchemes}
      defaultColorScheme="auto"
      deduplicateCssVariables={false}
    >
      <QueryClientProvider client={queryClient}>
        <RouterProvider router={router} />
        <CatchBoundary getResetKey={() => 'overlays'} errorComponent={PlainMessages}>
          <Suspense>
            <Overlays />
          </Suspense>
        </CatchBoundary>
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
);
