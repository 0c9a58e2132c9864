import { TargetFault } from '../../domain/connectors/target-error.ts';

/** `/Users/<id>`. An id that would name another resource than one is refused before anything is sent. */
export function resourcePath(collection: 'Users' | 'Groups', id: string): string {
  if (id === '' || id === '.' || id === '..') throw refusalOf('refused', `“${id}” can't be the id of one resource.`);
  return `/${collection}/${encodeURIComponent(id)}`;
}

/** A fault of ours: nothing was sent, or the answer is of no use. */
export function refusalOf(next: 'refused' | 'unusable', message: string): TargetFault {
  return new TargetFault({ next, status: null, scimType: null, message, maybeWritten: false, retryAfter: null });
}
