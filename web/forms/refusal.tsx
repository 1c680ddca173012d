import { Alert, Anchor, List, Stack } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import { IconUsers } from '@tabler/icons-react';
import { type ReactNode, useEffect, useRef } from 'react';
import type { ErrorCode, Problem } from '#contract/errors';
import { fieldMessages, hasCode, problemOf } from '../api/errors.ts';
import { ProblemAlert } from '../ui/problem.tsx';

/** Fields show the server's messages until they are typed in again. */
export function withServerMessages<Values>(
  form: UseFormReturnType<Values>,
  error: unknown,
): UseFormReturnType<Values> {
  const messages = error ? fieldMessages(error) : {};
  return {
    ...form,
    getInputProps: (path, options) => {
      const props = form.getInputProps(path, options);
      return { ...props, error: props.error ?? messages[String(path)] };
    },
  };
}

interface Similar {
  href: string;
  name: string;
  number: string;
}

interface RefusalProps {
  error: unknown;
  /** The warning that one like it is here, and who that is. */
  duplicate: { code: ErrorCode; similarIn: (problem: Problem) => readonly Similar[] };
  onConflict: ReactNode;
  /** The button to save all the same. */
  children: ReactNode;
}

/** Why a save was refused, with what can be done about it. */
export function Refusal({ error, duplicate, onConflict, children }: RefusalProps) {
  if (!error) return null;
  if (hasCode(error, duplicate.code)) {
    const problem = problemOf(error);
    return (
      <Duplicate problem={problem} similar={duplicate.similarIn(problem)}>
        {children}
      </Duplicate>
    );
  }
  return (
    <ProblemAlert error={error} takesFocus>
      {hasCode(error, 'request.conflict') && onConflict}
    </ProblemAlert>
  );
}

interface DuplicateProps {
  problem: Problem;
  similar: readonly Similar[];
  children: ReactNode;
}

function Duplicate({ problem, similar, children }: DuplicateProps) {
  const box = useRef<HTMLDivElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each new warning takes the focus
  useEffect(() => box.current?.focus(), [problem]);
  return (
    <Alert
      ref={box}
      tabIndex={-1}
      role="alert"
      color="amber"
      title={problem.title}
      icon={<IconUsers aria-hidden />}
    >
      <Stack gap="sm" align="flex-start">
        {problem.way}
        <List size="sm">
          {similar.map(({ href, name, number }) => (
            <List.Item key={href}>
              <Anchor href={href} target="_blank" rel="noreferrer" underline="always">
                {name}
              </Anchor>
              , <span className="figures">{number}</span>
            </List.Item>
          ))}
        </List>
        {children}
      </Stack>
    </Alert>
  );
}

/** Moves to the first field that needs correcting, as a person would. */
export function focusField(path: string | undefined): void {
  document.querySelector<HTMLElement>(`[data-path="${path}"]`)?.focus();
}
