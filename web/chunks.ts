const mantine = (folder: string, names: string) =>
  new RegExp(String.raw`@mantine[\\/]${folder}[\\/](${names})`);

/** What the frame behind sign-in and the lists are made of, beyond what signing in is. */
const PARTS = [
  /@tabler|@tanstack[\\/](query-core|react-query)/,
  mantine('core[\\\\/]esm', 'core|utils[\\\\/](InlineInput|InputsGroup)'),
  mantine(
    'core[\\\\/]esm[\\\\/]components',
    'Accordion|Avatar|Badge|Burger|Checkbox|Collapse|Kbd|List|NavLink|SimpleGrid',
  ),
  mantine('hooks[\\\\/]esm', 'utils|use-(collapse|debounced|disclosure|hotkeys|merged)'),
  /web[\\/](api|table)[\\/]|web[\\/]util[\\/]dates/,
  /web[\\/]ui[\\/](act-menu|amount|empty|guarded-button|later|not-allowed|select|state-badge|states)\.tsx?/,
];

/** What opens over a page, and no page needs to be drawn. */
const POPUPS = [
  /@floating-ui|web[\\/]ui[\\/]dialog/,
  mantine(
    'core[\\\\/]esm[\\\\/]components',
    'Combobox|FocusTrap|Menu|Modal|Overlay|Popover|Portal|ScrollArea|Select|Tooltip',
  ),
  mantine('core[\\\\/]esm[\\\\/]utils', 'Floating'),
  mantine('hooks[\\\\/]esm', 'use-focus-trap'),
];

const anyOf = (patterns: readonly RegExp[]) => (id: string) =>
  patterns.some((pattern) => pattern.test(id));

/**
 * How the pages are cut into files. Whoever signs in loads `react` and `first`; the first page
 * behind it also wants `parts`, and few files of its own. What else two pages share is a small file
 * each. A group takes along what its modules import, unless an earlier one has it: so the order counts.
 */
export const chunks = [
  { name: 'react', test: /node_modules[\\/](react|react-dom|scheduler)[\\/]/ },
  // Cut by who uses it: texts go with their pages, zod stays with the forms that check by it.
  { name: 'contract', test: /[\\/](zod|contract)[\\/]/, entriesAware: true },
  { name: 'first', tags: ['$initial' as const] },
  { name: 'parts', test: anyOf(PARTS), minShareCount: 2 },
  { name: 'popups', test: anyOf(POPUPS) },
];
