import { NavLink, type NavLinkProps } from '@mantine/core';
import { createLink } from '@tanstack/react-router';
import type { LinkAttributes } from './links.tsx';

/** One entry of the navigation. */
export const NavItem = createLink((props: LinkAttributes<NavLinkProps>) => (
  <NavLink component="a" {...props} />
));
