import { TextInput, type TextInputProps } from '@mantine/core';
import { useState } from 'react';
import { dateText, typedDate } from '../util/dates.ts';

interface DayFieldProps extends Pick<TextInputProps, 'label' | 'description' | 'w'> {
  /** An ISO date, or empty for none. */
  value: string;
  onChange: (date: string) => void;
  /** Told whether what is typed is no day, so that nobody acts on the day before it. */
  onWrong?: (isWrong: boolean) => void;
}

/** A day as it is typed, shown as days are written everywhere; told on as soon as it is a real one. */
export function DayField({ value, onChange, onWrong, ...input }: DayFieldProps) {
  const [typed, setTyped] = useState<string | null>(null);
  const [isWrong, setWrong] = useState(false);
  const type = (text: string) => {
    setTyped(text);
    setWrong(false);
    const date = text.trim() === '' ? '' : typedDate(text);
    if (date !== null && date !== value) onChange(date);
    onWrong?.(date === null);
  };
  const leave = () => {
    if (typed === null) return;
    const isRead = typed.trim() === '' || typedDate(typed) !== null;
    setWrong(!isRead);
    if (isRead) setTyped(null);
  };
  return (
    <TextInput
      {...input}
      placeholder="3 Apr 2026"
      autoComplete="off"
      w={input.w ?? 150}
      value={typed ?? (value && dateText(value))}
      error={isWrong && 'Write a day such as 3 Apr 2026'}
      onChange={(event) => type(event.currentTarget.value)}
      onBlur={leave}
    />
  );
}
