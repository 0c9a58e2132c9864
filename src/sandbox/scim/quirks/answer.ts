/** What a request is answered; without a body where there is nothing to show. */
export interface Answer {
  readonly status: number;
  readonly body?: unknown;
  readonly etag?: string;
}

/** A request or an operation that can't be done. */
export class Refused extends Error {
  readonly status: number;
  readonly scimType: string | undefined;
  constructor(status: number, message: string, scimType?: string) {
    super(message);
    this.status = status;
    this.scimType = scimType;
  }
}

const ERROR = 'urn:ietf:params:scim:api:messages:2.0:Error';

/** A refusal as SCIM words it (RFC 7644 §3.12). */
export function refusal({ status, scimType, message: detail }: Refused): Answer {
  return { status, body: { schemas: [ERROR], status: String(status), ...(scimType === undefined ? {} : { scimType }), detail } };
}
