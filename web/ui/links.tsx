import { Anchor, type AnchorProps, Button, type ButtonProps } from '@mantine/core';
import { createLink } from '@tanstack/react-router';
import type { AnchorHTMLAttributes, Ref } from 'react';

export type LinkAttributes<Own> = Own &
  Omit<AnchorHTMLAttributes<HTMLAnchorElement>, keyof Own> & { ref?: Ref<HTMLAnchorElement> };

const CreatedTextLink = createLink((props: LinkAttributes<AnchorProps>) => <Anchor {...props} />);

/** A link in text. It is the current page only at that very address, not in the pages below it. */
export const TextLink: typeof CreatedTextLink = (props) => (
  <CreatedTextLink activeOptions={{ exact: true }} {...props} />
);

/** A link that looks like a button, for going somewhere to do something. */
export const ButtonLink = createLink((props: LinkAttributes<ButtonProps>) => (
  <Button component="a" {...props} />
));
