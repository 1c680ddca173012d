import { TextInput, type TextInputProps } from '@mantine/core';

/** Where a code of an authenticator app is typed; browsers and phones offer to fill it in. */
export function CodeField(props: TextInputProps) {
  return (
    <TextInput
      autoComplete="one-time-code"
      inputMode="text"
      autoCapitalize="none"
      spellCheck={false}
      maxLength={20}
      {...props}
    />
  );
}
