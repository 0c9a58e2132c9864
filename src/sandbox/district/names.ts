/** A name as its owner writes it, and in Latin letters where those differ. */
type Written = string | readonly [native: string, latin: string];

/** Given and family names that go together; `share` is how many people of a hundred. The names are ordinary ones and nobody's in particular. */
export interface NameStock {
  readonly share: number;
  readonly given: readonly Written[];
  readonly family: readonly Written[];
}

export const NAME_STOCKS: readonly NameStock[] = [
  {
    share: 26,
    given: [
      'Ann',
      'Ben',
      'Carol',
      'Daniel',
      'Emily',
      'Frank',
      'Grace',
      'Henry',
      'Isla',
      'Jack',
      'Kate',
      'Liam',
      'Megan',
      'Noah',
      'Olivia',
      'Peter',
      'Rose',
      'Sam',
      'Tess',
      'Will',
      'Mary-Jane',
      'Jean-Luc',
    ],
    family: [
      "O'Neil",
      "O'Brien",
      "D'Angelo",
      'Smith-Jones',
      'McAllister',
      'Baker',
      'Carter',
      'Dixon',
      'Ellis',
      'Foster',
      'Graham',
      'Hughes',
      'Irving',
      'Jenkins',
      'Kerr',
      'Lawson',
      'Marsh',
      'Norris',
      'Parker',
      'Quinn',
      'Reed',
      'Shaw',
      'Turner',
      'Underwood',
      'Vance',
      'Webb',
    ],
  },
  {
    share: 18,
    given: ['Ana', 'José', 'María', 'Luis', 'Sofía', 'Raúl', 'Inés', 'Andrés', 'Lucía', 'Martín', 'Begoña', 'Íñigo', 'Ximena', 'Tomás'],
    family: ['Ruiz', 'Muñoz', 'García', 'Núñez', 'Peña', 'Ibáñez', 'de la Cruz', 'Domínguez', 'Álvarez', 'Castañeda', 'López', 'Ortega', 'Sáenz', 'Zúñiga'],
  },
  {
    share: 8,
    given: ['Zoé', 'François', 'Chloé', 'Benoît', 'Anaïs', 'Gaël', 'Hélène', 'Loïc', 'Maëlle', 'Rémi'],
    family: ['Lefèvre', 'Dupré', "L'Hôte", 'Gérard', 'Besançon', 'Moreau', "d'Aubigné", 'Château', 'Forêt', 'Girardin'],
  },
  {
    share: 8,
    given: ['Łukasz', 'Zofia', 'Żaneta', 'Jiří', 'Věra', 'Ondřej', 'Šárka', 'Ágnes', 'Győző', 'Ștefan', 'Ioana', 'Đorđe'],
    family: ['Wiśniewski', 'Dąbrowska', 'Źrebiec', 'Dvořák', 'Černá', 'Říha', 'Szőke', 'Nagy', 'Țepeș', 'Brâncuș', 'Šarić', 'Kovač'],
  },
  {
    share: 6,
    given: ['Åsa', 'Jörg', 'Søren', 'Björk', 'Käthe', 'Øyvind', 'Jürgen', 'Þóra', 'Günther', 'Ebba'],
    family: ['Østergård', 'Müller', 'Weiß', 'Sjöberg', 'Jónsdóttir', 'Krüger', 'Ångström', 'Bæk', 'von der Höhe', 'Lindqvist'],
  },
  {
    share: 7,
    given: ['Nguyên', 'Thảo', 'Đức', 'Hương', 'Quốc', 'Ngọc', 'Tuấn', 'Ánh'],
    family: ['Trần', 'Lê', 'Phạm', 'Hoàng', 'Đặng', 'Bùi', 'Võ', 'Đỗ'],
  },
  {
    share: 7,
    given: ['Amara', 'Kwame', 'Chidi', 'Ngozi', 'Adébáyọ̀', 'Zainab', 'Thandiwe', 'Sibusiso', 'Wanjirũ', 'Kofi'],
    family: ['Okafor', 'Mensah', 'Adéyẹmí', 'Nkosi', 'Mwangi', 'Diallo', "N'Diaye", 'Abiodun', 'Owusu', 'Dlamini'],
  },
  {
    share: 2,
    given: [
      ['Дмитрий', 'Dmitri'],
      ['Ольга', 'Olga'],
      ['Сергей', 'Sergei'],
      ['Наталья', 'Natalia'],
    ],
    family: [
      ['Иванов', 'Ivanov'],
      ['Кузнецов', 'Kuznetsov'],
      ['Соловьёв', 'Solovyov'],
    ],
  },
  {
    share: 2,
    given: [
      ['Олексій', 'Oleksii'],
      ['Юлія', 'Yuliia'],
      ['Тарас', 'Taras'],
    ],
    family: [
      ['Шевченко', 'Shevchenko'],
      ['Коваленко', 'Kovalenko'],
      ['Ткачук', 'Tkachuk'],
    ],
  },
  {
    share: 2,
    given: [
      ['美咲', 'Misaki'],
      ['大翔', 'Hiroto'],
      ['さくら', 'Sakura'],
      ['健太', 'Kenta'],
    ],
    family: [
      ['田中', 'Tanaka'],
      ['佐藤', 'Sato'],
      ['渡辺', 'Watanabe'],
    ],
  },
  {
    share: 3,
    given: [
      ['伟', 'Wei'],
      ['秀英', 'Xiuying'],
      ['子轩', 'Zixuan'],
      ['芳', 'Fang'],
    ],
    family: [
      ['王', 'Wang'],
      ['陈', 'Chen'],
      ['欧阳', 'Ouyang'],
    ],
  },
  {
    share: 2,
    given: [
      ['서연', 'Seoyeon'],
      ['민준', 'Minjun'],
      ['지우', 'Jiwoo'],
      ['하은', 'Haeun'],
    ],
    family: [
      ['김', 'Kim'],
      ['박', 'Park'],
      ['최', 'Choi'],
      ['정', 'Jeong'],
    ],
  },
  {
    share: 3,
    given: [
      ['فاطمة', 'Fatima'],
      ['محمد', 'Mohammed'],
      ['ليلى', 'Layla'],
      ['يوسف', 'Youssef'],
    ],
    family: [
      ['الحسيني', 'Al-Husseini'],
      ['حداد', 'Haddad'],
      ['منصور', 'Mansour'],
    ],
  },
  {
    share: 1,
    given: [
      ['שרה', 'Sarah'],
      ['נועם', 'Noam'],
    ],
    family: [
      ['כהן', 'Cohen'],
      ['לוי', 'Levi'],
    ],
  },
  {
    share: 2,
    given: [
      ['अनन्या', 'Ananya'],
      ['रोहन', 'Rohan'],
      ['प्रिया', 'Priya'],
      ['अर्जुन', 'Arjun'],
    ],
    family: [
      ['शर्मा', 'Sharma'],
      ['पटेल', 'Patel'],
      ['सिंह', 'Singh'],
    ],
  },
  {
    share: 1,
    given: [
      ['கவிதா', 'Kavitha'],
      ['முருகன்', 'Murugan'],
    ],
    family: [
      ['குமார்', 'Kumar'],
      ['ராமன்', 'Raman'],
    ],
  },
  {
    share: 1,
    given: [
      ['Γιώργος', 'Giorgos'],
      ['Ελένη', 'Eleni'],
    ],
    family: [
      ['Παπαδόπουλος', 'Papadopoulos'],
      ['Νικολάου', 'Nikolaou'],
    ],
  },
  {
    share: 1,
    given: [
      ['ሰላም', 'Selam'],
      ['ዳዊት', 'Dawit'],
    ],
    family: [
      ['ተስፋዬ', 'Tesfaye'],
      ['በቀለ', 'Bekele'],
    ],
  },
];

/** The Latin writing of a name. */
export function latin(name: Written): string {
  return typeof name === 'string' ? name : name[1];
}

/** The name as its owner writes it. */
export function native(name: Written): string {
  return typeof name === 'string' ? name : name[0];
}
