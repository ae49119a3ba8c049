/**
 * Which texts are credentials by their form alone? The published formats of access keys, each with a prefix nobody writes by accident.
 *
 * A form is listed only where its letters and length leave no other reading; passwords, hashes and private keys made for the test are not
 * here. `isPlaceholder` takes away what is written to look like one: examples of the documentation, counted-up digits, repeated letters.
 */

export interface KeyFormat {
  readonly what: string;
  readonly pattern: string;
}

/** Joined into one expression: a file is scanned once. */
export const KEY_FORMATS: readonly KeyFormat[] = [
  { what: 'an AWS access key', pattern: '(?:AKIA|ASIA)[A-Z2-7]{16}' },
  { what: 'a GitHub token', pattern: 'gh[pousr]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59}' },
  { what: 'a GitLab token', pattern: 'glpat-[A-Za-z0-9_-]{20}' },
  { what: 'a Slack token', pattern: 'xox[abprs]-\\d{10,13}-\\d{10,13}-[A-Za-z0-9-]{24,}' },
  { what: 'a Stripe live key', pattern: '(?:sk|rk)_live_[A-Za-z0-9]{24,99}' },
  { what: 'a Google API key', pattern: 'AIza[A-Za-z0-9_-]{35}' },
  { what: 'a SendGrid key', pattern: 'SG\\.[A-Za-z0-9_-]{22}\\.[A-Za-z0-9_-]{43}' },
  { what: 'an npm token', pattern: 'npm_[A-Za-z0-9]{36}' },
  { what: 'a PyPI token', pattern: 'pypi-AgEIcHlwaS5vcmc[A-Za-z0-9_-]{50,}' },
  { what: 'a Hugging Face token', pattern: 'hf_[A-Za-z]{34}' },
  { what: 'a DigitalOcean token', pattern: 'do[opr]_v1_[a-f0-9]{64}' },
  { what: 'an OpenAI key', pattern: 'sk-(?:proj-)?[A-Za-z0-9_-]{20,74}T3BlbkFJ[A-Za-z0-9_-]{20,74}' },
  { what: 'an Azure storage key', pattern: 'AccountKey=[A-Za-z0-9+/]{86}==' },
];

/** Fewer different letters than this in the part after the prefix: typed, not generated. Sixteen random letters of 32 have 12 or 13. */
const MIN_DIFFERENT = 9;

/** True where somebody has written a text of that form by hand. */
export function isPlaceholder(text: string, around: string): boolean {
  const body = text.replace(
    /^(AKIA|ASIA|AIza|[a-z]+_live_|gh[pousr]_|github_pat_|glpat-|xox[abprs]-|SG\.|npm_|pypi-AgEIcHlwaS5vcmc|hf_|do[opr]_v1_|sk-(proj-)?|AccountKey=)/,
    '',
  );
  if (
    /example|sample|dummy|fake|placeholder|redacted|notreal|invalid|test|secret|abcdef|qwerty|01234|12345|98765|xxxx|foobar|EXAMPLE|TEST/i.test(body)
  )
    return true;
  if (/(.)\1{3}/.test(body) || new Set(body).size < MIN_DIFFERENT) return true;
  // The account key that every installation of the storage emulator has, printed in its manual.
  if (body.startsWith('Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1')) return true;
  return /EXAMPLE|not a real|revoked|deactivated|devstoreaccount/i.test(around);
}
