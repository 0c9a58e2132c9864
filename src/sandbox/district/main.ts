import { parseArgs } from 'node:util';
import { writeDistrict } from './write.ts';

const USAGE = 'usage: tsx src/sandbox/district/main.ts <folder> [--seed 1] [--people 6000] [--no-classes] [--no-broken]';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seed: { type: 'string', default: '1' },
    people: { type: 'string', default: '6000' },
    'no-classes': { type: 'boolean', default: false },
    'no-broken': { type: 'boolean', default: false },
  },
});
const [folder] = positionals;
if (folder === undefined) {
  process.stderr.write(`${USAGE}\n`);
  process.exitCode = 1;
} else {
  const written = await writeDistrict(folder, {
    seed: Number(values.seed),
    people: Number(values.people),
    classes: !values['no-classes'],
    broken: !values['no-broken'],
  });
  process.stdout.write(
    `Wrote ${written.people} people (${written.teachers} teachers) of ${written.schools} schools to ${folder}, with ${written.broken.length} broken rows.\n`,
  );
}
