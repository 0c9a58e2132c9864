/** A school of the district, and the grades taught there. */
export interface School {
  readonly id: string;
  readonly name: string;
  readonly grades: readonly string[];
}

/** School names; more schools than this repeat them with a number. */
const SCHOOL_NAMES: readonly string[] = [
  'North High',
  'Eastside High',
  'Harbor High',
  'Lincoln Middle',
  'Cedar Creek Middle',
  'Peñasco Middle',
  'Oak Grove Elementary',
  "St. Mary's Elementary",
  'Maple Street Elementary',
  'Sunny Slope Elementary',
  'Little Falls Elementary',
  'Valley View Elementary',
];

/** The departments of every school. */
export const DEPARTMENTS: readonly string[] = ['Mathematics', 'Science', 'Languages', 'Arts & Music', 'Physical Education'];

/** One school for every 500 people, at least twelve. */
export function schoolsFor(people: number): readonly School[] {
  const count = Math.max(SCHOOL_NAMES.length, Math.floor(people / 500));
  return Array.from({ length: count }, (_, index) => {
    const base = SCHOOL_NAMES[index % SCHOOL_NAMES.length] ?? 'School';
    const round = Math.floor(index / SCHOOL_NAMES.length);
    return { id: `SCH-${String(index + 1).padStart(3, '0')}`, name: round === 0 ? base : `${base} ${round + 1}`, grades: gradesOf(base) };
  });
}

function gradesOf(school: string): readonly string[] {
  if (school.endsWith('High')) return ['09', '10', '11', '12'];
  return school.endsWith('Middle') ? ['06', '07', '08'] : ['KG', '01', '02', '03', '04', '05'];
}
