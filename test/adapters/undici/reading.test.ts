import { describe, expect, it } from 'vitest';
import { faultOf, listAll } from '../../contracts/target.ts';
import { playing } from './playing.ts';
import { scim } from './stub.ts';

const ERROR = 'urn:ietf:params:scim:api:messages:2.0:Error';

describe('a listing of a target', () => {
  const users = (count: number) => Array.from({ length: count }, (_, index) => ({ id: String(index + 1), userName: `u${index + 1}` }));

  it('asks before each page, from 1 and by 100, and ends where the server answers 400 past the end', async () => {
    const all = users(150);
    const { target, stub } = await playing((response, { url }) => {
      const query = new URL(url, 'http://stub').searchParams;
      const start = Number(query.get('startIndex'));
      const part = all.slice(start - 1, start - 1 + Number(query.get('count')));
      if (part.length === 0) scim(400, { schemas: [ERROR], status: '400', detail: 'startIndex is too large' })(response);
      else scim(200, { totalResults: 150, Resources: part })(response);
    });
    const { users: listed, end } = await listAll(target);
    expect(listed).toHaveLength(150);
    expect(end.complete).toBe(true);
    expect(stub.heard.map(({ url }) => url)).toEqual([1, 101, 151].map((start) => `/scim/v2/Users?startIndex=${start}&count=100`));
  });

  it('S23 fails where a page fails, rather than end early', async () => {
    const { target } = await playing((response, { url }) =>
      url.includes('startIndex=1&') ? scim(200, { totalResults: 150, Resources: users(100) })(response) : scim(503, undefined)(response),
    );
    expect(await faultOf(listAll(target))).toMatchObject({ next: 'again', status: 503 });
  });
});

describe('E12 a seat total', () => {
  it('is read under the base URL at its pointer, or null', async () => {
    const { target, stub } = await playing(scim(200, { seats: { total: 120 } }));
    expect(await target.readNumber('/Licences?kind=full', '/seats/total')).toBe(120);
    expect(await target.readNumber('Licences', '/seats/free')).toBeNull();
    expect(stub.heard.map(({ url }) => url)).toEqual(['/scim/v2/Licences?kind=full', '/scim/v2/Licences']);
  });

  it.each(['../../admin', '//elsewhere.example/x', 'https://elsewhere.example/x', '/../v1/x', '\\\\elsewhere.example\\x'])(
    'X5 is not read from %s',
    async (path) => {
      const { target, stub } = await playing(scim(200, 5));
      const read = target.readNumber(path, '').catch(() => null);
      await read;
      for (const { url } of stub.heard) expect(url.startsWith('/scim/v2/')).toBe(true);
    },
  );
});
