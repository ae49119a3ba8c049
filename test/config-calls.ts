/**
 * What does a matcher see of a call in the tests? A `CallView` made from a line of Python-like text.
 *
 * `call('subprocess.Popen', { arguments: [...] })` is a call of an imported name; `call('self.api.create', { imported: false })` one of an
 * expression. Arguments are literals; `{ dynamic: true }` stands for a computed one.
 */
import type { ArgumentValue, CallView } from '../src/config/call-view.ts';

export interface CallOptions {
  /** Is the callee an imported or builtin name? Default: yes, unless it begins with `self.`, `cls.` or a lower-case `x.`. */
  readonly imported?: boolean;
  readonly positional?: readonly ArgumentValue[];
  readonly keywords?: Readonly<Record<string, ArgumentValue>>;
  readonly types?: readonly string[];
  readonly managers?: readonly string[];
  readonly bases?: readonly string[];
}

export function call(callee: string, options: CallOptions = {}): CallView {
  const imported = options.imported ?? !/^(self|cls|x)\./.test(callee);
  return {
    importPath: imported ? callee : undefined,
    method: callee.slice(callee.lastIndexOf('.') + 1),
    hasReceiver: callee.includes('.'),
    expression: () => callee,
    receiverTypes: () => options.types ?? [],
    argument: (index, name) => (index === null ? undefined : options.positional?.[index]) ?? (name === null ? undefined : options.keywords?.[name]),
    enclosingManagers: () => options.managers ?? [],
    classBases: () => options.bases ?? [],
  };
}

export const constant = (value: string | number | boolean | null): ArgumentValue => ({ constant: value });
export const dynamic: ArgumentValue = { dynamic: true };
