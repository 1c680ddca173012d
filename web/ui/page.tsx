import { Box, Group, Stack, Text, Title } from '@mantine/core';
import { type ReactNode, useEffect, useRef } from 'react';

interface PageProps {
  /** The one `h1` of the page, and the window's title. */
  title: string;
  /** What the window's title says, where it differs from the heading. */
  windowTitle?: string;
  lead?: ReactNode;
  /** A line above the heading: where this page belongs. */
  above?: ReactNode;
  /** Beside the heading: states. */
  beside?: ReactNode;
  /** Buttons at the right. */
  actions?: ReactNode;
  /** Largest width in px of pages that are read or filled in rather than scanned. */
  width?: number;
  children: ReactNode;
}

/** Set once the first page has been drawn: the browser places the focus of a first load itself. */
let hasNavigated = false;

/** The frame of every page: window title, heading that takes the focus after navigation, content. */
export function Page(props: PageProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  const { title, windowTitle = title } = props;
  useEffect(() => {
    document.title = `${windowTitle} · Bursar`;
  }, [windowTitle]);
  useEffect(() => {
    if (hasNavigated) heading.current?.focus({ preventScroll: true });
    hasNavigated = true;
  }, []);
  return (
    <Box maw={1280} mx="auto" w="100%">
      <Stack gap="lg" maw={props.width}>
        <Group justify="space-between" align="flex-end" gap="md">
          <Stack gap={4} style={{ flex: '1 1 280px', minWidth: 0 }}>
            {props.above}
            <Group gap="sm" align="center">
              <Title order={1} ref={heading} tabIndex={-1} style={{ overflowWrap: 'anywhere' }}>
                {title}
              </Title>
              {props.beside}
            </Group>
            {props.lead && (
              <Text c="dimmed" size="sm" component="div" maw={720}>
                {props.lead}
              </Text>
            )}
          </Stack>
          {props.actions && <Group gap="xs">{props.actions}</Group>}
        </Group>
        {props.children}
      </Stack>
    </Box>
  );
}
