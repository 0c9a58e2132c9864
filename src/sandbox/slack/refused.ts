import type { Dict } from './json.ts';

/** The Web API says no: `{ok: false, error: code, ...extra}` with HTTP 200, as Slack does. */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly code: string;
  readonly extra: Dict;
  constructor(code: string, extra: Dict = {}) {
    super(code);
    this.code = code;
    this.extra = extra;
  }
}
