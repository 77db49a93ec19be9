/** Labelled controls of forms. */
import { type ReactNode, useId } from "react";

interface SelectProps {
  label: ReactNode;
  value: string;
  /** Value → what people read. */
  options: Record<string, string>;
  onChange: (value: string) => void;
}

export function Select({ label, value, options, onChange }: SelectProps) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <Options id={id} value={value} options={options} onChange={onChange} />
    </div>
  );
}

/** A choice within a sentence: its label is heard, the words around it are read. */
export function Choice({ label, value, options, onChange }: SelectProps & { label: string }) {
  return <Options label={label} value={value} options={options} onChange={onChange} />;
}

function Options(props: Omit<SelectProps, "label"> & { id?: string; label?: string }) {
  return (
    <select
      id={props.id}
      aria-label={props.label}
      value={props.value}
      onChange={(event) => props.onChange(event.target.value)}
    >
      {Object.entries(props.options).map(([key, name]) => (
        <option key={key} value={key}>
          {name}
        </option>
      ))}
    </select>
  );
}

interface DateFieldProps {
  label: string;
  value: string;
  min?: string | undefined;
  max?: string | undefined;
  isNeeded?: boolean;
  onChange: (value: string) => void;
}

export function DateField({ label, value, min, max, isNeeded, onChange }: DateFieldProps) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        type="date"
        value={value}
        min={min}
        max={max}
        required={isNeeded}
        onChange={(event) => onChange(event.target.value)}
      />
    </div>
  );
}

interface TextFieldProps {
  label: string;
  value: string;
  /** Of several lines, in letters of one width. */
  isLong?: boolean;
  onChange: (value: string) => void;
}

export function TextField({ label, value, isLong, onChange }: TextFieldProps) {
  const id = useId();
  return (
    <div className={isLong ? "field long" : "field"}>
      <label htmlFor={id}>{label}</label>
      {isLong ? (
        <textarea
          id={id}
          rows={6}
          spellCheck={false}
          value={value}
          onChange={(event) => onChange(event.target.value)}
        />
      ) : (
        <input
          id={id}
          type="text"
          maxLength={200}
          value={value}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </div>
  );
}
