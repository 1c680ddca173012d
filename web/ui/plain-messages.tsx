import { Alert, Button, Stack, Text } from '@mantine/core';
import { takeToasts, useToasts } from '../stores/toast.ts';

/** Older ones come up as newer ones are closed. */
const SHOWN_MAX = 4;

/**
 * Messages where what draws them else can't be loaded, since the network or this build is gone. They
 * come with the first page, and stay until they are closed.
 */
export function PlainMessages() {
  return (
    <Stack pos="fixed" bottom={16} left={16} right={16} maw={440} ml="auto" style={{ zIndex: 400 }}>
      {useToasts()
        .slice(-SHOWN_MAX)
        .map((toast) => {
          const close = () => takeToasts([toast]);
          const { title, message, colour, offer } = toast;
          return (
            <Alert
              key={toast.id}
              variant="filled"
              color={colour}
              {...(title ? { title } : {})}
              withCloseButton
              closeButtonLabel="Close message"
              onClose={close}
            >
              <Text size="sm">{message}</Text>
              {offer && (
                <Button
                  size="compact-sm"
                  variant="default"
                  onClick={() => {
                    close();
                    offer.run();
                  }}
                >
                  {offer.label}
                </Button>
              )}
            </Alert>
          );
        })}
    </Stack>
  );
}
